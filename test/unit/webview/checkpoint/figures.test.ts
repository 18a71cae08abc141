import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distributionCurve,
  outlineOf,
  weightSpectrumView,
} from '../../../../webview/checkpoint/series/curves.ts';
import { densityView } from '../../../../webview/checkpoint/series/density.ts';
import { describeDensity, type LayerFigureData } from '../../../../webview/checkpoint/series/figureData.ts';
import { densityTable, weightSpectrumTable } from '../../../../webview/checkpoint/series/tables.ts';
import { binEdges, densityOfDistribution, histogram } from '../../../../webview/series/densitySteps.ts';
import { fitAt, tailFit } from '../../../../webview/series/tailFit.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

const dataOf = (...spectra: ReturnType<typeof inventedSpectrum>[]): LayerFigureData => ({
  layer: 'dense.weight',
  sides: spectra.map((spectrum, place) => ({
    name: `m${place}`,
    layer: inventedLayer(),
    measured: { spectrum, problem: null },
  })),
});
const settings = { relative: false, logX: true, logY: true, shuffled: true };

describe('histogram', () => {
  it('is the share per width, by hand', () => {
    expect(histogram([0, 0.5, 1, 2], [0, 1, 2]).heights).toEqual([0.5, 0.5]);
    expect(histogram([0, 5], [0, 1, 3]).heights).toEqual([0.5, 0]);
  });
  it('has mass one when every value is inside', () => {
    const values = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), fc.boolean(), (found, bins, log) => {
        const { edges, heights } = histogram(found, binEdges(1, 1000, bins, log));
        const mass = heights.reduce(
          (sum, height, index) => sum + height * (edges[index + 1] - edges[index]),
          0,
        );
        expect(mass).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('binEdges', () => {
  it('are evenly spread, by ratio on a log axis', () => {
    expect(binEdges(0, 4, 4, false)).toEqual([0, 1, 2, 3, 4]);
    const edges = binEdges(1, 1000, 3, true);
    for (const [index, edge] of [1, 10, 100, 1000].entries()) expect(edges[index]).toBeCloseTo(edge, 9);
  });
});

describe('tailFit', () => {
  it("has the tail's share of the mass above xmin", () => {
    // The integral of the law from xmin to infinity is tail / n = 1/4.
    const spectrum = inventedSpectrum([100], { alpha: 3, xmin: 2, tail: 5 });
    const fit = tailFit(spectrum, 0, 20)!;
    const steps = 200_000;
    const ratio = 1e6 ** (1 / steps);
    let mass = 0;
    for (let index = 0, x = 2; index < steps; index++, x *= ratio)
      mass += fitAt(fit, x * Math.sqrt(ratio)) * x * (ratio - 1);
    expect(mass).toBeCloseTo(0.25, 6);
    expect([fit.from, fit.to]).toEqual([2, 10_000]);
  });
  it('is not there without a fit', () => {
    expect(tailFit(inventedSpectrum([3], { alpha: 'too few', xmin: 1, tail: 2 }), 0, 1)).toBeNull();
    expect(tailFit(inventedSpectrum([3], {}), 0, 1)).toBeNull();
  });
});

describe('densityOfDistribution', () => {
  it('is the slope of the distribution of sigma squared', () => {
    // Half of the values of sigma in [0, 1], half in [1, 2]: lambda in [0, 1] and [1, 4].
    const { edges, heights } = densityOfDistribution([
      [2, 1],
      [0, 0],
      [1, 0.5],
    ]);
    expect(edges).toEqual([0, 1, 4]);
    expect(heights[0]).toBeCloseTo(0.5, 12);
    expect(heights[1]).toBeCloseTo(0.5 / 3, 12);
  });
});

describe('distributionCurve', () => {
  it('goes on where the known values end', () => {
    const curve = distributionCurve(
      [
        [1, 0.1],
        [3, 0.5],
        [9, 0.99],
      ],
      101,
      { ks: [1, 2], values: [10, 8] },
    );
    expect(curve.ks[0]).toBe(2);
    expect(curve.values).toEqual([8, 3, 1]);
    expect(curve.ks[1]).toBeCloseTo(51.5, 9);
  });
});

describe('outlineOf', () => {
  it('is the values themselves, or quantiles of an estimate', () => {
    expect(outlineOf(inventedSpectrum([3, 1]))).toEqual([3, 1]);
    // A quarter of the values is 4, the rest 1.
    const distribution = [
      [1, 0.75],
      [4, 1],
    ] as const;
    const outline = outlineOf({ singularValues: [5], distribution });
    expect([outline[0], ...new Set(outline)]).toEqual([5, 5, 4, 1]);
    expect(outline.filter((value) => value === 4)).toHaveLength(16);
  });
});

describe('weightSpectrumView', () => {
  const spectrum = inventedSpectrum([4, 2, 1], { bulkEdge: 9, spikes: 1 }, { shuffled: [3, 2, 1.5] });
  it('puts the edge, an eigenvalue, at its root', () => {
    const view = weightSpectrumView(dataOf(spectrum), settings)!;
    expect(view.edges).toEqual([{ place: 0, value: 3 }]);
    expect(view.spikes).toEqual([{ place: 0, value: 1 }]);
    expect(view.curves.map(({ kind }) => kind)).toEqual(['shuffled', 'measured']);
    expect(view.axes.domainX).toEqual([1, 3]);
  });
  it('divides the shuffled copy by the largest value of the layer itself', () => {
    const view = weightSpectrumView(dataOf(spectrum), { ...settings, relative: true })!;
    expect(view.curves.map(({ values }) => values)).toEqual([
      [0.75, 0.5, 0.375],
      [1, 0.5, 0.25],
    ]);
    expect(view.edges[0].value).toBe(0.75);
  });
  it('ends a log axis at the least value that is not zero but for rounding', () => {
    const view = weightSpectrumView(dataOf(inventedSpectrum([1, 1e-3, 1e-20])), settings)!;
    expect(view.axes.domainY[0]).toBeCloseTo(9e-4, 12);
  });
  it('is null for zeros, for a failure and while nothing came', () => {
    expect(weightSpectrumView(dataOf(inventedSpectrum([0, 0])), settings)).toBeNull();
    const none = { layer: 'x', sides: [{ name: 'm', layer: inventedLayer(), measured: null }] };
    expect(weightSpectrumView(none, settings)).toBeNull();
    expect(densityView(none, settings)).toBeNull();
  });
});

describe('densityView', () => {
  it('marks the eigenvalues that are spikes and counts those left of the axis', () => {
    const spectrum = inventedSpectrum([4, 2, 1, 0], { bulkEdge: 9, spikes: 1 });
    const view = densityView(dataOf(spectrum), { logX: true, logY: true, shuffled: false })!;
    expect(view.bulks).toEqual([{ place: 0, edge: 9, spikes: [16] }]);
    expect(view.below).toBe(1);
    expect(view.domainX).toEqual([1, 16]);
  });
});

describe('the bulk of noise', () => {
  it('is not drawn where most values lie beyond it', () => {
    const shown = { logX: true, logY: true, shuffled: false };
    const noise = dataOf(inventedSpectrum([4, 2, 1, 0.5], { bulkEdge: 9, spikes: 2 }));
    const other = dataOf(inventedSpectrum([4, 2, 1, 0.5], { bulkEdge: 0.3, spikes: 3 }));
    expect(densityView(noise, shown)!.bulks).toHaveLength(1);
    expect(densityView(other, shown)!.bulks).toEqual([]);
    const view = weightSpectrumView(other, settings)!;
    expect([view.edges, view.spikes]).toEqual([[], []]);
    expect(weightSpectrumView(noise, settings)!.spikes).toEqual([{ place: 0, value: 2 }]);
  });
});

describe('the tables behind', () => {
  it('have one column for each spectrum', () => {
    const table = weightSpectrumTable(dataOf(inventedSpectrum([2, 1]), inventedSpectrum([3])));
    expect(table.columns).toEqual(['layer', 'k', 'm0: singular value', 'm1: singular value']);
    expect(table.rows).toEqual([
      ['dense.weight', 1, 2, 3],
      ['dense.weight', 2, 1, null],
    ]);
  });
  it('have the fitted law above its start only', () => {
    const spectrum = inventedSpectrum([4, 2, 1], { alpha: 3, xmin: 4, tail: 2 });
    const { rows } = densityTable(dataOf(spectrum), { logX: false, logY: false, shuffled: false });
    for (const [, , , from, to, , law] of rows)
      expect(law !== null).toBe((Number(from) + Number(to)) / 2 >= 4);
  });
});

describe('the words of a density', () => {
  it('say once why there is no power law', () => {
    const none = 'no power law: only 4 eigenvalues in the tail, fewer than the 10 that a fit needs';
    const words = describeDensity(dataOf(inventedSpectrum([3, 2, 1], { alpha: none })));
    expect(words.match(/no power law/g)).toHaveLength(1);
    expect(words).toContain('only 4 eigenvalues in the tail');
    expect(describeDensity(dataOf(inventedSpectrum([3, 2, 1], {})))).toContain('no power law');
  });
});
