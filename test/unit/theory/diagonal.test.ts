import { describe, expect, it } from 'vitest';
import { diagonalOutcome } from '../../../src/theory/index.ts';
import oracle from './fixtures/theory.json';

describe('the diagonal network', () => {
  it.each(oracle.diagonal)('phi $phi, start $w1 and $w2, threshold $b', (row) => {
    const end = diagonalOutcome({ strength: row.phi, first: row.w1, second: row.w2, threshold: row.b });
    expect(end.preWeight).toBeCloseTo(row.pre, 6);
    expect(end.postAmplitude).toBeCloseTo(row.amplitude, 6);
  });

  it('leaves a feature that never crosses the threshold present below and absent above', () => {
    const ends = [0.3, 1, 2, 3, 4].map((strength) =>
      diagonalOutcome({ strength, first: 0.3, second: 0.3, threshold: 0.5 }),
    );
    expect(ends.map((end) => end.postAmplitude)).toEqual([0, 0, 1, 1, 1]);
    expect(ends.slice(0, 2).map((end) => end.preWeight)).toEqual([0.3, 0.3]);
    // The note's values are from a finite step; gradient flow ends within 0.002 of them.
    [0.928, 0.715, 0.597].forEach((expected, index) => {
      expect(Math.abs(ends[index + 2].preWeight - expected)).toBeLessThan(0.002);
    });
  });
});
