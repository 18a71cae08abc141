import { isIdentifier, isPropertyAccessExpression } from 'typescript/unstable/ast/is';
import { expect, it } from 'vitest';
import { openSources, placeOf, walk } from './sourceTree.ts';

/** Text from files reaches the terminal only through this file, which passes no control character. */
const BORDER = 'src/cli/terminal.ts';

it('only the border writes to standard output and standard error', () => {
  const { sources, close } = openSources();
  const found: string[] = [];
  for (const source of sources) {
    if (source.path === BORDER) continue;
    walk(source.file, (node) => {
      if (!isPropertyAccessExpression(node) || !isIdentifier(node.expression)) return;
      const owner = node.expression.text;
      const isStream = owner === 'process' && ['stdout', 'stderr'].includes(node.name.text);
      // The HDF5 library prints; its thread suppresses that.
      const isConsole = owner === 'console' && source.path !== 'src/checkpoint/hdf5/library.ts';
      if (isStream || isConsole) found.push(placeOf(source, node));
    });
  }
  close();
  expect(found).toEqual([]);
});
