import { diagonalise } from '../decomposition/tridiagonal.ts';
import { dot, matrix } from '../matrix.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import {
  addMultiple,
  type LinearOperator,
  orthogonalise,
  scaleInPlace,
  tallOperator,
} from './linearOperator.ts';

export interface LanczosOptions {
  /** Steps for each vector (default 100), at most the number of eigenvalues. */
  readonly steps?: number;
  /** Random unit vectors (default 4). */
  readonly vectors?: number;
  /** An integer below 2^53; the same seed gives the same estimate. */
  readonly seed?: number;
  /** Probability that a stated bound does not hold (default 0.01). */
  readonly failure?: number;
  /** Called before each step; throws to stop. */
  readonly check?: () => void;
}

/** Estimate of the distribution of the min(rows, columns) squared singular values lambda of a matrix. */
export interface SpectralDistribution {
  readonly eigenvalues: number;
  /** Ascending, not negative; node k represents the share `weights[k]` of the eigenvalues. The weights sum to 1. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Largest lambda: at least `lower`, at most `upper`. */
  readonly largest: { readonly lower: number; readonly upper: number };
  /** Bound of the difference of the distribution functions anywhere (Kolmogorov-Smirnov), at most 1. */
  readonly kolmogorov: number;
  /** Bound of the area between them (Wasserstein), in units of lambda. */
  readonly wasserstein: number;
  /** Probability with which the upper ends of all bounds hold together. */
  readonly probability: number;
}

/**
 * Stochastic Lanczos quadrature: `steps` Lanczos steps with A^T A (A A^T when that is smaller; n x n) from
 * each of several random unit vectors v, fully reorthogonalised; the nodes and weights of Gauss quadrature of
 * all of them, averaged.
 *
 * Bounds, which hold together with probability 1 - failure; half of `failure`, eta, goes to the first two and
 * half to the third:
 * - Kolmogorov, a posteriori: the largest weight of each vector's quadrature (it separates from below and
 *   above the distribution weighted by v: Chebyshev, Markov and Stieltjes), averaged; plus sqrt(ln(2n / eta)
 *   / (vectors (n + 2))) for the sampling.
 * - Wasserstein: the smaller of the bound above times the largest lambda, and of t times it, a priori, where
 *   t = max(12 / (steps - 1/2), sqrt(4 ln(2n / eta) / (vectors (n + 2)))).
 * - Largest lambda: a Ritz value theta is below it, and theta / (1 - (ln(1.648 sqrt(n) / eta) / (2 steps -
 *   1))^2) above it. A vector whose Krylov space closes early is integrated exactly and adds no weight to the
 *   first bound. Rounding is not counted. Source: Chen, Trogdon and Ubaru 2021 (first two); Kuczynski and
 *   Wozniakowski 1992 (third).
 */
export function lanczosQuadrature(
  operator: LinearOperator,
  options: LanczosOptions = {},
): SpectralDistribution {
  const { vectors = 4, seed = 0, failure = 0.01, check = () => {} } = options;
  const a = tallOperator(operator);
  const n = a.columns;
  const steps = Math.min(options.steps ?? 100, n);
  if (!(n >= 1 && steps >= 1 && vectors >= 1)) throw new RangeError('nothing to estimate from');
  const random = seededRandom(seed);
  const quadratures = Array.from({ length: vectors }, () => gaussQuadrature(a, steps, random, check));
  const points = quadratures
    .flatMap(({ nodes, weights }) => Array.from(nodes, (node, k) => [Math.max(0, node), weights[k]] as const))
    .sort(([left], [right]) => left - right);
  const eta = failure / 2;
  const spread = Math.log((2 * n) / eta) / (vectors * (n + 2));
  const separation = quadratures.reduce(
    (sum, { exact, weights }) => sum + (exact ? 0 : weights.reduce((a, b) => Math.max(a, b))),
    0,
  );
  const kolmogorov = Math.min(1, separation / vectors + Math.sqrt(spread));
  const lower = points[points.length - 1][0];
  const upper = quadratures.some(({ exact }) => exact) ? lower : lower / (1 - missedShare(n, steps, eta));
  const aPriori = Math.max(12 / (steps - 0.5), Math.sqrt(4 * spread));
  return {
    eigenvalues: n,
    nodes: Float64Array.from(points, ([node]) => node),
    weights: Float64Array.from(points, ([, weight]) => weight / vectors),
    largest: { lower, upper },
    kolmogorov,
    wasserstein: upper * Math.min(kolmogorov, aPriori),
    probability: 1 - failure,
  };
}

/** Share of the largest eigenvalue by which the largest Ritz value may fall short; below 1. */
const missedShare = (n: number, steps: number, eta: number): number =>
  Math.min(1, Math.log((1.648 * Math.sqrt(n)) / eta) / (2 * steps - 1)) ** 2;

interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /** Whether the Krylov space closed, so nothing is left out. */
  readonly exact: boolean;
}

/** Gauss quadrature of the eigenvalues of A^T A weighted by a random unit vector. */
function gaussQuadrature(
  a: LinearOperator,
  steps: number,
  random: SeededRandom,
  check: () => void,
): Quadrature {
  const diagonal: number[] = [];
  const offDiagonal: number[] = [0];
  const basis: Float64Array[] = [];
  const next = Float64Array.from({ length: a.columns }, random.gaussian);
  scaleInPlace(next, 1 / Math.sqrt(dot(next, next)));
  let exact = false;
  for (let v: Float64Array = next; ; ) {
    check();
    basis.push(v);
    const w = a.multiplyTransposed(a.multiply(v));
    diagonal.push(dot(v, w));
    addMultiple(w, -diagonal[diagonal.length - 1], v);
    const rest = orthogonalise(w, basis);
    const largest = diagonal.reduce((most, value) => Math.max(most, value), 0);
    exact = basis.length === a.columns || rest <= a.columns * Number.EPSILON * largest;
    if (exact || basis.length === steps) break;
    offDiagonal.push(rest);
    scaleInPlace(w, 1 / rest);
    v = w;
  }
  const form = { diagonal: Float64Array.from(diagonal), offDiagonal: Float64Array.from(offDiagonal) };
  // Only the first components of the eigenvectors are needed: the rotations are applied to that column of the identity.
  const firsts = matrix(diagonal.length, 1);
  firsts.data[0] = 1;
  diagonalise(form, firsts);
  return { nodes: form.diagonal, weights: firsts.data.map((component) => component * component), exact };
}
