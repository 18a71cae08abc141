import { describe, expect, it } from 'vitest';
import { createLayerSelection } from '../../../webview/figures/layerSelection.ts';
import {
  cividis,
  contrast,
  depthColour,
  inkOn,
  SERIES_COLOURS,
  seriesStyle,
  viridis,
} from '../../../webview/figures/palette.ts';

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
    const depths = Array.from({ length: 21 }, (_, index) => depthColour(index / 20));
    for (const { light, dark } of [...SERIES_COLOURS, ...depths]) {
      expect(contrast(light, '#ffffff'), light).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, '#1f1f1f'), dark).toBeGreaterThanOrEqual(3);
    }
  });

  it('writes on every cell of a heatmap at 4.5:1 or more', () => {
    for (let step = 0; step <= 100; step++) {
      for (const background of [viridis(step / 100), cividis(step / 100)]) {
        expect(contrast(inkOn(background), background), background).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('clamps what lies outside the scale, as a debiased CKA may', () => {
    expect(cividis(-0.02)).toBe(cividis(0));
    expect(cividis(1.01)).toBe(cividis(1));
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
