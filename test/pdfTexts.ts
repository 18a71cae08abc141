import { inflateSync } from 'node:zlib';

/**
 * Reads the texts that a PDF file fills, as its fonts map glyphs to characters (ISO 32000-1, 9.10.3), in the order of
 * drawing. Only for files whose fonts have one list of characters each, as pdfkit writes them.
 */
export const pdfTexts = (file: Uint8Array): string[] => {
  const text = Buffer.from(file).toString('latin1');
  const objectOf = (number: string): string =>
    new RegExp(`(?:^|\\n)${number} 0 obj\\n([\\s\\S]*?)\\nendobj`).exec(text)?.[1] ?? '';
  const streamOf = (body: string): string => {
    const data = /stream\n([\s\S]*)\nendstream/.exec(body)?.[1] ?? '';
    return inflateSync(Buffer.from(data, 'latin1')).toString('latin1');
  };
  const charactersOf = (font: string): string[] => {
    const [, map] = /\/ToUnicode (\d+) 0 R/.exec(objectOf(font)) ?? [];
    const [, list] = /beginbfrange\n<\w+> <\w+> \[([^\]]*)\]/.exec(streamOf(objectOf(map))) ?? [];
    // A ligature is several characters.
    return [...(list ?? '').matchAll(/<([\w ]+)>/g)].map(([, hex]) =>
      Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
    );
  };
  const fonts = new Map(
    [...text.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, number]) => [name, charactersOf(number)]),
  );
  const [, content] = /\/Contents (\d+) 0 R/.exec(text) ?? [];
  return [...streamOf(objectOf(content)).matchAll(/BT\n([\s\S]*?)ET\n/g)]
    .filter(([, drawn]) => !/^1 Tr$/m.test(drawn))
    .map(([, drawn]) => {
      const characters = fonts.get(/\/(F\d+) /.exec(drawn)?.[1] ?? '') ?? [];
      const glyphs = [...drawn.matchAll(/<(\w+)>/g)].flatMap(([, hex]) => hex.match(/.{4}/g) ?? []);
      return glyphs.map((glyph) => characters[Number.parseInt(glyph, 16)]).join('');
    });
};
