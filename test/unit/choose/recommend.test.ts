import { describe, expect, it } from 'vitest';
import { recommend } from '../../../src/choose/index.ts';
import { formatRecommendation } from '../../../src/cli/recommendationText.ts';
import { type Analysis, Fault, type Probe, recommendationSchema } from '../../../src/protocol/index.ts';
import { analysis, evaluation, first, last, layer, plain, probe } from './analyses.ts';

describe('recommend', () => {
  it('takes the layer with the highest accuracy out of fold, and the earlier of equals', () => {
    const result = recommend(plain({ a: first(800), b: first(900), c: first(900), d: first(850) }));
    expect(recommendationSchema.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      task: 'digit',
      method: 'logistic-standardised',
      criterion: 'accuracy',
      ranked: { on: 'train', samples: 1000, folds: 5 },
      on: 'test',
      recommended: { layer: 'b', accuracy: 0.9 },
      runnerUp: { layer: 'c' },
      best: { layer: 'b' },
    });
    expect(result.ranking.map((candidate) => candidate.layer)).toEqual(['b', 'c', 'd', 'a']);
  });

  it('is clear when every other layer is lower by more than 1.96 paired standard errors', () => {
    // Only 4 discordant samples, all for b: d = 0.004, se = sqrt(0.004 - 0.000016) / sqrt(1000) = 0.001996.
    const clear = recommend(plain({ a: first(896), b: first(900) }));
    expect(clear.ranking[1].lossError).toBeCloseTo(Math.sqrt(0.004 - 0.000016) / Math.sqrt(1000), 12);
    expect(clear.verdict).toBe('clear');
    // The same accuracies, but they err on other samples: d = 0.004, se = 0.0139.
    const unclear = recommend(plain({ a: last(896), b: first(900) }));
    expect(unclear.verdict).toBe('no clear winner');
    expect(unclear.ranking[1]).toMatchObject({ layer: 'a', near: true });
  });

  it('separates near layers from a merely unclear gap', () => {
    // 3 discordant samples: d / se = 1.733, between 1.645 and 1.96.
    const result = recommend(plain({ a: first(897), b: first(900) }));
    expect(result).toMatchObject({ verdict: 'no clear winner' });
    expect(result.ranking.map(({ near }) => near)).toEqual([true, false]);
    expect(result.reason).toContain(
      'No layer is as high, but the difference may be chance: "a" is 0.3 points',
    );
  });

  it('says that it loses where it does, and that nothing tells equal layers apart', () => {
    // In order: an earlier layer that is better on the test split than the one that is better out of fold.
    const pool = probe(first(700), { evaluations: [evaluation('test', first(600))] });
    const out = probe(first(690), { evaluations: [evaluation('test', first(625))] });
    const { reason } = recommend(
      analysis([
        layer('pool', [pool], 'encoder', 'pre-projection'),
        layer('out', [out], 'head', 'post-projection'),
      ]),
    );
    expect(reason).toMatch(
      / It loses 2\.5 points \(95 % interval 1\.5 to 3\.5\) against the last layer "out"\.$/,
    );
    expect(reason).not.toContain(' gains ');
    expect(recommend(plain({ a: first(500), b: first(500) })).reason).toContain(
      'All 2 layers get the same samples right: nothing tells them apart.',
    );
  });

  it('counts the layers that cannot be told apart', () => {
    const { reason } = recommend(plain({ a: last(895), b: first(900), c: first(899), d: first(500) }));
    expect(reason).toContain('3 of 4 layers cannot be told apart: b, c, a.');
  });

  it('reports samples that took no part in the choice', () => {
    const own = probe(first(700), { evaluations: [evaluation('test', first(333, 500))] });
    const { recommended, reason } = recommend(analysis([layer('a', [own])]));
    expect(recommended).toMatchObject({ accuracy: 0.7, reported: { accuracy: 0.666, samples: 500 } });
    expect(reason).toContain(
      '"a" has the highest accuracy on digit, 70.0\u00a0% out of fold (1,000 training samples in 5 folds).',
    );
    expect(reason).toContain('On the test split it has 66.6\u00a0% (95 % interval');
  });

  it('ranks on a test set when asked, and says what to expect of that', () => {
    const result = recommend(plain({ a: last(895), b: first(900) }), { on: 'test' });
    expect(result).toMatchObject({ ranked: { on: 'test', folds: 0 }, on: 'test' });
    // error phi(z) - value Phi(-z) with value 0.005 and error sqrt(0.205 - 0.000025) / sqrt(1000), by Python's erfc.
    expect(result.optimism).toBeCloseTo(0.003556451, 8);
    expect(result.reason).toContain('The same samples chose the layer, so expect about 0.4 points less.');
  });

  it('ranks on the test split when nothing was held out', () => {
    const alone = probe(first(800), { outOfFold: null });
    expect(recommend(analysis([layer('a', [alone])])).ranked).toEqual({
      on: 'test',
      samples: 1000,
      folds: 0,
    });
  });

  it('leaves out the input and the classifier', () => {
    const result = recommend(
      analysis([
        layer('input', [probe(first(990))], 'input', 'input'),
        layer('a', [probe(first(700))]),
        layer('b', [probe(first(800))], 'head'),
        layer('logits', [probe(first(950))], 'classifier', 'classifier'),
      ]),
    );
    expect(result.ranking.map((candidate) => candidate.layer)).toEqual(['b', 'a']);
  });

  it('answers for the named task, method and test set', () => {
    const layers = ['a', 'b'].map((name, index) =>
      layer(name, [
        probe(first(600 + 200 * index), {
          evaluations: [
            evaluation('test', first(600 + 200 * index)),
            evaluation('faint', first(900 - 200 * index)),
          ],
        }),
        probe(first(700 - 200 * index), { method: 'knn' }),
        probe(first(500 - 200 * index), { task: 'clothes' }),
      ]),
    );
    const pick = (question: object) => recommend(analysis(layers), question).recommended;
    expect(pick({})).toMatchObject({ layer: 'b', accuracy: 0.8 });
    expect(pick({ on: 'faint' })).toMatchObject({ layer: 'a', accuracy: 0.9 });
    expect(pick({ method: 'knn' })).toMatchObject({ layer: 'a', accuracy: 0.7 });
    expect(pick({ task: 'clothes' })).toMatchObject({ layer: 'a', accuracy: 0.5 });
  });

  it('uses the method that the analysis names', () => {
    const layers = [layer('a', [probe(first(500)), probe(first(600), { method: 'logistic-raw' })])];
    const result = recommend(analysis(layers, { usualMethod: 'logistic-raw' }));
    expect(result).toMatchObject({ method: 'logistic-raw', recommended: { accuracy: 0.6 } });
  });

  it('skips a layer whose probe failed and says so', () => {
    const failed = probe([], { note: 'the fit did not converge', evaluations: [], outOfFold: null });
    const source = analysis([
      layer('a', [failed]),
      layer('b', [probe(first(800))]),
      layer('c', [probe(first(600))]),
    ]);
    expect(recommend(source).ranking).toHaveLength(2);
    expect(recommend(source).reason).toContain('Without a score: a.');
  });
});

describe('the earliest layer within a tolerance', () => {
  const source = plain({ a: first(880), b: first(895), c: first(900) });

  it('loses at most that much with 95 % confidence', () => {
    // b: d = 0.005, se = 0.00223, so at most 0.00867.
    const pick = (within: number) => recommend(source, { within }).recommended.layer;
    expect(pick(0.0086)).toBe('c');
    expect(pick(0.0087)).toBe('b');
    expect(pick(0.05)).toBe('a');
  });

  it('says how much it may lose', () => {
    expect(recommend(source, { within: 0.01 }).reason).toContain(
      '"b" is the earliest layer that with 95 % confidence loses at most 1.0 points of the highest accuracy on digit, that of "c": it has 89.5\u00a0% out of fold (1,000 training samples in 5 folds) and loses at most 0.9 points.',
    );
  });
});

describe('what the layer is compared with', () => {
  const source = analysis([
    layer('input', [probe(first(454))], 'input', 'input'),
    layer('pool', [probe(first(263))], 'encoder', 'pre-projection'),
    layer('out', [probe(first(150))], 'head', 'post-projection'),
  ]);

  it('has the paired difference on the test split with its interval', () => {
    const { comparisons } = recommend(source);
    expect(comparisons.map((each) => [each.with, each.layer, each.accuracy])).toEqual([
      ['raw input', 'input', 0.454],
      ['last layer', 'out', 0.15],
    ]);
    const [input] = comparisons;
    expect(input.gain).toBeCloseTo(-0.191, 12);
    const error = Math.sqrt(0.191 - 0.191 ** 2) / Math.sqrt(1000);
    expect(input.interval[0]).toBeCloseTo(-0.191 - 1.959964 * error, 6);
  });

  it('says first that the raw input does better', () => {
    const { unbeaten, reason } = recommend(source);
    expect(unbeaten).toEqual(['raw input']);
    expect(reason).toMatch(
      /^The raw input reads digit better than "pool": 45\.4\u00a0% against 26\.3\u00a0% on the test split, a difference of 19\.1 points \(95 % interval 16\.7 to 21\.5\)\. "pool" has the highest/,
    );
  });

  it('counts the same layer of an untrained encoder, and says first when it does as well', () => {
    const untrained = (right: number) => ({ untrained: [{ layer: 'pool', probes: [probe(last(right))] }] });
    const layers = source.layers.slice(1);
    const same = recommend(analysis(layers, untrained(260)));
    expect(same.unbeaten).toEqual(['untrained encoder']);
    // 263 right of the first samples against 260 of the last: 523 discordant, so 0.3 points ± 4.5.
    expect(same.reason).toMatch(
      /^An untrained encoder may read digit as well as "pool": 26\.0\u00a0% against 26\.3\u00a0% on the test split, which is 0\.3 points \(95 % interval -4\.2 to 4\.8\) lower\./,
    );
    const worse = recommend(analysis(layers, untrained(100)));
    expect(worse.unbeaten).toEqual([]);
    expect(worse.reason).toContain('over the same layer of an untrained encoder');
  });

  it('says first that shuffled labels do as well', () => {
    const { unbeaten, reason } = recommend(plain({ a: first(90), b: first(115) }));
    expect(unbeaten).toEqual(['chance']);
    expect(reason).toMatch(
      /^"b" does not do better on digit than chance, a probe of shuffled labels or always the most frequent class: 11\.5\u00a0%/,
    );
    expect(recommend(plain({ a: first(90), b: first(150) })).unbeaten).toEqual([]);
  });

  it('says so when the most frequent class does as well, though shuffled labels do not', () => {
    const with45 = (right: number) =>
      recommend(analysis([layer('a', [probe(first(right), { majority: 0.45 })])]));
    expect(with45(460).unbeaten).toEqual(['chance']);
    expect(with45(600).unbeaten).toEqual([]);
  });

  it('says so when there is only one layer', () => {
    const result = recommend(plain({ a: first(900) }));
    expect(result).toMatchObject({ verdict: 'no clear winner', runnerUp: null });
    expect(result.reason).toContain('It is the only layer with a score');
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
    const source = plain({ a: first(500), b: first(600) });
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
    const failed = probe([], { evaluations: [], outOfFold: null, note: 'one class only' });
    const source = analysis([layer('a', [failed])]);
    expect(messageOf(source, {})).toEqual([
      'run',
      'no logistic-standardised probe of the task "digit" has a score (one class only). ' +
        'Inspect the run again with more samples, or choose another task or method.',
    ]);
    expect(() => recommend(source)).toThrow(Fault);
  });

  it('asks to inspect again what an earlier version inspected', () => {
    const { outOfFold, c, ...old } = probe(first(900));
    const { outcomes, ...test } = evaluation('test', first(900));
    const earlier = { ...old, evaluations: [test] };
    const source = analysis([layer('a', [earlier as unknown as Probe])], { version: 1 });
    expect(messageOf(source, {})).toEqual([
      'run',
      'an earlier version of Pentimento wrote this analysis. Inspect the run again.',
    ]);
  });
});

describe('formatRecommendation', () => {
  it('ranks the layers and marks the recommended one and those that cannot be told apart', () => {
    const lines = formatRecommendation(recommend(plain({ a: first(800), b: last(892), c: first(900) })));
    expect(lines[0]).toBe('No clear winner; highest layer: c (task digit, logistic-standardised probe)');
    expect(lines.slice(2, 5).map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['*', 'c', '90.0', '88.0 to 91.7', '-', '90.0'],
      ['~', 'b', '89.2', '87.1 to 91.0', '0.8 ± 2.8', '89.2'],
      ['a', '80.0', '77.4 to 82.4', '10.0 ± 1.9', '80.0'],
    ]);
    expect(lines[6]).toMatch(/^"c" has the highest accuracy on digit/);
  });

  it('ends with the cautions of the analysis, whatever is in them', () => {
    const lines = formatRecommendation(recommend(plain({ a: first(800) })), ['2 of 3 are \u001b[31mthere']);
    expect(lines.at(-1)).toMatch(/^Caution: 2 of 3 are .*there\.$/);
    expect(lines.at(-1)).not.toContain('\u001b');
  });
});
