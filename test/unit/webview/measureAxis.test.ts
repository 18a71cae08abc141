import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/index.ts';
import {
  formatValue,
  measureAxis,
  measureSeries,
  seriesAxis,
  tickFormat,
} from '../../../webview/series/measures.ts';
import { directionWords, withDirection } from '../../../webview/series/measureWords.ts';
import { inventedImageReport } from './inventedReport.ts';

/** The input first, then the layers. */
const axisOf = (input: number | null, ...layers: (number | null)[]) =>
  measureAxis([{ value: input, isInput: true }, ...layers.map((value) => ({ value, isInput: false }))]);

describe('the axis of a measure', () => {
  it('starts at zero and reaches the largest value', () => {
    expect(axisOf(30, 20, null, 40)).toEqual({ domain: [0, 40], inputBeyond: null });
    expect(axisOf(null, 20, 40)).toEqual({ domain: [0, 40], inputBeyond: null });
  });

  it('has all values when all are negative', () => {
    expect(axisOf(-1, -3, -2)).toEqual({ domain: [-3, -1], inputBeyond: null });
  });

  it('is that of the layers when the input would stretch it to more than three times their range', () => {
    expect(axisOf(120, 20, 40)).toEqual({ domain: [0, 120], inputBeyond: null });
    expect(axisOf(121, 20, 40)).toEqual({ domain: [0, 40], inputBeyond: 'above' });
    expect(axisOf(-81, 20, 40)).toEqual({ domain: [0, 40], inputBeyond: 'below' });
    // -3 to -1 is 2; -3 to 4 is 7.
    expect(axisOf(4, -3, -1)).toEqual({ domain: [-3, -1], inputBeyond: 'above' });
  });

  it('is that of another layer never, however far it is', () => {
    expect(axisOf(20, 784, 40)).toEqual({ domain: [0, 784], inputBeyond: null });
  });

  it('has a range where the layers have none', () => {
    expect(axisOf(5, 0, 0)).toEqual({ domain: [0, 5], inputBeyond: null });
    expect(axisOf(784)).toEqual({ domain: [0, 784], inputBeyond: null });
    expect(axisOf(0, 0)).toEqual({ domain: [0, 1e-12], inputBeyond: null });
  });

  it('reaches every layer, and the input unless it is said to be beyond', () => {
    const values = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(values, fc.array(values, { minLength: 1, maxLength: 8 }), (input, layers) => {
        const { domain, inputBeyond } = axisOf(input, ...layers);
        const [low, high] = domain;
        expect(low).toBeLessThan(high);
        for (const value of layers) expect(value >= low && value <= high).toBe(true);
        if (inputBeyond === null) expect(input >= low && input <= high).toBe(true);
        else expect(inputBeyond === 'above' ? input > high : input < low).toBe(true);
      }),
    );
  });
});

describe('the series of a measure', () => {
  const { analysis } = inventedImageReport();
  const wide: Analysis = {
    ...analysis,
    layers: analysis.layers.map((layer, index) => ({
      ...layer,
      measures: {
        rankMe: { value: index === 0 ? 700 : 10 + index },
        nc4: { value: 0.5 },
        new1: { value: 1 },
      },
    })),
  };
  const [rankMe, nc4, unknown] = measureSeries(wide);

  it('knows its input by its part, not by its name', () => {
    expect(seriesAxis(rankMe)).toEqual({ domain: [0, 18], inputBeyond: 'above' });
    const renamed = wide.layers.map((layer, index) => (index === 0 ? { ...layer, name: 'pixels' } : layer));
    expect(seriesAxis(measureSeries({ ...wide, layers: renamed })[0]).inputBeyond).toBe('above');
    const parts = wide.layers.map((layer) => ({ ...layer, part: 'encoder' as const }));
    expect(seriesAxis(measureSeries({ ...wide, layers: parts })[0]).inputBeyond).toBeNull();
  });

  it('says what it tells, which direction is better, and its unit', () => {
    expect(rankMe).toMatchObject({
      meaning: 'How many directions the representation uses.',
      better: 'higher',
      unit: 'none',
    });
    expect(nc4).toMatchObject({ better: null, unit: 'share' });
    expect(unknown).toMatchObject({ label: 'New1', meaning: '', better: null, unit: 'none' });
    expect(formatValue(0.875, nc4.unit)).toBe('87.5\u00a0%');
    expect(tickFormat(nc4.unit)(0.5)).toBe('50\u00a0%');
    expect([formatValue(1234.5, 'none'), formatValue(2000, 'count')]).toEqual(['1235', '2,000']);
  });

  it('says nothing where no direction is better', () => {
    expect([directionWords(rankMe.better), directionWords(nc4.better)]).toEqual(['higher is better', '']);
    expect(withDirection('Far apart.', 'lower')).toBe('Far apart. Lower is better.');
    expect(withDirection('Far apart.', null)).toBe('Far apart.');
  });
});
