import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLink } from '../../../extension/shown/commandLink.ts';

/** An address as Markdown parses it, up to its closing parenthesis, without spaces and parentheses inside. */
const LINK = /^\[Open\]\(command:x\.open\?([^\s()<>]*)\)$/;

/**
 * The arguments as VS Code reads them: the address is decoded when it is parsed, and again when the command is opened.
 */
const readBy = (markdown: string): unknown => {
  const query = decodeURIComponent(LINK.exec(markdown)?.[1] ?? 'no link');
  return JSON.parse(decodeURIComponent(query));
};

it.each(['model (1).pt', 'a)b.pt', '((.pt', 'a%20b.pt', '100%.pt', "it's *~!.pt", 'ä [x](y) <z> "q" \\.pt'])(
  'is one link, whatever the file is called: %s',
  (name) => {
    expect(readBy(`[Open](${commandLink('x.open', [`/w/${name}`, { name }])})`)).toEqual([
      `/w/${name}`,
      { name },
    ]);
  },
);

it('gives every text back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (args) => {
      expect(readBy(`[Open](${commandLink('x.open', args)})`)).toEqual(args);
    }),
  );
});
