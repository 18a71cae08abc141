import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commands } from 'vscode';
import { pdfTexts } from '../../pdfTexts.ts';
import { file } from './editor.ts';

/** Writes a figure of the active page with Export Figure, and returns its bytes. */
export const savedFigure = async (figure: number, format: string, style: object = {}): Promise<Buffer> => {
  const target = file(`figure.${format}`).fsPath;
  const question = { figure, format, file: target, ...style };
  assert.equal(await commands.executeCommand('pentimento.exportFigure', question), target);
  return readFileSync(target);
};

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The texts that an SVG file shows, in the order of drawing, each part of a text alone. */
const svgTexts = (svg: string): string[] =>
  [...svg.matchAll(/<text\b[^>]*>([\s\S]*?)<\/text>/g)].flatMap(([, content]) =>
    content
      .replace(/<title>[\s\S]*?<\/title>/g, '')
      .split(/<[^>]*>/)
      .filter((text) => text !== '')
      .map(unescaped),
  );

/** The first figures of the active page say the same in a PDF file as in an SVG file. */
export const checkWordsOfPdf = async (page: string, figures: number): Promise<void> => {
  for (let figure = 0; figure < figures; figure++) {
    const words = svgTexts((await savedFigure(figure, 'svg')).toString('utf8'));
    assert.ok(words.length > 5, `figure ${figure} of ${page} has words`);
    assert.deepEqual(pdfTexts(await savedFigure(figure, 'pdf')), words, `figure ${figure} of ${page}`);
  }
};
