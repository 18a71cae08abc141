import { describe, expect, it } from 'vitest';
import {
  additiveMoments,
  decayedPostWeight,
  decayedRoot,
  decayLimits,
  diagonalOutcome,
  escapeTime,
  learningOrder,
  postWeightAt,
  supervisedWeights,
  timeToReach,
} from '../../../src/theory/index.ts';
import oracle from './fixtures/theory.json';

describe('weight decay', () => {
  it.each(oracle.decay)('phi $phi, sigma $sigma, lambda $lambda', ({ phi, sigma, lambda, root, post }) => {
    const moments = additiveMoments(phi, sigma);
    if (root === null) expect(decayedRoot(moments, lambda)).toBeNull();
    else expect(decayedRoot(moments, lambda)).toBeCloseTo(root, 9);
    expect(decayedPostWeight(moments, lambda)).toBeCloseTo(post, 9);
  });

  it('removes the feature exactly at its limits', () => {
    const moments = additiveMoments(1.5, 0.5);
    const { existence, globalMinimum } = decayLimits(moments);
    const scale = 1.5 ** 3 / 2.5;
    expect(existence / scale).toBeCloseTo(1.5396, 4);
    expect(globalMinimum / scale).toBeCloseTo(1.0887, 4);
    expect(decayedPostWeight(moments, globalMinimum * 0.999)).toBeGreaterThan(0);
    expect(decayedPostWeight(moments, globalMinimum * 1.001)).toBe(0);
    expect(decayedRoot(moments, existence * 0.999)).not.toBeNull();
    expect(decayedRoot(moments, existence * 1.001)).toBeNull();
    expect(decayedPostWeight(moments, 0)).toBeCloseTo(0.6, 12);
  });
});

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

describe('learning order', () => {
  it.each(oracle.learning)('phi $phi, sigma $sigma, from $u0 at $time', ({ phi, sigma, u0, time, pre }) => {
    const moments = additiveMoments(phi, sigma);
    const post = postWeightAt(moments, u0, time);
    expect(Math.sqrt(post)).toBeCloseTo(pre, 8);
    expect(timeToReach(moments, u0, pre ** 2)).toBeCloseTo(time, 5);
  });

  it('follows the strength, not the final weight', () => {
    const strengths = [0.3, 0.6, 1, 1.5, 2.5];
    const noise = [1, 0.5, 1, 0.5, 0.3];
    const moments = strengths.map((phi, j) => additiveMoments(phi, noise[j]));
    expect(learningOrder(moments, 0.05)).toEqual([4, 3, 2, 1, 0]);
    const early = moments.map((moment) => postWeightAt(moment, 0.05, escapeTime(moments[3], 0.05)));
    expect(early[4]).toBeGreaterThan(0.39);
    expect(early[0]).toBeLessThan(0.01);
  });
});

describe('the supervised spectral loss', () => {
  it('weights features as the fractional powers of B^-1 A B^-1', () => {
    const { layers, rank } = supervisedWeights(oracle.supervised, 3);
    expect(rank).toBe(oracle.supervised.rank);
    layers.forEach((weights, l) => {
      weights.forEach((weight, j) => {
        expect(weight).toBeCloseTo(oracle.supervised.layers[l][j], 8);
      });
    });
  });

  it('collapses a subclass feature that the label does not show', () => {
    const structure = {
      means: [
        [1, 0],
        [-1, 0],
      ],
      probabilities: [0.5, 0.5],
      secondMoment: [
        [1, 0],
        [0, 4],
      ],
    };
    expect(supervisedWeights(structure, 2)).toEqual({
      rank: 1,
      layers: [
        [1, 0],
        [1, 0],
      ],
    });
  });
});
