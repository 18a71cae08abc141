import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandLink } from '../../../extension/shown/commandLink.ts';

/** An address as Markdown takes it up to its closing bracket, without spaces and brackets of its own. */
const LINK = /^\[Open\]\(command:x\.open\?([^\s()<>]*)\)$/;

/** The arguments as VS Code reads them: the address is decoded as it is parsed, and again by the opener of commands. */
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
