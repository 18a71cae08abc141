import { describe, expect, it } from 'vitest';
import { layerLabels, plainLabels } from '../../../src/protocol/index.ts';
import { gridOf } from '../../../webview/figures/multiplesGrid.ts';
import { textWidth } from '../../../webview/series/format.ts';
import {
  fittingName,
  fittingTitle,
  type NameAxis,
  nameAxis,
  namesBelow,
  namesBeside,
  type PlacedName,
  placeNames,
} from '../../../webview/series/nameLayout.ts';
import { type SpectrumSettings, spectrumView } from '../../../webview/series/spectrumView.ts';
import { placeNumbers } from '../../../webview/series/ticks.ts';
import { inventedImageReport } from './inventedReport.ts';

const SIZE = 11;
/** Letters are at most so far above and below their line: Latin capitals and descenders. */
const [ABOVE, BELOW] = [0.8 * SIZE, 0.2 * SIZE];
const BOLD = 1.08;

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The box of a name in a frame that is turned like it. */
const turnedBox = ({ text, x, y, angle, align }: PlacedName, weight: number): Extent => {
  const width = weight * textWidth(text, SIZE);
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const [u, v] = [x * cos + y * sin, -x * sin + y * cos];
  const right = align === 'end' ? u : u + width / 2;
  return { left: right - width, right, top: v - ABOVE, bottom: v + BELOW };
};

/** What the same box covers of the page. */
const extentOf = (name: PlacedName, weight: number): Extent => {
  const { left, right, top, bottom } = turnedBox(name, weight);
  const [cos, sin] = [Math.cos((name.angle * Math.PI) / 180), Math.sin((name.angle * Math.PI) / 180)];
  const corners = [left, right].flatMap((u) =>
    [top, bottom].map((v) => [u * cos - v * sin, u * sin + v * cos]),
  );
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};

const overlap = (a: Extent, b: Extent): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const middles = (count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => (index + 0.5) * step);

const inside = ({ left, right, top, bottom }: Extent, room: Extent): boolean =>
  left >= room.left && right <= room.right && top >= room.top && bottom <= room.bottom;

/** Every name is in `room`, and no two touch, whichever is highlighted (some are tried). */
const check = (axis: NameAxis, positions: readonly number[], room: Extent): void => {
  const some = [...positions.keys()].filter((index) => index % 7 < 2 || index === positions.length - 1);
  for (const marked of [-1, ...some]) {
    const shown = placeNames(axis, positions, marked);
    expect(shown.length).toBeGreaterThan(0);
    expect(marked < 0 || shown.some(({ index }) => index === marked)).toBe(true);
    const weight = ({ index }: PlacedName): number => (index === marked ? BOLD : 1);
    const outside = shown.filter((name) => !inside(extentOf(name, weight(name)), room));
    expect(outside).toEqual([]);
    const boxes = shown.map((name) => turnedBox(name, weight(name)));
    const touching = boxes.filter((box, index) =>
      boxes.slice(index + 1).some((other) => overlap(box, other)),
    );
    expect(touching).toEqual([]);
  }
};

const LAYERS = 100;
const padded = (name: string): string => name.padEnd(45, '_abcdefghij'.slice(1));
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'of a transformer': Array.from({ length: LAYERS }, (_, index) =>
    padded(`transformer.encoder.layers.${Math.floor(index / 4)}.block.proj${index % 4}`),
  ),
  'without anything in common': Array.from({ length: LAYERS }, (_, index) => padded(`${index}-`)),
  'of wide blocks': Array.from({ length: LAYERS }, (_, index) =>
    padded(`a_block_with_a_long_name_indeed.${Math.floor(index / 2)}.x${index % 2}`),
  ),
};
/** Least width of a picture, a side bar, two narrow pages, a wide one. */
const WIDTHS = [240, 300, 480, 600, 1000];

describe.each(Object.entries(NAMES))('100 names of 45 characters %s', (_, names) => {
  const labels = layerLabels(names);
  it('are what they are called', () => {
    expect(names.every((name) => name.length === 45)).toBe(true);
    expect(new Set(names).size).toBe(LAYERS);
  });

  describe.each(WIDTHS)('on %i px', (width) => {
    it('fit beside the rows of a heatmap, a similarity and a ranking', () => {
      for (const step of [3, 4.3, 8, 22, 30]) {
        const axis = namesBeside(labels, width);
        expect(axis.overhang).toBeLessThanOrEqual(Math.max(width / 3 + 20, 90));
        // 6 px above the first row; below the last one, the names of the columns begin 7 px from the cells.
        const room = { left: -axis.overhang, right: 0, top: -6, bottom: LAYERS * step + 6 };
        check(axis, middles(LAYERS, step), room);
      }
    });

    it('fit below the columns of a similarity and a heatmap', () => {
      const left = namesBeside(labels, width).overhang;
      for (const columns of [labels, plainLabels(names)]) {
        const step = (width - left - 8) / LAYERS;
        const axis = namesBelow(columns, step, left);
        check(axis, middles(LAYERS, step), {
          left: -left,
          right: width - left,
          top: 0,
          bottom: axis.height + 14,
        });
      }
    });

    it('fit below the probes', () => {
      const step = (width - 60) / LAYERS;
      const { overhang } = namesBelow(labels, step, 110);
      const left = Math.max(48, Math.min(overhang - step / 2, 110));
      const axis = namesBelow(labels, step, left);
      const plot = width - left - 16;
      check(axis, middles(LAYERS, plot / LAYERS), {
        left: -left,
        right: plot + 16,
        top: 0,
        bottom: axis.height,
      });
    });

    it('fit below small panels of measures and a comparison', () => {
      // The margins of the panels are 52 and 14 px, those of the comparison 58 and 16 px.
      for (const plot of [Math.min(width, 300) - 66, width - 74]) {
        const axis = nameAxis(names, plot / LAYERS);
        check(axis, middles(LAYERS, plot / LAYERS), {
          left: -52,
          right: plot + 14,
          top: 0,
          bottom: axis.height,
        });
      }
    });
  });

  it('fit over the panels of single spectra, and in a title', () => {
    const { analysis } = inventedImageReport();
    for (const count of [12, LAYERS]) {
      const layers = names.slice(0, count).map((name) => ({ ...analysis.layers[1], name }));
      const view = spectrumView({ ...analysis, layers }, settings);
      if (!view) throw new Error('nothing to draw');
      for (const width of WIDTHS) {
        const { cellWidth, inset } = gridOf(view, width);
        for (const label of labels)
          expect(BOLD * textWidth(fittingName(label, cellWidth - inset.left - 4), SIZE)).toBeLessThan(
            cellWidth - inset.left,
          );
      }
    }
    for (const name of names) expect(BOLD * textWidth(fittingTitle(name, 592), 13)).toBeLessThanOrEqual(592);
  });
});

const settings: SpectrumSettings = {
  kind: 'centred',
  view: 'multiples',
  relative: true,
  logX: true,
  logY: true,
  baseline: false,
};

describe('few short names', () => {
  const names = ['input', 'encoder.conv1', 'encoder.conv2', 'head.1'];

  it('are horizontal where there is room, and whole', () => {
    const axis = nameAxis(names, 130);
    expect(axis.kind).toBe('below');
    expect(placeNames(axis, middles(4, 130)).map(({ text }) => text)).toEqual(names);
    check(axis, middles(4, 130), { left: 0, right: 520, top: 0, bottom: axis.height });
    expect(nameAxis(names, 60).kind).toBe('slanted');
  });
});

describe('names of neighbours in a block', () => {
  const names = ['m.h.0.q', 'm.h.0.k', 'm.h.1.q', 'm.h.1.k', 'm.h.0.v', 'm.out'];
  const texts = (step: number): string[] =>
    placeNames(namesBeside(layerLabels(names), 600), middles(names.length, step)).map(({ text }) => text);

  it('name the block once', () => {
    expect(texts(20)).toEqual(['h.0 q', 'k', 'h.1 q', 'k', 'h.0 v', 'out']);
  });

  it('name it again when another block that is not shown is between them', () => {
    // Every fourth name: both are of h.0, and h.1 is between them.
    expect(texts(3)).toEqual(['h.0 q', 'h.0 v']);
  });

  it('have it when they are highlighted, and the first that is shown after it', () => {
    const axis = namesBeside(layerLabels(names), 600);
    const marked = (step: number, index: number): string[] =>
      placeNames(axis, middles(names.length, step), index).map(({ text }) => text);
    expect(marked(20, 1)).toEqual(['h.0 q', 'h.0 k', 'h.1 q', 'k', 'h.0 v', 'out']);
    // h.1 q, which is under the highlighted one, no longer says which k the next one is.
    expect(marked(10, 1)).toEqual(['h.0 k', 'h.0 v']);
    expect(placeNames(axis, middles(names.length, 10)).map(({ text }) => text)).toEqual([
      'h.0 q',
      'h.1 q',
      'h.0 v',
    ]);
  });
});

describe('numbers of axes', () => {
  const { analysis } = inventedImageReport();
  const spectrum = (length: number, decay: number): number[] =>
    Array.from({ length }, (_, k) => 3 * (k + 1) ** -decay);

  it.each([
    [8, 0.3],
    [64, 1],
    [784, 0.2],
    [1000, 1.3],
    [4096, 2],
  ])('do not touch in the panels of 100 spectra of %i values with exponent %d', (length, decay) => {
    const layers = Array.from({ length: LAYERS }, (_, index) => ({
      ...analysis.layers[1],
      name: `layer ${index}`,
      centredSingularValues: spectrum(length, decay),
    }));
    for (const count of [3, LAYERS])
      for (const logX of [true, false])
        for (const logY of [true, false]) {
          const view = spectrumView(
            { ...analysis, layers: layers.slice(0, count) },
            { ...settings, logX, logY },
          );
          if (!view) throw new Error('nothing to draw');
          const { panel, cellWidth, inset, compact } = gridOf(view, 600);
          expect(panel.ticksX.length).toBeGreaterThan(1);
          expect(panel.ticksY.length).toBeGreaterThan(1);
          const ys = panel.ticksY.map(({ position }) => position).sort((a, b) => a - b);
          ys.slice(1).forEach((y, index) => {
            expect(y - ys[index]).toBeGreaterThanOrEqual(SIZE);
          });
          for (const { label } of panel.ticksY)
            expect(6 + textWidth(label, SIZE)).toBeLessThanOrEqual(inset.left + (compact ? 52 : 0));
          const numbers = placeNumbers(panel.ticksX, panel.width, SIZE).map(({ x, label }) => ({
            left: inset.left + x - textWidth(label, SIZE) / 2,
            right: inset.left + x + textWidth(label, SIZE) / 2,
          }));
          // Those of the panel beside it begin one cell further on.
          const row = [...numbers, { left: cellWidth + numbers[0].left, right: 0 }];
          row.slice(1).forEach(({ left }, index) => {
            expect(left).toBeGreaterThanOrEqual(row[index].right);
          });
        }
  });
});
