import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/index.ts';
import {
  type Comparison,
  comparedAxis,
  comparedQuantities,
  comparisonTable,
  describeUnmatched,
  differenceAxis,
  differenceOf,
  listNames,
  matchLayers,
  spectrumComparisonTable,
} from '../../../webview/series/comparison.ts';
import { inventedImageReport } from './inventedReport.ts';

const a = inventedImageReport().analysis;
/** The same layers in another order, without the first and with one of another name. */
const b: Analysis = {
  ...a,
  layers: [
    ...[...a.layers.slice(1)].reverse().map((layer) => ({
      ...layer,
      measures: { ...layer.measures, lidar: { value: 1 }, onlyHere: { value: 2 } },
      probes: layer.probes.map((probe) => ({
        ...probe,
        evaluations: probe.evaluations.map((one) => ({ ...one, accuracy: 0.5 })),
      })),
    })),
    { ...a.layers[0], name: 'stem' },
  ],
};
const comparison: Comparison = { a, b, nameA: 'old', nameB: 'new' };

describe('matchLayers', () => {
  it('pairs layers by name in the order of the first and lists the others', () => {
    const { pairs, onlyA, onlyB } = matchLayers(comparison);
    expect(pairs.map((pair) => pair.a.name)).toEqual(a.layers.slice(1).map(({ name }) => name));
    expect(pairs.every((pair) => pair.a.name === pair.b.name)).toBe(true);
    expect(onlyA).toEqual(['input']);
    expect(onlyB).toEqual(['stem']);
    expect(describeUnmatched(comparison)).toBe('Only in old: input. Only in new: stem.');
    expect(describeUnmatched({ ...comparison, b: a })).toBe('');
  });
});

describe('comparedQuantities', () => {
  const quantities = comparedQuantities(comparison);

  it('has the tasks before the measures, and only what both have', () => {
    expect(quantities.slice(0, 3).map(({ label }) => label)).toEqual([
      'probe accuracy: digit',
      'probe accuracy: clothes',
      'probe accuracy: superclass',
    ]);
    const keys = quantities.map(({ key }) => key);
    expect(keys).toContain('lidar');
    expect(keys).not.toContain('onlyHere');
    // No layer has a value of it.
    expect(keys).not.toContain('nc1');
  });

  it('puts effective rank first among the measures', () => {
    const ranked = (analysis: Analysis): Analysis => ({
      ...analysis,
      layers: analysis.layers.map((layer) => ({
        ...layer,
        measures: { ...layer.measures, effectiveRank: { value: 7 } },
      })),
    });
    const keys = comparedQuantities({ ...comparison, a: ranked(a), b: ranked(b) }).map(({ key }) => key);
    expect(keys.filter((key) => !key.startsWith('probe '))[0]).toBe('effectiveRank');
  });

  it('has the intervals of accuracies and of measures, where they are known', () => {
    const bounded = (analysis: Analysis): Analysis => ({
      ...analysis,
      layers: analysis.layers.map((layer) => ({
        ...layer,
        inequality: { ...layer.inequality, effectiveNumber: { value: 7, interval: [6, 8] } },
      })),
    });
    const found = comparedQuantities({ ...comparison, a: bounded(a) });
    const rowOf = (key: string) => found.find((quantity) => quantity.key === key)?.rows[0];
    expect(rowOf('effectiveNumber')?.a).toEqual({ value: 7, interval: [6, 8] });
    expect(rowOf('effectiveNumber')?.b.interval).toBeNull();
    expect(rowOf('probe digit')?.a.interval).toHaveLength(2);
  });

  it('subtracts the first from the second', () => {
    // The invented digit probe at encoder.conv1 has 0.78; the other one 0.5.
    const [row] = quantities[0].rows;
    expect(row.layer).toBe('encoder.conv1');
    expect(differenceOf(row)).toBeCloseTo(-0.28, 12);
    expect(differenceOf({ ...row, b: { value: null, interval: null } })).toBeNull();
  });
});

describe('the tables', () => {
  it('hold every quantity at every matched layer, then the unmatched ones', () => {
    const { columns, rows } = comparisonTable(comparison);
    expect(columns).toEqual(['layer', 'quantity', 'old', 'new', 'B − A']);
    expect(rows).toContainEqual([
      'encoder.conv1',
      'LiDAR',
      20 + 12 * Math.sin(1),
      1,
      1 - (20 + 12 * Math.sin(1)),
    ]);
    expect(rows.slice(-2)).toEqual([
      ['input', 'only in old', null, null, null],
      ['stem', 'only in new', null, null, null],
    ]);
  });

  it('leave a cell empty where one spectrum is shorter', () => {
    const short = { ...a, layers: a.layers.map((layer) => ({ ...layer, singularValues: [9] })) };
    const { rows } = spectrumComparisonTable({ ...comparison, b: short }, 'uncentred');
    const first = a.layers[0];
    expect(rows[0]).toEqual([first.name, 1, first.singularValues[0], 9]);
    expect(rows[1]).toEqual([first.name, 2, first.singularValues[1], null]);
  });
});

describe('listNames', () => {
  it('says how many it leaves out', () => {
    expect(listNames(['a', 'b'], 2)).toBe('a, b');
    expect(listNames(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});

describe('the axes of a quantity', () => {
  const known = (value: number | null) => ({ value, interval: null });
  const quantity = (
    rows: readonly (readonly [number | null, number | null])[],
    unit: 'number' | 'accuracy',
  ) => ({
    key: 'rankMe',
    label: 'RankMe',
    unit,
    rows: rows.map(([ofA, ofB], index) => ({
      layer: `layer ${index}`,
      isInput: index === 0,
      a: known(ofA),
      b: known(ofB),
    })),
  });

  it('leave out an input that would flatten the other layers', () => {
    const rows = [
      [784, 700],
      [20, 30],
      [null, 10],
    ] as const;
    expect(comparedAxis(quantity(rows, 'number'))).toEqual({ domain: [0, 30], inputBeyond: 'above' });
    // 30 - 20 is the only other difference, 700 - 784 more than three times as far from zero.
    expect(differenceAxis(quantity(rows, 'number'))).toEqual({ domain: [-10, 10], inputBeyond: 'below' });
  });

  it('have room for all values otherwise', () => {
    const rows = [
      [90, 60],
      [20, 30],
    ] as const;
    expect(comparedAxis(quantity(rows, 'number'))).toEqual({ domain: [0, 90], inputBeyond: null });
    expect(differenceAxis(quantity(rows, 'number'))).toEqual({ domain: [-30, 30], inputBeyond: null });
    expect(comparedAxis(quantity([[0.98, 0.9]], 'number')).inputBeyond).toBeNull();
  });

  it('of accuracies have every layer, far apart or not', () => {
    const rows = [
      [0.9, 0.9],
      [0.1, 0.11],
    ] as const;
    expect(comparedAxis(quantity(rows, 'accuracy'))).toEqual({ domain: [0.1, 0.9], inputBeyond: null });
    const same = differenceAxis(quantity([[0.5, 0.5]], 'accuracy'));
    expect(same).toEqual({ domain: [-1, 1], inputBeyond: null });
  });
});
