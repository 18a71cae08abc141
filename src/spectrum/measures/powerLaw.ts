/** A continuous power law p(x) ~ x^-alpha for x >= xmin, fitted to the tail of a spectrum. */
interface PowerLaw {
  readonly alpha: number;
  readonly xmin: number;
  /** (alpha - 1) / sqrt(tail): the large-sample standard error at known xmin. */
  readonly sigma: number;
  /** One-sided Kolmogorov-Smirnov distance (against j / n only), the one that is minimised. */
  readonly distance: number;
  /** The usual two-sided distance at the same xmin. */
  readonly twoSidedDistance: number;
  /** Position of xmin among the eigenvalues kept, ascending, and how many are at or above it. */
  readonly index: number;
  readonly tail: number;
}

export interface PowerLawFit {
  readonly fit: PowerLaw | null;
  /** Why there is no fit, or a caution about it. */
  readonly note?: string;
}

const FLOOR = 1e-5;
const FEW = 50;
/** The work grows with the square: this many take some 3 s. */
const MOST = 30_000;
/** Fewer eigenvalues than this in the tail, or fewer different ones, do not make a power law. */
const FEWEST = 10;
const FEWEST_DIFFERENT = 3;
/** A tail whose eigenvalues differ by less than this share is one value with noise. */
const NEARLY_EQUAL = 0.01;

export interface PowerLawOptions {
  /** Eigenvalues up to this are dropped. */
  readonly floor?: number;
  /** Roots of eigenvalues (singular values) that differ by no more than this are equal. */
  readonly equal?: number;
}

/**
 * Power-law fit of eigenvalues lambda = sigma^2 (not divided by N, not centred) in the manner of Clauset, Shalizi and Newman 2009,
 * like WeightWatcher's WWFit: drop lambda <= 1e-5; sort ascending; for every start i except the last, with n = N - i,
 * alpha_i = 1 + n / sum_{j>=i} ln(x_j / x_i), D_i = max_j |1 - (x_j / x_i)^(1 - alpha_i) - j / n| when alpha_i > 1 (else 1);
 * the first smallest D wins. A start is abandoned as soon as it is beaten, which does not change the result.
 *
 * Unlike WWFit: a start from which on all values are equal, within rounding, does not count; and there is no fit, with
 * the reason, when the tail of the best start has fewer than 10 eigenvalues, fewer than 3 different ones, or spans less
 * than 1 %.
 */
export function fitPowerLaw(
  eigenvalues: Float64Array,
  { floor = FLOOR, equal = 0 }: PowerLawOptions = {},
): PowerLawFit {
  const x = eigenvalues.filter((lambda) => lambda > floor).sort();
  if (x.length < 2)
    return { fit: null, note: `${['no eigenvalue', 'one eigenvalue'][x.length]} above ${floor}` };
  if (x.length > MOST)
    return { fit: null, note: `${x.length} eigenvalues are more than the ${MOST} that are fitted` };
  const logs = x.map(Math.log);
  const alphas = tailExponents(logs);
  const starts = differingStarts(x, equal);
  let index = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < starts; i++) {
    if (alphas[i] === Number.POSITIVE_INFINITY) continue;
    const d = alphas[i] > 1 ? tailDistance(logs, i, alphas[i], distance, 0) : 1;
    if (d < distance) {
      distance = d;
      index = i;
    }
  }
  if (index < 0) return { fit: null, note: 'all eigenvalues are equal' };
  const objection = objectionTo(x.subarray(index), equal);
  if (objection !== null) return { fit: null, note: objection };
  const alpha = alphas[index];
  const tail = x.length - index;
  const twoSidedDistance = Math.max(distance, tailDistance(logs, index, alpha, Number.POSITIVE_INFINITY, 1));
  const fit = {
    alpha,
    xmin: x[index],
    sigma: (alpha - 1) / Math.sqrt(tail),
    distance,
    twoSidedDistance,
    index,
    tail,
  };
  return tail < FEW
    ? { fit, note: `only ${tail} eigenvalues in the tail: the error of alpha is a guide` }
    : { fit };
}

/** Number of starts before those from which on all values are equal; the last value is not a start. */
function differingStarts(x: Float64Array, equal: number): number {
  const largest = Math.sqrt(x[x.length - 1]);
  let starts = x.length - 1;
  while (starts > 0 && largest - Math.sqrt(x[starts - 1]) <= equal) starts--;
  return starts;
}

/** Why an ascending tail is not a power law; null if there is no objection. */
function objectionTo(tail: Float64Array, equal: number): string | null {
  const count = tail.length;
  if (count < FEWEST)
    return `only ${count} eigenvalues in the tail, fewer than the ${FEWEST} that a fit needs`;
  let different = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const value of tail) {
    if (Math.sqrt(value) - last <= equal) continue;
    last = Math.sqrt(value);
    if (++different >= FEWEST_DIFFERENT) break;
  }
  if (different < FEWEST_DIFFERENT) return `only ${different} different eigenvalues in the tail`;
  return tail[count - 1] < (1 + NEARLY_EQUAL) * tail[0]
    ? 'the eigenvalues in the tail are equal within 1 %'
    : null;
}

/** alpha_i of every start, from suffix sums; infinite where the tail is one repeated value. */
function tailExponents(logs: Float64Array): Float64Array {
  const alphas = new Float64Array(logs.length);
  let sum = 0;
  for (let i = logs.length - 1; i >= 0; i--) {
    sum += logs[i];
    const n = logs.length - i;
    const spread = sum - n * logs[i];
    const rounding = 4 * n * Number.EPSILON * (Math.abs(sum) + n * Math.abs(logs[i]));
    alphas[i] = spread > rounding ? 1 + n / spread : Number.POSITIVE_INFINITY;
  }
  return alphas;
}

/** max_j |1 - (x_j / x_i)^(1 - alpha) - (j + step) / n|, or any value at least `beaten` once it is reached. */
function tailDistance(logs: Float64Array, i: number, alpha: number, beaten: number, step: 0 | 1): number {
  const n = logs.length - i;
  let largest = 0;
  for (let j = 0; j < n; j++) {
    const deviation = Math.abs(1 - Math.exp((1 - alpha) * (logs[i + j] - logs[i])) - (j + step) / n);
    if (deviation > largest) {
      largest = deviation;
      if (largest >= beaten) break;
    }
  }
  return largest;
}
