import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { pdfOf } from '../../../extension/figures/pdf.ts';
import { PDF_FONTS } from '../../../scripts/package/notices.mjs';
import type { DrawnElement, PrintedFigure } from '../../../src/protocol/messages.ts';
import { pdfTexts } from '../../pdfTexts.ts';

const [regular, bold] = PDF_FONTS.map((file) => readFileSync(file));

const node = (
  name: string,
  attributes: Record<string, string> = {},
  ...children: (DrawnElement | string)[]
): DrawnElement => ({ name, attributes, children });

/** A drawing of 100 by 50 px on 85 by 42.5 mm. */
const figure = (...children: DrawnElement[]): PrintedFigure => ({
  title: 'Spectrum of h₁',
  description: 'demo, n = 1,000 test samples',
  width: 85,
  height: 42.5,
  drawing: node('svg', { viewBox: '0 0 100 50' }, ...children),
});

const written = async (...children: DrawnElement[]) => {
  const { bytes, missing } = await pdfOf(figure(...children), { regular, bold });
  const file = Buffer.from(bytes).toString('latin1');
  // Every stream inflated: the page's content is the one that sets a matrix.
  const streams = [...file.matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, data]) => {
    try {
      return [inflateSync(Buffer.from(data, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
  const content = streams.find((stream) => / cm\n/.test(stream)) ?? '';
  return { bytes, file, content, missing };
};

describe('a figure as a PDF file', () => {
  it('has one page of its size, and says what it is', async () => {
    const { file } = await written();
    expect(file.startsWith('%PDF-1.')).toBe(true);
    const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(file);
    // 85 mm are 240.94 points.
    expect(Number(box?.[1])).toBeCloseTo(240.945, 2);
    expect(Number(box?.[2])).toBeCloseTo(120.472, 2);
    expect(file.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(file).toContain('(demo, n = 1,000 test samples)');
    expect(file).toContain('(Pentimento)');
    // A title with a subscript is in UTF-16.
    const title = Buffer.from('\ufeffSpectrum of h₁', 'utf16le').swap16().toString('latin1');
    expect(file).toContain(`(${title})`);
  });

  it('draws shapes as vectors, in their colours and widths', async () => {
    const { content } = await written(
      node('rect', { x: '1', y: '2', width: '30', height: '4', fill: 'rgb(255, 0, 51)' }),
      node('line', { x2: '10', y1: '5', y2: '5', stroke: '#0000ff', 'stroke-width': '1.6px' }),
      node('path', { d: 'M0,0L5,5', fill: 'none', stroke: 'rgb(0, 0, 0)', 'stroke-dasharray': '6px, 3px' }),
    );
    const commands = content.split('\n');
    const red = commands.indexOf('1 2 30 4 re');
    expect(commands.slice(red - 2, red)).toContain('1 0 0.2 scn');
    expect(commands[red + 1]).toBe('f');
    expect(commands).toContain('0 0 1 SCN');
    expect(commands).toContain('1.6 w');
    expect(commands).toContain('[6 3] 0 d');
    expect(commands.filter((command) => command === 'S')).toHaveLength(2);
  });

  it('inherits styles, places groups, and leaves out what has no colour', async () => {
    const { content } = await written(
      node(
        'g',
        { transform: 'translate(10,20) rotate(90)', fill: 'rgb(0, 255, 0)' },
        node('rect', { width: '1', height: '1' }),
        node('rect', { width: '2', height: '2', fill: 'none' }),
        node('svg', { x: '3', y: '4' }, node('circle', { r: '5', opacity: '0.5' })),
      ),
      node('title', {}, 'not drawn'),
    );
    expect(content).toContain('1 0 0 1 10 20 cm');
    expect(content).toMatch(/\n0 1 -1 0 0 0 cm/);
    expect(content).toContain('1 0 0 1 3 4 cm');
    expect(content.match(/0 1 0 scn/g)).toHaveLength(2);
    expect(content.match(/ re\n/g)).toHaveLength(1);
    expect(content.match(/ gs\n/g)).toHaveLength(1);
    expect(content.match(/^q$/gm)).toHaveLength(content.match(/^Q$/gm)?.length ?? -1);
  });

  it('refuses an element that it cannot draw, rather than leaving it out', async () => {
    await expect(written(node('polygon', { points: '0,0 1,1' }))).rejects.toThrow('polygon');
  });
});

describe('texts in a PDF file', () => {
  let everySign = '';
  beforeAll(() => {
    const texts = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as Record<string, unknown>;
    everySign = [...new Set(Object.keys(texts).join(''))].join('');
  });

  it('can be read again: Greek, subscripts and signs', async () => {
    const signs = 'σλΣα₁²−×≈★→ first, affine';
    const { bytes, missing, file } = await written(node('text', { x: '1', y: '9' }, signs));
    expect(missing).toEqual([]);
    expect(pdfTexts(bytes)).toEqual([signs]);
    expect(file).toContain('DejaVuSansCondensed');
  });

  it('has every sign of our own words, in both fonts', async () => {
    const { missing } = await written(
      node('text', {}, everySign),
      node('text', { 'font-weight': '600' }, everySign),
    );
    // A new sign needs a font that has it.
    expect(missing).toEqual([]);
  });

  it('names the characters that its fonts lack, once each', async () => {
    const { missing } = await written(node('text', {}, '層 conv 層'), node('text', {}, '一'));
    expect(missing).toEqual(['層', '一']);
  });

  /** The glyphs of each drawn text and where it starts, in the order of drawing. */
  const drawnTexts = (content: string) =>
    [...content.matchAll(/1 0 0 1 ([\d.]+) [\d.]+ Tm\n([\s\S]*?)ET/g)].map(([, x, rest]) => ({
      x: Number(x),
      glyphs: [...rest.matchAll(/<([0-9a-f]+)>/gi)].map(([, hex]) => hex).join(''),
      font: /\/(F\d+) /.exec(rest)?.[1],
      // The text rendering mode of PDF: 0, its default, fills; 1 strokes.
      mode: Number(/^([0-7]) Tr$/m.exec(rest)?.[1] ?? 0),
    }));

  it('do not repeat the full name that a text has for the pointer', async () => {
    const plain = await written(node('text', { x: '50', y: '9', 'text-anchor': 'end' }, 'conv'));
    const named = await written(
      node('text', { x: '50', y: '9', 'text-anchor': 'end' }, 'conv', node('title', {}, 'encoder.conv 層')),
    );
    expect(named.content).toBe(plain.content);
    expect(named.missing).toEqual([]);
  });

  it('continue after a gap, in the style of their part', async () => {
    const part = node('tspan', { dx: '8', fill: 'rgb(0, 0, 255)', 'font-weight': '400' }, 'mm');
    const bold = { y: '9', 'font-size': '10px', 'font-weight': '600' };
    const { content } = await written(node('text', { x: '4', ...bold }, 'mmm', part));
    const [name, direction] = drawnTexts(content);
    expect(name.x).toBe(4);
    expect(direction.font).not.toBe(name.font);
    expect(content).toContain('0 0 1 scn');
    // Three m in DejaVu Sans Condensed Bold: 1920 of 2048 units each.
    expect(direction.x).toBeCloseTo(4 + (3 * 10 * 1920) / 2048 + 8, 1);
    const end = await written(node('text', { x: '80', 'text-anchor': 'end', ...bold }, 'mmm', part));
    const [first, second] = drawnTexts(end.content);
    expect(second.x - first.x).toBeCloseTo(direction.x - 4, 3);
    expect(second.x + (2 * 10 * 1795) / 2048).toBeCloseTo(80, 1);
  });

  it('have their outline under them, which keeps them readable over lines', async () => {
    const halo = {
      x: '4',
      y: '9',
      stroke: 'rgb(255, 255, 255)',
      'stroke-width': '3px',
      fill: 'rgb(0, 0, 0)',
    };
    const { content } = await written(node('text', { ...halo, 'paint-order': 'stroke' }, 'mmm'));
    const [outline, letters] = drawnTexts(content);
    expect(outline).toEqual({ ...letters, mode: 1 });
    expect(letters.mode).toBe(0);
    expect(content).toContain('3 w');
    expect(content).toContain('1 1 1 SCN');
    const over = await written(node('text', halo, 'mmm'));
    expect(drawnTexts(over.content).map(({ mode }) => mode)).toEqual([0, 1]);
  });

  it('refuse a part that they cannot place', async () => {
    await expect(written(node('text', {}, node('textPath', {}, 'a')))).rejects.toThrow('textPath');
    await expect(written(node('text', {}, node('tspan', { x: '3' }, 'a')))).rejects.toThrow("'x'");
  });

  it('are aligned by their real width, and bold where they should be', async () => {
    const at = async (anchor: string, weight: string): Promise<number> => {
      const { content } = await written(
        node(
          'text',
          { x: '50', y: '10', 'font-size': '10px', 'text-anchor': anchor, 'font-weight': weight },
          'mmm',
        ),
      );
      return Number(/1 0 0 1 ([\d.]+) [\d.]+ Tm/.exec(content)?.[1]);
    };
    const [start, middle, end] = [
      await at('start', '400'),
      await at('middle', '400'),
      await at('end', '400'),
    ];
    expect(start).toBe(50);
    expect(middle - end).toBeCloseTo(start - middle, 3);
    // Three m in DejaVu Sans Condensed: 1795 of 2048 units each.
    expect(start - end).toBeCloseTo((3 * 10 * 1795) / 2048, 2);
    expect(await at('end', '700')).toBeLessThan(end);
  });
});
