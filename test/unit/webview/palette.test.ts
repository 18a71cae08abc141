import { hcl, interpolateRgb, rgb } from 'd3';
import { describe, expect, it } from 'vitest';
import { createLayerSelection } from '../../../webview/figures/layerSelection.ts';
import {
  cividis,
  contrast,
  depthColour,
  diverging,
  FADED,
  inkOn,
  lineStyle,
  luminance,
  SERIES_COLOURS,
  seriesStyle,
  viridis,
} from '../../../webview/figures/palette.ts';

const LINES = Array.from({ length: 12 }, (_, index) => lineStyle(index));
const DEPTHS = Array.from({ length: 21 }, (_, index) => depthColour(index / 20));

describe('contrast', () => {
  it('is that of WCAG 2.2', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
    // The greys on either side of 4.5:1 on white, as the standard's tools give them.
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('palette', () => {
  it('draws every mark at 3:1 or more on the light and on the dark background', () => {
    for (const { light, dark } of [...SERIES_COLOURS, ...DEPTHS]) {
      expect(contrast(light, '#ffffff'), light).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, '#1f1f1f'), dark).toBeGreaterThanOrEqual(3);
    }
  });

  it.each<[string, 'light' | 'dark', string]>([
    ['Light Modern', 'light', '#ffffff'],
    ['Quiet Light', 'light', '#f5f5f5'],
    ['Solarized Light', 'light', '#fdf6e3'],
    ['Light High Contrast', 'light', '#ffffff'],
    ['Dark Modern', 'dark', '#1f1f1f'],
    ['Monokai', 'dark', '#272822'],
    ['Solarized Dark', 'dark', '#002b36'],
    ['Dark High Contrast', 'dark', '#000000'],
  ])('draws every depth and every line at 3:1 or more on the background of %s', (_, scheme, background) => {
    for (const colour of [...DEPTHS, ...LINES.map((line) => line.colour)])
      expect(contrast(colour[scheme], background), colour[scheme]).toBeGreaterThanOrEqual(3);
  });

  it('keeps the lines behind a selected one at 3:1', () => {
    const over = (colour: string, background: string): string => interpolateRgb(background, colour)(FADED);
    for (const { light, dark } of [...DEPTHS, ...LINES.map(({ colour }) => colour)]) {
      expect(contrast(over(light, '#ffffff'), '#ffffff'), light).toBeGreaterThanOrEqual(3);
      expect(contrast(over(dark, '#1f1f1f'), '#1f1f1f'), dark).toBeGreaterThanOrEqual(3);
      expect(contrast(over(dark, '#000000'), '#000000'), dark).toBeGreaterThanOrEqual(3);
    }
  });

  it('draws even the faintest depth, the dotted input on dark, at 4.5:1', () => {
    expect(contrast(depthColour(0).dark, '#1f1f1f')).toBeGreaterThanOrEqual(4.5);
  });

  it('grows lighter with depth in both themes, so that the order reads without colour', () => {
    for (const [index, { light, dark }] of DEPTHS.slice(1).entries()) {
      expect(luminance(light)).toBeGreaterThan(luminance(DEPTHS[index].light));
      expect(luminance(dark)).toBeGreaterThan(luminance(DEPTHS[index].dark));
    }
  });

  it('writes on every cell of a heatmap at 4.5:1 or more', () => {
    for (let step = 0; step <= 100; step++) {
      for (const background of [viridis(step / 100), cividis(step / 100)]) {
        expect(contrast(inkOn(background), background), background).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('is purple below no difference and orange above it, as the caption says', () => {
    const [low, middle, high] = [0, 0.5, 1].map((fraction) => rgb(diverging(fraction)));
    expect(low.b).toBeGreaterThan(low.g);
    expect(low.b).toBeGreaterThan(low.r);
    expect(high.r).toBeGreaterThan(high.g);
    expect(high.g).toBeGreaterThan(high.b);
    expect(Math.min(middle.r, middle.g, middle.b)).toBeGreaterThan(230);
  });

  it('clamps what lies outside the scale, as a debiased CKA may', () => {
    expect(cividis(-0.02)).toBe(cividis(0));
    expect(cividis(1.01)).toBe(cividis(1));
  });

  const hueGap = (a: string, b: string): number => {
    const gap = Math.abs(hcl(a).h - hcl(b).h) % 360;
    return Math.min(gap, 360 - gap);
  };

  it('gives a line the same hue in every theme', () => {
    for (const { colour } of LINES) expect(hueGap(colour.light, colour.dark)).toBeLessThan(3);
  });

  it('tells twelve lines apart by hue, and those of neighbouring hues by dash', () => {
    LINES.forEach((line, index) => {
      for (const other of LINES.slice(index + 1))
        for (const scheme of ['light', 'dark'] as const) {
          const gap = hueGap(line.colour[scheme], other.colour[scheme]);
          expect(gap).toBeGreaterThan(25);
          if (gap < 45) expect(line.dash).not.toBe(other.dash);
        }
    });
    // Layers that follow each other differ most.
    LINES.slice(1).forEach(({ colour }, index) => {
      expect(hueGap(colour.light, LINES[index].colour.light)).toBeGreaterThan(60);
    });
  });

  it('tells 36 series apart by colour and marker', () => {
    const styles = Array.from({ length: 36 }, (_, index) => seriesStyle(index));
    const distinct = styles.filter(
      (style, index) =>
        styles.findIndex(({ colour, marker }) => colour === style.colour && marker === style.marker) ===
        index,
    );
    expect(distinct).toHaveLength(36);
  });
});

describe('createLayerSelection', () => {
  const layers = ['input', 'conv', 'head'];

  it('tells every figure once per change, until it leaves', () => {
    const selection = createLayerSelection();
    const heard: (string | null)[] = [];
    const leave = selection.subscribe((layer) => heard.push(layer));
    selection.select('conv');
    selection.select('conv');
    selection.select(null);
    leave();
    selection.select('head');
    expect(heard).toEqual(['conv', null]);
    expect(selection.current()).toBe('head');
  });

  it('can be ignored while a file is drawn, which nobody hears of', () => {
    const selection = createLayerSelection('conv');
    const heard: (string | null)[] = [];
    selection.subscribe((layer) => heard.push(layer));
    let seen: string | null = 'conv';
    selection.without(() => {
      seen = selection.current();
    });
    expect([seen, selection.current(), heard]).toEqual([null, 'conv', []]);
    expect(() =>
      selection.without(() => {
        throw new Error('no drawing');
      }),
    ).toThrow('no drawing');
    expect(selection.current()).toBe('conv');
  });

  it('moves along the layers, enters from the near end and stops at the far one', () => {
    const selection = createLayerSelection();
    selection.move(layers, 1);
    expect(selection.current()).toBe('input');
    selection.move(layers, 5);
    expect(selection.current()).toBe('head');
    selection.select(null);
    selection.move(layers, -1);
    expect(selection.current()).toBe('head');
    selection.move([], 1);
    expect(selection.current()).toBe('head');
  });
});
