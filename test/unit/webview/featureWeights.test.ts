import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeLayer,
  describeWeight,
  relativeToLayer,
  sortedByLayer,
  type WeightMatrix,
  weightMatrix,
  weightQuantities,
  weightSources,
  weightTable,
} from '../../../webview/series/featureWeights.ts';
import { inventedImageReport, inventedTheoryReport } from './inventedReport.ts';

const cell = (weight: number, theory: number | null = null) => ({
  weight,
  interval: null,
  absent: false,
  theory,
});
const matrix: WeightMatrix = {
  source: 'factor',
  quantity: 'gain',
  layers: ['low', 'high'],
  features: ['a', 'b', 'c'],
  cells: [
    [cell(1), cell(4, 2), cell(2)],
    [cell(3), null, cell(6)],
  ],
};

describe('weightMatrix', () => {
  it('keeps sources apart and in the order of the document', () => {
    const { analysis } = inventedImageReport();
    expect(weightSources(analysis)).toEqual(['factor', 'direction']);
    expect(weightMatrix(analysis, 'factor', 'gain').features).toEqual(['digit', 'clothes', 'superclass']);
    expect(weightMatrix(analysis, 'direction', 'gain').features).toHaveLength(9);
  });

  it('puts the prediction of theory in its cell', () => {
    const { analysis } = inventedTheoryReport();
    const { cells, features } = weightMatrix(analysis, 'coordinate', 'gain');
    expect(cells[2][features.indexOf('h2')]?.theory).toBe(0.9836);
    expect(cells[1][features.indexOf('h3')]?.theory).toBeCloseTo(Math.sqrt(0.5), 12);
  });

  it('marks a feature that a layer does not have as not measured', () => {
    const { analysis } = inventedTheoryReport();
    const [first, ...rest] = analysis.layers;
    const lacking = { ...first, featureWeights: first.featureWeights.slice(1) };
    const { features, cells } = weightMatrix(
      { ...analysis, layers: [lacking, ...rest] },
      'coordinate',
      'gain',
    );
    expect(cells.map((row) => row[features.indexOf('h1')] === null)).toEqual([true, false, false]);
  });
});

describe('relativeToLayer', () => {
  it("divides weight and prediction by the layer's largest weight", () => {
    const { cells } = relativeToLayer(matrix);
    expect(cells[0].map((entry) => entry?.weight)).toEqual([0.25, 1, 0.5]);
    expect(cells[0][1]?.theory).toBe(0.5);
    expect(cells[1].map((entry) => entry?.weight)).toEqual([0.5, undefined, 1]);
  });

  it('leaves a layer of zeros at zero', () => {
    const { cells } = relativeToLayer({ ...matrix, layers: ['low'], cells: [[cell(0), cell(0), cell(0)]] });
    expect(cells[0].map((entry) => entry?.weight)).toEqual([0, 0, 0]);
  });
});

describe('an absent feature, whose weight is chance', () => {
  const absent = { ...cell(9), absent: true };
  const features = ['a', 'b', 'c'];
  const chance: WeightMatrix = {
    source: 'factor',
    quantity: 'gain',
    layers: ['x'],
    features,
    cells: [[absent, cell(4), cell(2)]],
  };

  it('is not what the others are relative to', () => {
    expect(relativeToLayer(chance).cells[0].map((entry) => entry?.weight)).toEqual([2.25, 1, 0.5]);
  });

  it('is not the strongest', () => {
    expect(describeLayer(chance, 0)).toBe('x: strongest b (4); absent: a');
    expect(describeLayer({ ...chance, cells: [[absent, absent, null]] }, 0)).toBe('x: absent: a, b');
  });

  it('follows the others when they are sorted', () => {
    expect(sortedByLayer(chance, 'x').features).toEqual(['b', 'c', 'a']);
  });
});

describe('sortedByLayer', () => {
  it('orders every row by the weights of one, unmeasured features last', () => {
    expect(sortedByLayer(matrix, 'low').features).toEqual(['b', 'c', 'a']);
    expect(sortedByLayer(matrix, 'high').features).toEqual(['c', 'a', 'b']);
    expect(sortedByLayer(matrix, 'high').cells[0].map((entry) => entry?.weight)).toEqual([2, 1, 4]);
    expect(sortedByLayer(matrix, 'no such layer')).toBe(matrix);
  });

  it('is a permutation with descending weights', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1 }), (weights) => {
        const features = weights.map((_, index) => `f${index}`);
        const cells = [weights.map((weight) => cell(weight))];
        const sorted = sortedByLayer(
          { source: 'factor', quantity: 'gain', layers: ['x'], features, cells },
          'x',
        );
        const row = sorted.cells[0].map((entry) => entry?.weight ?? Number.NaN);
        row.forEach((weight, index) => {
          expect(weight).toBe(weights[features.indexOf(sorted.features[index])]);
          if (index > 0) expect(weight).toBeLessThanOrEqual(row[index - 1]);
        });
        expect(new Set(sorted.features)).toEqual(new Set(features));
      }),
    );
  });
});

describe('describeWeight', () => {
  it('gives weight and prediction, or says that there is none', () => {
    expect(describeWeight(matrix, 0, 1)).toBe('b at low: weight 4, theory 2');
    expect(describeWeight(matrix, 1, 1)).toBe('b at high: not measured');
  });
});

describe('describeLayer', () => {
  it('names the strongest feature', () => {
    expect(describeLayer(matrix, 1)).toBe('high: strongest c (6); none absent');
  });

  it('counts what is too much to name', () => {
    const features = Array.from({ length: 10 }, (_, index) => `f${index}`);
    const row = features.map((_, index) => ({
      weight: index === 4 ? 2 : 0,
      interval: null,
      absent: index !== 4,
      theory: null,
    }));
    const many: WeightMatrix = { source: 'factor', quantity: 'gain', layers: ['x'], features, cells: [row] };
    expect(describeLayer(many, 0)).toBe('x: strongest f4 (2); absent: f0, f1, f2, f3, f5, f6 and 3 more');
  });

  it('says when a layer has no weights', () => {
    expect(describeLayer({ ...matrix, cells: [[null, null, null], matrix.cells[1]] }, 0)).toBe(
      'low: no feature weights',
    );
  });
});

describe('weightTable', () => {
  it('has a row per measured weight, with theory only where there is some', () => {
    const { columns, rows } = weightTable(matrix);
    expect(columns).toContain('theory');
    expect(rows).toContainEqual(['low', 'b', 4, '', 2]);
    expect(rows).toHaveLength(5);
    expect(weightTable(weightMatrix(inventedImageReport().analysis, 'factor', 'gain')).columns).not.toContain(
      'theory',
    );
  });
});

describe('quantities', () => {
  const estimate = (value: number, low: number) => ({
    value,
    interval: [low, value + 0.1] as [number, number],
  });
  const { analysis } = inventedImageReport();
  /** Factors with all three quantities; the digit's information cannot be told from 0 above the input. */
  const measured = {
    ...analysis,
    layers: analysis.layers.map((layer, index) => ({
      ...layer,
      featureWeights: layer.featureWeights.map((weight) =>
        weight.source === 'factor'
          ? {
              ...weight,
              etaSquared: estimate(0.3, 0.2),
              information: estimate(0.5, weight.feature === 'digit' && index > 0 ? -0.1 : 0.4),
            }
          : weight,
      ),
    })),
  };

  it('are the evidence first for factors, and the gain only where there is nothing else', () => {
    expect(weightQuantities(measured, 'factor')).toEqual(['information', 'etaSquared']);
    expect(weightQuantities(measured, 'direction')).toEqual(['gain']);
    expect(weightQuantities(analysis, 'factor')).toEqual(['gain']);
  });

  it('have their interval in every cell, hatched where it reaches 0', () => {
    const { cells, features } = weightMatrix(measured, 'factor', 'information');
    const digit = features.indexOf('digit');
    expect(cells[0][digit]).toMatchObject({ weight: 0.5, interval: [0.4, 0.6], absent: false });
    expect(cells[1][digit]).toMatchObject({ interval: [-0.1, 0.6], absent: true });
    expect(weightMatrix(measured, 'factor', 'etaSquared').cells[1][digit]?.absent).toBe(false);
  });

  it('are said with their unit and interval', () => {
    const matrix = weightMatrix(measured, 'factor', 'information');
    const digit = matrix.features.indexOf('digit');
    expect(describeWeight(matrix, 0, digit)).toBe('digit at input: 0.5 bits (95 % interval 0.4 to 0.6)');
    expect(describeWeight(matrix, 1, digit)).toMatch(/, not told from 0$/);
    expect(describeLayer(matrix, 1)).toMatch(/not told from 0: digit$/);
    expect(weightTable(matrix).columns).toEqual([
      'layer',
      'feature',
      'usable information in bits',
      '95 % low',
      '95 % high',
      'not told from 0',
    ]);
  });

  it('scale their intervals with them', () => {
    const gains: WeightMatrix = {
      ...matrix,
      layers: ['low'],
      cells: [[{ ...cell(2), interval: [1, 3] }, cell(4), cell(1)]],
    };
    expect(relativeToLayer(gains).cells[0][0]?.interval).toEqual([0.25, 0.75]);
  });
});
