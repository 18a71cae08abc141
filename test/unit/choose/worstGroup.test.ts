import { describe, expect, it } from 'vitest';
import { recommend } from '../../../src/choose/index.ts';
import { type Probe, recommendationSchema } from '../../../src/protocol/index.ts';
import { analysis, first, grouped, layer, plain } from './analyses.ts';

describe('the worst group', () => {
  /** 400 samples of `large`, and of the others as many as there are outcomes. */
  const groups = (large: number, small: number[]): Probe => grouped({ large: first(large, 400), small });

  it('is maximised when asked, not otherwise', () => {
    const source = analysis([
      layer('a', [groups(360, first(90, 100))]),
      layer('b', [groups(392, first(30, 100))]),
    ]);
    expect(recommend(source).recommended.layer).toBe('a');
    const byGroup = recommend(source, { criterion: 'worst-group accuracy' });
    expect(byGroup.recommended).toMatchObject({ layer: 'a' });
    expect(byGroup.ranking[1]).toMatchObject({ layer: 'b', group: 'small' });
    expect(recommendationSchema.parse(byGroup)).toEqual(byGroup);
  });

  it('is shrunk as the formula says', () => {
    // By numpy, from the formula in scores.ts, with accuracies 0.9 and 0.8 of two groups of 400 and 20 at two layers.
    const source = analysis([
      layer('a', [groups(360, first(12, 20))]),
      layer('b', [groups(340, first(17, 20))]),
    ]);
    const { ranking } = recommend(source, { criterion: 'worst-group accuracy' });
    const A = { a: [0.9, 0.6], b: [0.85, 0.85] };
    const all = { a: (0.9 + 0.6) / 2, b: (0.85 + 0.85) / 2 };
    const effects = [0, 1].map((g) => (A.a[g] - all.a + (A.b[g] - all.b)) / 2);
    const levels = [0, 1].map((g) => (A.a[g] + A.b[g]) / 2);
    const variances = levels.map((level, g) => (level * (1 - level)) / [400, 20][g]);
    const excess = [0, 1].map(
      (g) => ((A.a[g] - all.a - effects[g]) ** 2 + (A.b[g] - all.b - effects[g]) ** 2) / 2 - variances[g],
    );
    const tau2 = Math.max(0, (excess[0] + excess[1]) / 2);
    const shrunk = (name: 'a' | 'b') =>
      Math.min(
        ...[0, 1].map((g) => {
          const expected = all[name] + effects[g];
          return expected + (tau2 / (tau2 + variances[g])) * (A[name][g] - expected);
        }),
      );
    expect(tau2).toBeGreaterThan(0);
    for (const name of ['a', 'b'] as const) {
      expect(ranking.find((each) => each.layer === name)?.accuracy).toBeCloseTo(shrunk(name), 12);
    }
  });

  it('is not drawn up by a majority that has something else in common', () => {
    // The minority is 12 of 300: b reads half of it, a nearly none, and the majority hides that.
    const minority = (large: number, small: number) => [
      grouped({ large: first(large, 288), small: first(small, 12) }),
    ];
    const source = analysis([layer('a', minority(286, 2)), layer('b', minority(277, 7))]);
    expect(recommend(source).recommended.layer).toBe('a');
    expect(recommend(source, { criterion: 'worst-group accuracy' }).recommended.layer).toBe('b');
  });

  it('of few samples is not taken at its word', () => {
    // Four of five right against five of five: one sample, but 20 points.
    const source = analysis([layer('a', [groups(396, first(4, 5))]), layer('b', [groups(320, first(5, 5))])]);
    expect(recommend(source, { criterion: 'worst-group accuracy' }).recommended.layer).toBe('a');
  });

  it('is reported beside the accuracy', () => {
    const source = analysis([layer('a', [groups(360, first(60, 100))])]);
    const { recommended, reason } = recommend(source);
    expect(recommended.reported?.worstGroup).toMatchObject({ group: 'small', accuracy: 0.6 });
    expect(reason).toContain('worst group small, 60.0\u00a0%');
  });

  it('needs groups', () => {
    expect(() => recommend(plain({ a: first(900) }), { criterion: 'worst-group accuracy' })).toThrow(
      'the task "digit" has no groups. Give the task "groups" in the experiment file and inspect the run again.',
    );
  });
});
