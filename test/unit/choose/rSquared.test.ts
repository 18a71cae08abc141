import { describe, expect, it } from 'vitest';
import { recommend } from '../../../src/choose/index.ts';
import { formatRecommendation } from '../../../src/cli/recommendationText.ts';
import { type OutOfFold, type Probe, packParts, recommendationSchema } from '../../../src/protocol/index.ts';
import { analysis, first, layer, probe } from './analyses.ts';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** So many samples that add `level` + or - `spread` in turn. */
const parts = (level: number, spread: number, samples = 100): number[] =>
  Array.from({ length: samples }, (_, at) => level + (at % 2 === 0 ? spread : -spread));

const evaluationOf = (on: string, values: readonly number[]): Probe['evaluations'][0] => ({
  on,
  accuracy: mean(values),
  interval: [mean(values) - 0.1, Math.min(1, mean(values) + 0.1)],
  samples: values.length,
  outcomes: packParts(values),
  groups: [],
  worstGroup: null,
  trainWeightedAccuracy: null,
});

const ridge = (values: readonly number[], change: Partial<Probe> = {}): Probe =>
  probe([1], {
    task: 'speed',
    factor: 'speed',
    classes: null,
    method: 'ridge-standardised',
    score: 'R²',
    evaluations: [evaluationOf('test', values)],
    outOfFold: { ...evaluationOf('train', values), on: 'train', folds: 5 } as OutOfFold,
    c: null,
    alpha: 1,
    shuffledNull: { accuracy: -0.01, interval: [-0.03, 0.01], samples: 100 },
    majority: -0.001,
    ...change,
  });

const twoLayers = analysis([
  layer('conv', [ridge(parts(0.75, 0.5))]),
  layer('pool', [ridge(parts(0.5, 0.25))], 'encoder', 'pre-projection'),
]);

describe('a recommendation for a continuous factor', () => {
  it('compares the R² of layers on the same samples', () => {
    const result = recommend(twoLayers);
    expect(recommendationSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      task: 'speed',
      method: 'ridge-standardised',
      criterion: 'R²',
      verdict: 'clear',
      unbeaten: [],
      recommended: { layer: 'conv', accuracy: 0.75 },
    });
    // The differences are 0.5 and 0 in turn: a deviation of 0.25 over 100 samples.
    expect(result.ranking[1]).toMatchObject({ layer: 'pool', loss: 0.25, lossError: 0.025, near: false });
    // 1.96 deviations (ddof 1) of one layer, which is wider.
    const [low] = result.recommended.interval;
    expect(low).toBeCloseTo(0.75 - (1.959964 * 0.5) / Math.sqrt(99), 6);
  });

  it('says R² in place of accuracy', () => {
    const result = recommend(twoLayers);
    expect(result.reason).toContain('"conv" has the highest R² on speed, 75.0\u00a0% out of fold');
    expect(result.reason).toContain('On the test split it has R² 75.0\u00a0%');
    expect(formatRecommendation(result, []).join('\n')).toMatch(/layer +R² % +95 % interval/);
  });

  it('says first when shuffled values or their mean are as good', () => {
    const { unbeaten, reason } = recommend(
      analysis([layer('conv', [ridge(parts(0.005, 0.5))]), layer('pool', [ridge(parts(-0.5, 0.5))])]),
    );
    expect(unbeaten).toEqual(['chance']);
    expect(reason).toMatch(
      /^"conv" does not do better on speed than chance, a probe of shuffled values or always their mean: R² 0\.5\u00a0% on/,
    );
  });

  it('says that equal layers predict the same', () => {
    const same = parts(0.5, 0.25);
    const { reason } = recommend(analysis([layer('a', [ridge(same)]), layer('b', [ridge(same)])]));
    expect(reason).toContain('All 2 layers predict the same: nothing tells them apart.');
  });

  it('is by the columns that other tasks are ranked by', () => {
    const both = [
      probe(first(900)),
      ridge(parts(0.5, 0.25)),
      ridge(parts(0.25, 0.25), { method: 'ridge-raw' }),
    ];
    const methodFor = (usualMethod: 'logistic-raw' | 'knn') =>
      recommend(analysis([layer('a', both)], { usualMethod }), { task: 'speed' }).method;
    expect([methodFor('logistic-raw'), methodFor('knn')]).toEqual(['ridge-raw', 'ridge-standardised']);
  });

  it('has no worst group', () => {
    expect(() => recommend(twoLayers, { criterion: 'worst-group accuracy' })).toThrow(
      'the task "speed" has R² and no accuracy of groups. Choose without a criterion',
    );
  });

  it('is not made of numbers that are none', () => {
    const damaged = ridge(parts(0.5, 0.25));
    const broken = packParts(parts(Number.NaN, 0));
    const layers = [
      layer('a', [{ ...damaged, outOfFold: { ...damaged.outOfFold!, outcomes: broken } }]),
      layer('b', [ridge(parts(0.25, 0.25))]),
    ];
    const { ranking, reason } = recommend(analysis(layers));
    expect(ranking.map((each) => each.layer)).toEqual(['b']);
    expect(reason).toContain('Without a score: a.');
  });
});
