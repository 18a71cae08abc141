import { describe, expect, it } from 'vitest';
import { recommend, recommendationsOverSeeds } from '../../../src/choose/index.ts';
import { formatOverSeeds } from '../../../src/cli/recommendationText.ts';
import { first, last, plain } from './analyses.ts';

const runOf = (seed: number, accuracies: Record<string, number[]>) => ({
  folder: `run-${seed}`,
  seed,
  recommendation: recommend(plain(accuracies)),
});

describe('recommendations over seeds', () => {
  const runs = [
    runOf(0, { low: first(700), high: first(600) }),
    runOf(1, { low: first(705), high: last(700) }),
    runOf(2, { low: first(640), high: first(740) }),
  ];

  it('count how often each layer wins, and how often it cannot be told apart from the best', () => {
    const { seeds, task, layers } = recommendationsOverSeeds(runs);
    expect([task, seeds]).toEqual(['digit', [0, 1, 2]]);
    expect(layers).toEqual([
      {
        layer: 'low',
        recommended: 2,
        near: 2,
        accuracy: expect.closeTo(2045 / 3000, 12),
        reported: expect.closeTo(2045 / 3000, 12),
      },
      // 700 of other samples against 705: their paired error is far above half a point.
      {
        layer: 'high',
        recommended: 1,
        near: 2,
        accuracy: expect.closeTo(0.68, 12),
        reported: expect.closeTo(0.68, 12),
      },
    ]);
  });

  it('are a table for a terminal', () => {
    const lines = formatOverSeeds(recommendationsOverSeeds(runs));
    expect(lines[0]).toBe(
      'low is recommended in 2 of 3 runs (task digit, logistic-standardised probe, seeds 0, 1, 2)',
    );
    expect(lines[2]).toMatch(/^low +2 of 3 +2 of 3 +68\.2 +68\.2$/);
  });

  it('are refused for runs with other layers', () => {
    const other = runOf(3, { low: first(700), top: first(600) });
    expect(() => recommendationsOverSeeds([runs[0], other])).toThrow('run-3: ranks other layers than run-0.');
  });
});
