import { permutation, type RandomStream } from '../../data/index.ts';

/** The folds of a task, if it has samples for them. */
export const FOLDS = 5;

/**
 * The fold of every sample, 0 .. count - 1, with the classes spread evenly: scikit-learn's `StratifiedKFold`. Sorted by
 * class (in the order of first appearance), sample i is in fold i mod count; that settles how many of each class a fold
 * has. Which ones is random, or in the order of the data without `random`.
 */
export const stratifiedFolds = (labels: Int32Array, count: number, random?: RandomStream): Int32Array => {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, sample) => {
    const samples = byClass.get(label);
    if (samples === undefined) byClass.set(label, [sample]);
    else samples.push(sample);
  });
  const folds = new Int32Array(labels.length);
  let before = 0;
  for (const samples of byClass.values()) {
    const own = samples.map((_, at) => (before + at) % count).sort((a, b) => a - b);
    const order = random === undefined ? null : permutation(samples.length, random);
    own.forEach((fold, at) => {
      folds[samples[order === null ? at : order[at]]] = fold;
    });
    before += samples.length;
  }
  return folds;
};

/** Two samples for each fold. */
const FEWEST = 2 * FOLDS;

/** How many folds these labels allow: none when there are too few samples, or one class. */
export const foldsFor = (labels: Int32Array): number =>
  labels.length < FEWEST || new Set(labels).size < 2 ? 0 : FOLDS;
