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

/** The fold of every sample, at random: scikit-learn's `KFold`, shuffled. */
export const randomFolds = (samples: number, count: number, random: RandomStream): Int32Array =>
  stratifiedFolds(new Int32Array(samples), count, random);

/**
 * The fold of every sample, so that samples with the same value of `together` share one: scikit-learn's
 * `StratifiedGroupKFold`. Each value in turn, those with the most unequal counts of classes first, is given to the fold
 * that leaves the shares of each class most even over the folds (standard deviation, averaged over the classes), and
 * of equals to the one with the fewest samples. Values that are equal in this come in random order, or by value without
 * `random`.
 */
export const foldsTogether = (
  labels: Int32Array,
  together: ArrayLike<number>,
  count: number,
  random?: RandomStream,
): Int32Array => {
  const classed = indexed(labels);
  const kept = indexed(together);
  const classes = classed.distinct;
  const counts = Array.from({ length: kept.distinct }, () => new Float64Array(classes));
  const totals = new Float64Array(classes);
  labels.forEach((_, sample) => {
    counts[kept.index[sample]][classed.index[sample]]++;
    totals[classed.index[sample]]++;
  });
  const deviations = counts.map(deviationOf);
  const first = random === undefined ? Int32Array.from(counts.keys()) : permutation(counts.length, random);
  const order = [...first].sort((a, b) => deviations[b] - deviations[a]);
  const folds = Array.from({ length: count }, () => new Float64Array(classes));
  const foldOf = new Int32Array(counts.length);
  for (const value of order) {
    const best = bestFold(folds, counts[value], totals);
    for (let k = 0; k < classes; k++) folds[best][k] += counts[value][k];
    foldOf[value] = best;
  }
  return kept.index.map((value) => foldOf[value]);
};

/** The place of every value among the distinct ones, ascending. */
const indexed = (values: ArrayLike<number>): { index: Int32Array; distinct: number } => {
  const places = new Map(
    [...new Set(Array.from(values))].sort((a, b) => a - b).map((value, at) => [value, at]),
  );
  return { index: Int32Array.from(values, (value) => places.get(value)!), distinct: places.size };
};

const deviationOf = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** The fold to which samples with these counts of classes are added. */
const bestFold = (folds: readonly Float64Array[], added: Float64Array, totals: Float64Array): number => {
  let best = 0;
  let [leastUneven, fewest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  folds.forEach((own, candidate) => {
    let uneven = 0;
    const shares = new Float64Array(folds.length);
    for (let k = 0; k < totals.length; k++) {
      folds.forEach((counts, fold) => {
        shares[fold] = (counts[k] + (fold === candidate ? added[k] : 0)) / totals[k];
      });
      uneven += deviationOf(shares) / totals.length;
    }
    const samples = own.reduce((sum, each) => sum + each, 0);
    const isEven = Math.abs(uneven - leastUneven) <= 1e-8 + 1e-5 * leastUneven;
    if (uneven >= leastUneven && !(isEven && samples < fewest)) return;
    best = candidate;
    [leastUneven, fewest] = [uneven, samples];
  });
  return best;
};

/** Two samples for each fold. */
const FEWEST = 2 * FOLDS;

/**
 * How many folds these labels allow: none when there are too few samples, or one class, or one value of what has to stay
 * together.
 */
export const foldsFor = (labels: Int32Array, together: ArrayLike<number> | null = null): number =>
  new Set(labels).size < 2 ? 0 : foldsOfSamples(labels.length, together);

/** The same for samples without classes. */
export const foldsOfSamples = (samples: number, together: ArrayLike<number> | null): number => {
  if (samples < FEWEST) return 0;
  const most = together === null ? FOLDS : new Set(Array.from(together)).size;
  return most < 2 ? 0 : Math.min(FOLDS, most);
};
