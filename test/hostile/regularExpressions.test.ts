import { checkSync } from 'recheck';
import { SyntaxKind } from 'typescript/unstable/ast';
import { isCallExpression, isNewExpression } from 'typescript/unstable/ast/is';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSources, placeOf, walk } from './sourceTree.ts';

/** The checker's own JavaScript: its native builds are optional packages. */
process.env.RECHECK_BACKEND = 'pure';

/** What is wrong with a pattern, or null: the time that it takes grows with the square of a text, or faster. */
const slowness = (pattern: string, flags: string): string | null => {
  const result = checkSync(pattern, flags, { timeout: 60_000, logger: undefined });
  if (result.status === 'safe') return null;
  return result.status === 'vulnerable' ? result.complexity.summary : `unknown: ${result.error.kind}`;
};

describe('regular expressions', () => {
  const literals = new Map<string, string>();
  const composed: string[] = [];

  beforeAll(() => {
    const { sources, close } = openSources();
    for (const source of sources) {
      walk(source.file, (node) => {
        if (node.kind === SyntaxKind.RegularExpressionLiteral) {
          literals.set(node.getText(), placeOf(source, node));
        }
        const isMade =
          (isNewExpression(node) || isCallExpression(node)) && node.expression.getText() === 'RegExp';
        if (isMade) composed.push(placeOf(source, node));
      });
    }
    close();
  });

  it('the checker finds patterns that backtrack', () => {
    expect(slowness('^(a+)+$', '')).toContain('exponential');
    expect(slowness('\\s*\\n', '')).toContain('polynomial');
    expect(slowness('^\\w*(?:weight|kernel)\\w*$', '')).toContain('polynomial');
    expect(slowness('^[a-z]+$', '')).toBeNull();
  });

  it('none is composed from text, where nothing could check it', () => expect(composed).toEqual([]));

  it('every one takes time in proportion to the text', () => {
    expect(literals.size).toBeGreaterThan(100);
    const slow: string[] = [];
    for (const [literal, place] of literals) {
      const end = literal.lastIndexOf('/');
      const why = slowness(literal.slice(1, end), literal.slice(end + 1));
      if (why !== null) slow.push(`${place} ${literal}: ${why}`);
    }
    expect(slow).toEqual([]);
  });
});
