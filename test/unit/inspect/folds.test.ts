import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream } from '../../../src/data/index.ts';
import {
  foldsFor,
  foldsOfSamples,
  foldsTogether,
  randomFolds,
  stratifiedFolds,
} from '../../../src/inspect/probes/folds.ts';

/** Labels, what has to stay together, and the folds that scikit-learn makes, by makeProbes.py. */
interface Case {
  readonly labels: number[];
  readonly folds: number[];
  readonly together: number[];
  readonly foldsTogether: number[];
}

const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./fixtures/probes.json', import.meta.url), 'utf8'),
);

describe('stratified folds', () => {
  for (const [name, data] of Object.entries(cases)) {
    it(`are those of scikit-learn on ${name}`, () => {
      expect([...stratifiedFolds(Int32Array.from(data.labels), 5)]).toEqual(data.folds);
    });

    it(`have as many of each class in a random order on ${name}`, () => {
      const labels = Int32Array.from(data.labels);
      const folds = stratifiedFolds(labels, 5, openStream(3, 'folds'));
      expect([...folds]).not.toEqual(data.folds);
      const counts = (of: ArrayLike<number>) =>
        Array.from(labels, (label, at) => `${label} in ${of[at]}`).sort();
      expect(counts(folds)).toEqual(counts(data.folds));
    });
  }

  it('keep a class that is smaller than the folds', () => {
    const labels = Int32Array.from({ length: 21 }, (_, at) => Number(at === 20));
    expect(foldsFor(labels)).toBe(5);
    expect(new Set(stratifiedFolds(labels, 5)).size).toBe(5);
  });

  it('are none for one class, and for fewer than two samples a fold', () => {
    expect(foldsFor(new Int32Array(100))).toBe(0);
    expect(foldsFor(Int32Array.from([0, 1, 0, 1, 0, 1, 0, 1, 0]))).toBe(0);
  });
});

describe('folds that keep samples together', () => {
  for (const [name, data] of Object.entries(cases)) {
    it(`are those of scikit-learn on ${name}`, () => {
      const { labels, together, foldsTogether: expected } = data;
      expect([...foldsTogether(Int32Array.from(labels), together, 5)]).toEqual(expected);
    });
  }

  it('never part samples with the same value, in any order, and use every fold', () => {
    const values = { minLength: 40, maxLength: 40 };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), values),
        fc.array(fc.integer({ min: 0, max: 9 }), values),
        fc.nat(),
        (labels, together, seed) => {
          const count = foldsFor(Int32Array.from(labels), together);
          fc.pre(count > 0);
          const folds = foldsTogether(Int32Array.from(labels), together, count, openStream(seed, 'folds'));
          const pairs = new Set(together.map((value, at) => `${value} in ${folds[at]}`));
          expect(pairs.size).toBe(new Set(together).size);
          expect(new Set(folds).size).toBe(count);
        },
      ),
    );
  });

  it('are as many as there are values, and none for a single one', () => {
    const labels = Int32Array.from({ length: 30 }, (_, at) => at % 2);
    const thirds = Array.from(labels, (_, at) => at % 3);
    expect(foldsFor(labels, thirds)).toBe(3);
    expect(foldsFor(labels, new Int32Array(30))).toBe(0);
  });
});

describe('folds without classes', () => {
  it('differ in size by one sample at most, in a seeded order', () => {
    const folds = randomFolds(23, 5, openStream(1, 'folds'));
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length);
    expect(sizes.sort()).toEqual([4, 4, 5, 5, 5]);
    expect(randomFolds(23, 5, openStream(1, 'folds'))).toEqual(folds);
    expect(randomFolds(23, 5, openStream(2, 'folds'))).not.toEqual(folds);
  });

  it('need two samples each', () => {
    expect([9, 10].map((samples) => foldsOfSamples(samples, null))).toEqual([0, 5]);
    expect(foldsOfSamples(30, new Int32Array(30))).toBe(0);
  });
});
