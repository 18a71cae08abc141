import { describe, expect, it } from 'vitest';
import { singularValues } from '../../src/spectrum/index.ts';
import { corpusMatrices } from './matrices.ts';
import numpy from './spectra.json' with { type: 'json' };

const expected = new Map(Object.entries(numpy as Record<string, number[]>));

describe('the singular values of every matrix of the corpus', () => {
  it.each(['reshape', 'slices'] as const)("are numpy's to 1e-10 of the largest: %s", async (convolution) => {
    const seen: string[] = [];
    let worst = 0;
    for await (const { name, matrix } of corpusMatrices(convolution)) {
      const key = `${convolution} ${name}`;
      seen.push(key);
      const theirs = expected.get(key);
      expect(theirs, key).toBeDefined();
      const ours = singularValues(matrix);
      expect(ours, key).toHaveLength(theirs!.length);
      ours.forEach((sigma, i) => {
        worst = Math.max(worst, Math.abs(sigma - theirs![i]) / (theirs![0] || 1));
      });
    }
    expect(seen).toEqual([...expected.keys()].filter((key) => key.startsWith(convolution)));
    expect(worst).toBeLessThan(1e-10);
  });
});
