import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Analysis, packAnalysis, unpackAnalysis } from '../../../src/protocol/index.ts';
import { inventedImageReport, inventedTheoryReport } from '../webview/inventedReport.ts';

const { analysis: model } = inventedImageReport();

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const numbers = fc.array(number, { maxLength: 5 });
const interval = fc.tuple(number, number);
const estimate = fc.record({ value: number, interval });
const layer = fc.record(
  {
    singularValues: numbers,
    singularValueErrors: numbers,
    centredSingularValueErrors: numbers,
    viewCorrelationErrors: numbers,
    centredSingularValues: numbers,
    viewCorrelation: numbers,
    // Few names, so that layers share some, and features that differ only in a note.
    featureWeights: fc.array(
      fc.record(
        {
          feature: fc.constantFrom('a', 'b', '__proto__', ''),
          weight: number,
          absent: fc.boolean(),
          source: fc.constantFrom('factor' as const, 'coordinate' as const, 'direction' as const),
          note: fc.constantFrom('', 'too few samples'),
          interval,
          etaSquared: estimate,
          information: estimate,
        },
        { requiredKeys: ['feature', 'weight', 'absent', 'source'] },
      ),
      { maxLength: 6 },
    ),
  },
  { requiredKeys: ['singularValues', 'centredSingularValues', 'viewCorrelation', 'featureWeights'] },
);
const cells = fc.array(fc.array(fc.option(number), { maxLength: 4 }), { maxLength: 4 });
const analyses: fc.Arbitrary<Analysis> = fc
  .record({
    layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
    similarity: fc.record(
      { samples: fc.constant(7), cka: cells, errors: cells },
      { requiredKeys: ['samples', 'cka'] },
    ),
  })
  .map(({ layers, similarity }) => ({
    ...model,
    layers: layers.map((lists) => ({ ...model.layers[0], ...lists })),
    similarity,
  }));

describe('an analysis on its way to a page', () => {
  it.each([
    ['images', model],
    ['theory', inventedTheoryReport().analysis],
  ])('arrives as it was: %s', (_, analysis) => {
    expect(unpackAnalysis(structuredClone(packAnalysis(analysis)))).toEqual(analysis);
  });

  it('arrives as it was, whatever the lists hold', () => {
    fc.assert(
      fc.property(analyses, (analysis) => {
        expect(unpackAnalysis(packAnalysis(analysis))).toEqual(analysis);
      }),
    );
  });

  it('has no place for numbers that a feature weight does not have', () => {
    const sizeWith = (...featureWeights: Analysis['layers'][number]['featureWeights']): number =>
      packAnalysis({ ...model, layers: [{ ...model.layers[0], featureWeights }] }).numbers.length;
    const plain = { feature: 'a', weight: 1, absent: false, source: 'factor' as const };
    const none = sizeWith();
    expect(sizeWith(plain) - none).toBe(2);
    expect(sizeWith(plain, { ...plain, interval: [0, 2] }) - none).toBe(6);
  });

  it('holds every long list as bytes, and every feature once', () => {
    const { rest, numbers, features } = packAnalysis(model);
    const lists = rest.layers.flatMap((one) => [
      ...one.singularValues,
      ...one.centredSingularValues,
      ...one.viewCorrelation,
      ...one.featureWeights,
    ]);
    expect([...lists, ...rest.similarity.cka.flat()]).toEqual([]);
    expect(numbers).toContain(model.layers[0].singularValues[0]);
    const kinds = model.layers.flatMap((one) =>
      one.featureWeights.map(({ weight: _, ...kind }) => JSON.stringify(kind)),
    );
    expect(features).toHaveLength(new Set(kinds).size);
  });
});
