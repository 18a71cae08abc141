import type { Representation, ViewedLayer } from '../../sources/index.ts';
import { type Matrix, matrix, symmetrised } from '../../spectrum/index.ts';
import { standardErrorOf } from '../../statistics/index.ts';
import { generalisedEigen, generalisedEigenvalues } from '../algebra/generalisedEigen.ts';
import type { Products } from '../algebra/products.ts';

/** With more dimensions, eigenvectors take longer than everything else about a layer: no errors then. */
const MOST_DIMENSIONS = 512;

export interface ViewCorrelation {
  /** rho, descending. */
  readonly values: Float64Array;
  /** Standard error of each over samples like these; null where it is not known. */
  readonly errors: Float64Array | null;
}

/** View correlations of one layer; none without views. */
export const viewCorrelation = async (
  products: Products,
  viewed: ViewedLayer | null,
): Promise<ViewCorrelation> => {
  if (viewed === null) return { values: new Float64Array(0), errors: null };
  const { first, second } = viewed;
  const positive = symmetrised(await products.cross(first, second));
  const other = await products.cross(second, second);
  const own = (await products.cross(first, first)).data.map((value, at) => (value + other.data[at]) / 2);
  const moment = matrix(other.rows, other.columns, own);
  const { values, vectors } = await generalisedEigen(products, positive, moment, MOST_DIMENSIONS);
  const errors = vectors === null ? null : await errorsOf(products, viewed, values, vectors);
  return { values: values.map(clamped), errors };
};

/**
 * With u^T B u = 1, one sample more moves rho by u^T (dA - rho dB) u, so its influence is
 * n (s s+ - rho (s^2 + s+^2) / 2), s = u . r and s+ = u . r+ of its two views.
 */
const errorsOf = async (
  products: Products,
  { first, second }: Pick<ViewedLayer, 'first' | 'second'>,
  values: Float64Array,
  vectors: Matrix,
): Promise<Float64Array> => {
  const scoresOf = (view: Representation) => products.inner(view, vectors);
  const [s, other] = [await scoresOf(first), await scoresOf(second)];
  const samples = first.rows;
  return values.map((rho, k) => {
    const influences = Float64Array.from({ length: samples }, (_, i) => {
      const [one, two] = [s.data[i * s.columns + k], other.data[i * s.columns + k]];
      return samples * (one * two - (rho * (one * one + two * two)) / 2);
    });
    return standardErrorOf(influences) ?? 0;
  });
};

/**
 * Eigenvalues rho of A u = rho B u, descending, for A = E[(r r+^T + r+ r^T) / 2] and B = E[(r r^T + r+ r+^T) / 2], given up
 * to a common factor; values that rounding puts beyond [-1, 1] are clamped.
 */
export const correlationsOf = async (
  products: Products,
  positive: Matrix,
  second: Matrix,
): Promise<Float64Array> => (await generalisedEigenvalues(products, positive, second)).map(clamped);

const clamped = (value: number): number => Math.min(1, Math.max(-1, value));
