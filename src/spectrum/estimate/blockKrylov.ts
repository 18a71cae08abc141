import { symmetricEigen } from '../decomposition/symmetricEigen.ts';
import { dot, matrix, rowOf } from '../matrix.ts';
import { seededRandom } from '../random.ts';
import {
  addMultiple,
  type LinearOperator,
  orthogonalise,
  scaleInPlace,
  tallOperator,
} from './linearOperator.ts';

export interface BlockKrylovOptions {
  /** Products with each vector of the block, at most (default 12); fewer if `tolerance` is reached earlier. */
  readonly depth?: number;
  /** Bound of every error to reach, relative to the largest value (default 1e-10). */
  readonly tolerance?: number;
  /** An integer below 2^53; the same seed gives the same values. */
  readonly seed?: number;
  /** Called before each product with A^T A; throws to stop. */
  readonly check?: () => void;
}

export interface LargestSingularValues {
  /** Descending; each is at most the exact value of its rank. */
  readonly values: Float64Array;
  /** A singular value of A is within this distance of the value. */
  readonly errorBounds: Float64Array;
  /** Lower and upper bound of ||A||_F^2 - (sum of the squares of the exact values of these ranks). */
  readonly missing: readonly [least: number, most: number];
}

/** Vectors of a block beyond the values wanted: the last of them then converge sooner. */
const SPARE = 4;

/**
 * The k largest singular values of A by block Krylov iteration: an orthonormal basis V of the span of (A^T
 * A)^i X for a random block X and i = 0, 1, ..., fully reorthogonalised, and the square roots of the Ritz
 * values of A^T A on it (those of A A^T when that is smaller).
 * Bound, a posteriori: with sigma' = ||A z|| for a unit z and rho = ||A^T A z - sigma'^2 z||, some singular
 * value is within min(rho / sigma', sqrt(rho)) of sigma'. That it is the one of that rank is certain only in
 * that sigma' <= sigma: a direction that the random block misses is not found, which has probability 0 except
 * for rounding. `missing` says how much of the given ||A||_F^2 the values leave: ||A||_F^2 minus their
 * squares, within what the bounds allow. Source: Musco and Musco 2015; the bound: Parlett, The Symmetric
 * Eigenvalue Problem, 4.5.
 */
export function largestSingularValues(
  operator: LinearOperator,
  count: number,
  squaredNorm: number,
  options: BlockKrylovOptions = {},
): LargestSingularValues {
  const { depth = 12, tolerance = 1e-10, seed = 0, check = () => {} } = options;
  const a = tallOperator(operator);
  const k = Math.min(count, a.columns);
  const width = Math.min(k + SPARE, a.columns);
  const random = seededRandom(seed);
  const space: KrylovSpace = { basis: [], images: [], returned: [] };
  let block = Array.from({ length: width }, () => Float64Array.from({ length: a.columns }, random.gaussian));
  for (let level = 1; ; level++) {
    const from = space.basis.length;
    extend(space, a, block, check);
    const found = ritzValues(space, k);
    const reached = found.errorBounds.every((bound) => bound <= tolerance * found.values[0]);
    if (level >= depth || space.basis.length === from || (found.values.length === k && reached)) {
      return { ...found, missing: missingOf(found, squaredNorm) };
    }
    block = space.returned.slice(from).map((vector) => vector.slice());
  }
}

/** Orthonormal vectors v with A v and A^T A v. */
interface KrylovSpace {
  readonly basis: Float64Array[];
  readonly images: Float64Array[];
  readonly returned: Float64Array[];
}

/** A direction whose new part is smaller than this share of it is rounding. */
const NOTHING_NEW = 1e-12;

function extend(
  space: KrylovSpace,
  a: LinearOperator,
  block: readonly Float64Array[],
  check: () => void,
): void {
  for (const vector of block) {
    const before = Math.sqrt(dot(vector, vector));
    const rest = orthogonalise(vector, space.basis);
    if (!(rest > NOTHING_NEW * before)) continue;
    scaleInPlace(vector, 1 / rest);
    check();
    const image = a.multiply(vector);
    space.basis.push(vector);
    space.images.push(image);
    space.returned.push(a.multiplyTransposed(image));
  }
}

/** The largest Ritz vectors z as ||A z||, with the bounds of their residuals. */
function ritzValues(
  { basis, images, returned }: KrylovSpace,
  k: number,
): Omit<LargestSingularValues, 'missing'> {
  const side = basis.length;
  const gram = matrix(side, side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) gram.data[i * side + j] = dot(images[i], images[j]);
  }
  const { vectors } = symmetricEigen(gram);
  const found = Array.from({ length: Math.min(k, side) }, (_, index) => {
    const shares = rowOf(vectors, index);
    const image = combination(images, shares);
    const sigma = Math.sqrt(dot(image, image));
    // A^T A z - sigma^2 z, which bounds the error of sigma^2.
    const residual = combination(returned, shares);
    addMultiple(residual, -sigma * sigma, combination(basis, shares));
    const norm = Math.sqrt(dot(residual, residual));
    return { sigma, bound: Math.min(Math.sqrt(norm), norm / sigma) };
  }).sort((left, right) => right.sigma - left.sigma);
  const rounding = side * Number.EPSILON * (found[0]?.sigma ?? 0);
  return {
    values: Float64Array.from(found, ({ sigma }) => sigma),
    errorBounds: Float64Array.from(found, ({ sigma, bound }) => (sigma > 0 ? bound : 0) + rounding),
  };
}

function combination(vectors: readonly Float64Array[], shares: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  for (const [i, vector] of vectors.entries()) addMultiple(sum, shares[i], vector);
  return sum;
}

function missingOf(
  { values, errorBounds }: Omit<LargestSingularValues, 'missing'>,
  squaredNorm: number,
): readonly [number, number] {
  let least = squaredNorm;
  let most = squaredNorm;
  for (const [index, sigma] of values.entries()) {
    least -= (sigma + errorBounds[index]) ** 2;
    most -= sigma ** 2;
  }
  return [Math.max(0, least), Math.max(0, most)];
}
