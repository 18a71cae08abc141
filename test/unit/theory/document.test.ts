import { describe, expect, it } from 'vitest';
import { formatTheory } from '../../../src/cli/theoryText.ts';
import { theorySchema } from '../../../src/protocol/index.ts';
import { theoryDocument } from '../../../src/theory/index.ts';

const question = { strengths: [0.3, 0.6, 1, 1.5, 2.5], noise: [1, 0.5, 1, 0.5, 0.3], layers: 2 };

describe('the theory document', () => {
  it('lists layers 1 to L with the known weights', () => {
    const document = theorySchema.parse(theoryDocument(question));
    expect(document.layers.map(({ layer }) => layer)).toEqual([1, 2]);
    const post = [0.2752, 0.9836, 0.5, 0.6, 0.3943];
    post.forEach((weight, j) => {
      expect(document.layers[1].weights[j]).toBeCloseTo(weight, 4);
      expect(document.layers[0].weights[j]).toBeCloseTo(Math.sqrt(document.layers[1].weights[j]), 12);
    });
  });

  it('prefers early layers for the weakest feature and the output for the strongest', () => {
    const { features } = theoryDocument({ ...question, layers: 4, downstreamStrengths: [1, 1, 1, 1, 1] });
    expect(features[0]).toMatchObject({ feature: 1, prefer: 'pre', bestDepthFraction: 0, bestLayer: 1 });
    expect(features[1]).toMatchObject({ feature: 2, prefer: 'post', bestDepthFraction: 1, bestLayer: 4 });
  });

  it('has no threshold for a single feature', () => {
    expect(theoryDocument({ strengths: [1], noise: [1], layers: 1 }).features).toEqual([
      { feature: 1, postWeight: 0.5, tau: null, prefer: 'either', bestDepthFraction: 0, bestLayer: 1 },
    ]);
  });

  it.each([
    [{ noise: [1] }, 'noise: holds 1 values for 5 features. Give 5 numbers, one per feature.'],
    [{ noise: [1, 1, -1, 1, 1] }, 'noise: value 3 is -1. Give a finite number of at least 0.'],
    [{ strengths: [1, 1, 0, 1, 1] }, 'strengths: value 3 is 0. Give a finite number above 0.'],
    [{ strengths: [] }, 'strengths: holds no feature. Give one number per feature.'],
    [{ layers: 1.5 }, 'layers: 1.5 is not a number of layers. Give a whole number from 1 to 1000.'],
    [{ downstreamStrengths: [1] }, 'downstream: holds 1 values for 5 features.'],
    [{ drop: [0, 0, 0, 0, 1.5] }, 'drop: value 5 is 1.5. Give a finite number from 0 to 1.'],
    [{ resample: [0] }, 'resample: holds 1 values for 5 features.'],
    [{ weightDecay: -1 }, 'weight-decay: is -1. Give a finite number of at least 0.'],
  ])('refuses %o', (change, message) => {
    expect(() => theoryDocument({ ...question, ...change })).toThrow(message);
  });

  it('prints a table with one row per layer and one per downstream feature', () => {
    const lines = formatTheory(theoryDocument(question));
    const row = (title: string) =>
      lines
        .find((line) => line.startsWith(title))!
        .trim()
        .split(/\s{2,}/);
    expect(row('layer 1 (pre)')).toEqual(['layer 1 (pre)', '0.5246', '0.9918', '0.7071', '0.7746', '0.6280']);
    expect(row('layer 2 (post)')).toEqual([
      'layer 2 (post)',
      '0.2752',
      '0.9836',
      '0.5000',
      '0.6000',
      '0.3943',
    ]);
    expect(row('1 ').slice(0, 2)).toEqual(['1', '0.2752']);
  });
});
