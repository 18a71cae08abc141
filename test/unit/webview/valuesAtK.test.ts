import { describe, expect, it } from 'vitest';
import { layerLabels } from '../../../src/protocol/index.ts';
import { describeValues, valuesAtK } from '../../../webview/series/valuesAtK.ts';

const series = (...spectra: readonly (readonly number[])[]) =>
  spectra.map((values, index) => ({ layer: `layer ${index}`, part: 'encoder' as const, values }));
const all = (): boolean => true;

describe('valuesAtK', () => {
  it('has the value of every line that is that long, largest first', () => {
    const found = valuesAtK(series([5, 1], [9, 4, 2], [7, 3]), 2, all, () => 0);
    expect(found).toEqual({
      k: 2,
      values: [
        { index: 1, value: 4 },
        { index: 2, value: 3 },
        { index: 0, value: 1 },
      ],
      more: 0,
    });
    expect(valuesAtK(series([5, 1], [9, 4, 2]), 3, all, () => 0).values).toEqual([{ index: 1, value: 2 }]);
  });

  it('leaves out lines that are not drawn there', () => {
    const found = valuesAtK(
      series([5], [0], [3]),
      1,
      (index, value) => index !== 2 && value > 0,
      () => 0,
    );
    expect(found.values).toEqual([{ index: 0, value: 5 }]);
  });

  it('keeps the eight nearest to the pointer, and says how many there are besides', () => {
    const twenty = series(...Array.from({ length: 20 }, (_, index) => [index]));
    // 10.1, so that no two are equally near: 10, 11, 9, 12, 8, 13, 7, 14.
    const found = valuesAtK(twenty, 1, all, (value) => Math.abs(value - 10.1));
    expect(found.values.map(({ value }) => value)).toEqual([14, 13, 12, 11, 10, 9, 8, 7]);
    expect(found.more).toBe(12);
  });
});

describe('describeValues', () => {
  const labels = layerLabels(['net.h.0.q', 'net.h.1.k']);

  it('names k, the quantity, the lines and how many are left out', () => {
    const found = { ...valuesAtK(series([0.5, 0.25], [0.75, 0.125]), 2, all, () => 0), more: 3 };
    expect(describeValues(found, labels, 'σₖ')).toEqual([
      'σₖ at k = 2',
      'h.0 q: 0.25',
      'h.1 k: 0.125',
      'and 3 more',
    ]);
  });

  it('says nothing beside the axes, and where no line is', () => {
    expect(describeValues(null, labels, 'σₖ')).toEqual([]);
    expect(describeValues({ k: 9, values: [], more: 0 }, labels, 'σₖ')).toEqual([]);
  });
});
