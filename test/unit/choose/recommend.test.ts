import { describe, expect, it } from 'vitest';
import { recommend } from '../../../src/choose/index.ts';
import { formatRecommendation } from '../../../src/cli/recommendationText.ts';
import {
  type Analysis,
  analysisSchema,
  type Evaluation,
  Fault,
  type LayerAnalysis,
  type Probe,
  recommendationSchema,
} from '../../../src/protocol/index.ts';

/** A 95 % interval of roughly the right width; only its ends are used. */
const accuracyOf = (accuracy: number, samples: number) => {
  const half = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / samples);
  const interval: [number, number] = [Math.max(0, accuracy - half), Math.min(1, accuracy + half)];
  return { accuracy, interval, samples };
};

const evaluation = (on: string, accuracy: number, samples = 1000, worst?: [number, number]): Evaluation => {
  const worstGroup = worst && { ...accuracyOf(...worst), group: 'label=1, place=0', trainSamples: 9 };
  return {
    ...accuracyOf(accuracy, samples),
    on,
    groups: worstGroup ? [worstGroup] : [],
    worstGroup: worstGroup ?? null,
    trainWeightedAccuracy: null,
  };
};

const probe = (evaluations: Evaluation[], change: Partial<Probe> = {}): Probe => ({
  task: 'digit',
  factor: 'digit',
  classes: 10,
  method: 'logistic-standardised',
  trainSamples: 4000,
  evaluations,
  shuffledNull: accuracyOf(0.1, 1000),
  ...change,
});

const layer = (name: string, probes: Probe[], part: LayerAnalysis['part'] = 'encoder'): LayerAnalysis => ({
  name,
  part,
  role: 'inner',
  dimensions: 8,
  samples: 1000,
  pooling: 'none',
  singularValues: [1],
  centredSingularValues: [1],
  measures: {},
  featureWeights: [],
  inequality: { effectiveNumber: { value: 1 }, gini: { value: 0 } },
  viewCorrelation: [],
  probes,
});

const analysis = (layers: LayerAnalysis[]): Analysis =>
  analysisSchema.parse({
    version: 1,
    experiment: 'demo',
    seed: 0,
    epoch: 5,
    step: 75,
    backend: 'native',
    dataHash: 'abc',
    samples: { train: 4000, test: 1000 },
    definitions: {},
    layers,
    similarity: { samples: 0, cka: [] },
    absent: { threshold: 'none', byLayer: {} },
    theory: null,
  });

const plain = (accuracies: Record<string, number>, samples = 1000): Analysis =>
  analysis(
    Object.entries(accuracies).map(([name, value]) =>
      layer(name, [probe([evaluation('test', value, samples)])]),
    ),
  );

describe('recommend', () => {
  it('takes the earliest layer within one standard error of the best', () => {
    // One standard error of 0.900 over 1000 samples is sqrt(0.09 / 1000) = 0.00949.
    const result = recommend(plain({ a: 0.8, b: 0.892, c: 0.9, d: 0.895 }));
    expect(recommendationSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      task: 'digit',
      method: 'logistic-standardised',
      on: 'test',
      criterion: 'accuracy',
      verdict: 'clear',
      recommended: { layer: 'b', accuracy: 0.892, samples: 1000 },
      runnerUp: { layer: 'c' },
      best: { layer: 'c' },
    });
    expect(result.ranking.map((candidate) => candidate.layer)).toEqual(['c', 'd', 'b', 'a']);
    expect(result.best.standardError).toBeCloseTo(Math.sqrt(0.09 / 1000), 12);
    expect(result.reason).toBe(
      '"b" is the earliest of 4 layers within one standard error (0.9 points) of the best accuracy on digit, ' +
        '90.0\u00a0% at "c"; it has 89.2\u00a0% (95 % interval 87.3\u00a0% to 91.1\u00a0%, 1,000 test samples); runner-up "c" with 90.0\u00a0%.',
    );
  });

  it('takes the best layer when no earlier one comes near, and the earlier of equals', () => {
    const result = recommend(plain({ a: 0.8, b: 0.89, c: 0.9, d: 0.9 }));
    expect(result.recommended.layer).toBe('c');
    expect(result.runnerUp?.layer).toBe('d');
    expect(result.reason).toContain('"c" has the best accuracy on digit, 90.0\u00a0%');
  });

  it('leaves out the input and the classifier', () => {
    const result = recommend(
      analysis([
        layer('input', [probe([evaluation('test', 0.99)])], 'input'),
        layer('a', [probe([evaluation('test', 0.7)])]),
        layer('b', [probe([evaluation('test', 0.8)])], 'head'),
        layer('logits', [probe([evaluation('test', 0.95)])], 'classifier'),
      ]),
    );
    expect(result.ranking.map((candidate) => candidate.layer)).toEqual(['b', 'a']);
  });

  it('maximises the worst group, with the error of that group, when groups are given', () => {
    const result = recommend(
      analysis([
        layer('a', [probe([evaluation('test', 0.9, 1000, [0.62, 50])])]),
        layer('b', [probe([evaluation('test', 0.95, 1000, [0.5, 50])])]),
        layer('c', [probe([evaluation('test', 0.93, 1000, [0.65, 50])])]),
      ]),
    );
    // sqrt(0.65 * 0.35 / 50) = 0.067, so a is near c; the whole test set would give 0.008.
    expect(result).toMatchObject({
      criterion: 'worst-group accuracy',
      recommended: { layer: 'a', samples: 50 },
    });
    expect(result.best).toMatchObject({ layer: 'c', accuracy: 0.65 });
    expect(result.best.standardError).toBeGreaterThan(0.06);
    expect(result.reason).toContain('50 test samples of group label=1, place=0');
  });

  it('answers for the named task, method and shift', () => {
    const layers = ['a', 'b'].map((name, index) =>
      layer(name, [
        probe([evaluation('test', 0.6 + 0.2 * index), evaluation('faint', 0.9 - 0.2 * index)]),
        probe([evaluation('test', 0.7 - 0.2 * index)], { method: 'knn' }),
        probe([evaluation('test', 0.5 - 0.2 * index)], { task: 'clothes' }),
      ]),
    );
    const pick = (question: object) => recommend(analysis(layers), question).recommended;
    expect(pick({})).toMatchObject({ layer: 'b', accuracy: 0.8 });
    expect(pick({ on: 'faint' })).toMatchObject({ layer: 'a', accuracy: 0.9 });
    expect(pick({ method: 'knn' })).toMatchObject({ layer: 'a', accuracy: 0.7 });
    expect(pick({ task: 'clothes' })).toMatchObject({ layer: 'a', accuracy: 0.5 });
  });

  it('allows for no error at an accuracy of 1', () => {
    expect(recommend(plain({ a: 0.5, b: 0.999, c: 1 })).recommended.layer).toBe('c');
  });

  it('skips a layer whose probe failed and says so', () => {
    const failed = probe([], { note: 'the fit did not converge' });
    const source = analysis([
      layer('a', [failed]),
      layer('b', [probe([evaluation('test', 0.8)])]),
      layer('c', [probe([evaluation('test', 0.6)])]),
    ]);
    expect(recommend(source).ranking).toHaveLength(2);
    expect(recommend(source).reason).toContain('; without a score: a.');
  });
});

describe('no clear winner', () => {
  it('when every layer lies within one standard error of the best', () => {
    const result = recommend(plain({ a: 0.893, b: 0.9, c: 0.895 }));
    expect(result).toMatchObject({ verdict: 'no clear winner', recommended: { layer: 'a' } });
    expect(result.reason).toContain(
      'all 3 layers are within one standard error (0.9 points) of the best, "b"',
    );
  });

  it('when shuffled labels do as well', () => {
    const source = plain({ a: 0.09, b: 0.115 });
    const result = recommend(source);
    expect(result).toMatchObject({ verdict: 'no clear winner', recommended: { layer: 'b' } });
    expect(result.reason).toContain('the same probe on shuffled labels reaches 11.9\u00a0%');
    expect(recommend(plain({ a: 0.09, b: 0.125 })).verdict).toBe('clear');
  });

  it('when there is only one layer', () => {
    expect(recommend(plain({ a: 0.9 }))).toMatchObject({ verdict: 'no clear winner', runnerUp: null });
  });
});

describe('a question that the analysis cannot answer', () => {
  const messageOf = (source: Analysis, question: object) => {
    try {
      recommend(source, question);
    } catch (error) {
      return [(error as Fault).kind, (error as Fault).message];
    }
    throw new Error('it was answered');
  };

  it('lists what there is', () => {
    const source = plain({ a: 0.5, b: 0.6 });
    expect(messageOf(source, { task: 'x' })).toEqual([
      'input',
      'the analysis has no task "x". Use one of: digit.',
    ]);
    expect(messageOf(source, { method: 'svm' })).toEqual([
      'input',
      'the analysis has no method "svm". Use one of: logistic-standardised.',
    ]);
    expect(messageOf(source, { on: 'dark' })).toEqual([
      'input',
      'the analysis has no test set "dark". Use one of: test.',
    ]);
    expect(messageOf(analysis([layer('a', [])]), {})).toEqual([
      'input',
      'the analysis has no probes. Add a downstream task to the experiment (population data takes none) and train it into another folder.',
    ]);
  });

  it('gives the reason when no probe has a score', () => {
    const source = analysis([layer('a', [probe([], { note: 'one class only' })])]);
    expect(messageOf(source, {})).toEqual([
      'run',
      'no logistic-standardised probe of the task "digit" has a score (one class only). ' +
        'Inspect the run again with more samples, or choose another task or method.',
    ]);
    expect(() => recommend(source)).toThrow(Fault);
  });
});

describe('formatRecommendation', () => {
  it('ranks the layers and stars the recommended one', () => {
    const lines = formatRecommendation(recommend(plain({ a: 0.8, b: 0.892, c: 0.9 })));
    expect(lines[0]).toBe('Recommended layer: b (task digit, logistic-standardised probe, on test)');
    expect(
      lines.slice(2, 5).map((line) =>
        line
          .trim()
          .split(/\s{2,}/)
          .slice(0, 3),
      ),
    ).toEqual([
      ['c', '90.0', '88.1 to 91.9'],
      ['*', 'b', '89.2'],
      ['a', '80.0', '77.5 to 82.5'],
    ]);
    expect(lines[5]).toMatch(/^"b" is the earliest/);
  });
});
