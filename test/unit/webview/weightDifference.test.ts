import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/index.ts';
import {
  describeDifference,
  formatDifference,
  largestDifference,
  sharedSources,
  weightDifference,
  weightDifferenceTable,
} from '../../../webview/series/weightDifference.ts';
import { inventedImageReport } from './inventedReport.ts';

type Weights = Readonly<Record<string, number>>;

/** An analysis of these layers with these feature weights; those of 0 are absent. */
const analysis = (layers: Readonly<Record<string, Weights>>, source: 'factor' | 'direction' = 'factor') => {
  const { analysis: invented } = inventedImageReport();
  const [layer] = invented.layers;
  return {
    ...invented,
    theory: null,
    layers: Object.entries(layers).map(([name, weights]) => ({
      ...layer,
      name,
      featureWeights: Object.entries(weights).map(([feature, weight]) => ({
        ...layer.featureWeights[0],
        feature,
        source,
        weight,
        absent: weight === 0,
      })),
    })),
  } as unknown as Analysis;
};

const a = analysis({ low: { digit: 1, clothes: 2 }, high: { digit: 1, clothes: 4 }, gone: { digit: 1 } });
const b = analysis({ low: { clothes: 4, digit: 3, extra: 1 }, high: { clothes: 2, digit: 0 } });
const comparison = { a, b, nameA: 'A: old', nameB: 'B: new' };
const names = ['A: old', 'B: new'] as const;

describe('the difference of feature weights', () => {
  it('matches layers and features by name, whatever their order', () => {
    const { layers, features, cells, largest } = weightDifference(comparison, {
      source: 'factor',
      quantity: 'gain',
      relative: false,
    });
    expect([layers, features]).toEqual([
      ['low', 'high'],
      ['digit', 'clothes'],
    ]);
    expect(cells.map((row) => row.map((cell) => cell?.difference))).toEqual([
      [2, 2],
      [-1, -2],
    ]);
    expect(largest).toBe(2);
  });

  it('leaves out what a rescaling of a layer changes when it is relative', () => {
    const scaled = {
      ...comparison,
      b: analysis({ low: { digit: 10, clothes: 20 }, high: { digit: 2, clothes: 2 } }),
    };
    const { cells } = weightDifference(scaled, { source: 'factor', quantity: 'gain', relative: true });
    // Shares of the largest: low 0.5, 1 in both; high 0.25, 1 against 1, 1.
    expect(cells.map((row) => row.map((cell) => cell?.difference))).toEqual([
      [0, 0],
      [0.75, 0],
    ]);
  });

  it('has no value where one side has none', () => {
    const lacking = { ...comparison, b: analysis({ low: { digit: 3 }, high: { digit: 1, clothes: 1 } }) };
    const { cells } = weightDifference(lacking, { source: 'factor', quantity: 'gain', relative: false });
    expect(cells[0]).toEqual([expect.objectContaining({ difference: 2 }), null]);
    const difference = weightDifference(lacking, { source: 'factor', quantity: 'gain', relative: false });
    expect(describeDifference(difference, 0, 1, names)).toBe('clothes at low: not measured in both');
    expect(weightDifferenceTable(difference, names).rows).toHaveLength(3);
  });

  it('is said and tabled with both values and its sign', () => {
    const difference = weightDifference(comparison, { source: 'factor', quantity: 'gain', relative: false });
    expect(describeDifference(difference, 1, 0, names)).toBe(
      'digit at high: A: old 1, B: new 0 (absent); difference −1',
    );
    expect(weightDifferenceTable(difference, names)).toEqual({
      columns: ['layer', 'feature', 'A: old', 'B: new', 'B − A'],
      rows: [
        ['low', 'digit', 1, 3, 2],
        ['low', 'clothes', 2, 4, 2],
        ['high', 'digit', 1, 0, -1],
        ['high', 'clothes', 4, 2, -2],
      ],
    });
    expect([0, 0.25, -0.25].map((value) => formatDifference(value))).toEqual(['0', '+0.25', '−0.25']);
  });

  it('is largest where it changed most, up or down', () => {
    const difference = weightDifference(
      { ...comparison, b: analysis({ low: { digit: 1.5, clothes: 2 }, high: { digit: 1, clothes: 1 } }) },
      { source: 'factor', quantity: 'gain', relative: false },
    );
    expect(largestDifference(difference)).toMatchObject({ row: 1, column: 1 });
    expect(largestDifference(difference, 0)).toMatchObject({ row: 0, column: 0 });
    expect(largestDifference({ ...difference, cells: [[null]] })).toBeNull();
  });

  it('is of the sources that both have', () => {
    expect(sharedSources(comparison)).toEqual(['factor']);
    expect(sharedSources({ ...comparison, b: analysis({ low: { digit: 1 } }, 'direction') })).toEqual([]);
  });
});
