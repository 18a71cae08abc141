import { describe, expect, it } from 'vitest';
import { DEFAULT_STYLE, dots, fileLayout, readStyle } from '../../../webview/series/fileLayout.ts';

/** Width of the whole figure in mm. */
const whole = ({ scale, margin, content }: ReturnType<typeof fileLayout>): number =>
  scale * (content + 2 * margin);

describe('the layout of a figure for a file', () => {
  it('is that of the page by default, a px of the drawing as a px of CSS', () => {
    const layout = fileLayout(DEFAULT_STYLE, 700);
    expect(layout.plot).toBe(700);
    expect(layout.width).toBeNull();
    // 96 px an inch.
    expect(layout.scale * 96).toBeCloseTo(25.4, 12);
  });

  it('leaves room for a title above a narrow picture, however wide the plot is', () => {
    for (const shown of [240, 900]) {
      const layout = fileLayout(DEFAULT_STYLE, shown);
      expect([layout.plot, layout.content]).toEqual([shown, 480]);
    }
  });

  it.each([
    ['oneColumn', 85],
    ['twoColumns', 175],
  ] as const)('is exactly as wide as asked for: %s', (width, mm) => {
    for (const textSize of [null, 6, 8, 10]) {
      const layout = fileLayout({ ...DEFAULT_STYLE, width, textSize }, 1000);
      expect(layout.width).toBe(mm);
      expect(whole(layout)).toBeCloseTo(mm, 9);
    }
  });

  it('prints names of 11 px in the text size asked for, and gives larger text less room', () => {
    for (const width of ['shown', 'twoColumns'] as const) {
      const [small, large] = [7, 10].map((textSize) =>
        fileLayout({ ...DEFAULT_STYLE, width, textSize }, 900),
      );
      expect((11 * small.scale * 72) / 25.4).toBeCloseTo(7, 9);
      expect((11 * large.scale * 72) / 25.4).toBeCloseTo(10, 9);
      expect(large.plot).toBeLessThan(small.plot);
    }
  });

  it('never asks for a plot that is too narrow to draw', () => {
    const layout = fileLayout({ ...DEFAULT_STYLE, width: 'oneColumn', textSize: 24 }, 1000);
    expect(layout.plot).toBe(200);
    expect(layout.content).toBeLessThan(200);
  });
});

describe('the dots of a PNG', () => {
  it('are 300 an inch', () => {
    expect([25.4, 85, 175].map(dots)).toEqual([300, 1004, 2067]);
    expect(dots(0)).toBe(1);
  });
});

describe('a style from elsewhere', () => {
  it('is taken field by field', () => {
    const style = { width: 'twoColumns', textSize: 9, highlight: true };
    expect(readStyle(style)).toEqual(style);
    expect(readStyle({ textSize: 9 })).toEqual({ ...DEFAULT_STYLE, textSize: 9 });
    const fallback = { width: 'oneColumn', textSize: 8, highlight: true } as const;
    expect(readStyle({ textSize: null }, fallback)).toEqual({ ...fallback, textSize: null });
    expect(readStyle(undefined, fallback)).toEqual(fallback);
  });

  it.each([
    null,
    'oneColumn',
    [],
    { width: 'threeColumns', textSize: '9', highlight: 1 },
    { textSize: 0 },
    { textSize: Number.NaN },
    { textSize: 1e9 },
  ])('is the default where it cannot be: %j', (value) => {
    expect(readStyle(value)).toEqual(DEFAULT_STYLE);
  });
});
