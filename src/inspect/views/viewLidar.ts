import type { Measure } from '../../protocol/index.ts';
import type { Representation, ViewedLayer } from '../../sources/index.ts';
import {
  centred,
  cholesky,
  entropyRank,
  type Matrix,
  matrix,
  measured,
  rowOf,
  scaled,
  symmetricEigenvalues,
  unmeasured,
  withError,
} from '../../spectrum/index.ts';
import { jackknifeError } from '../../statistics/index.ts';
import { invertLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';
import { jackknifeGroups } from '../measures/jackknifed.ts';

/** Added to the diagonal of the within-object covariance; relative to nothing. */
const DELTA = 1e-4;
/** Added to the shares of the eigenvalues. */
const EPSILON = 1e-8;

/** With more dimensions, twenty more eigenvalue problems take longer than everything else about a layer: no interval then. */
const MOST_DIMENSIONS = 256;

/**
 * LiDAR: exp(-sum p ln p), p_k = lambda_k / sum lambda + epsilon, over the eigenvalues of (Sw + delta I)^-1 Sb, with
 * Sb = (1/n) sum_i (mu_i - mu)(mu_i - mu)^T and Sw = (1/nq) sum_ij (z_ij - mu_i)(z_ij - mu_i)^T for q views of n objects.
 * A Cholesky factor takes the place of the inverse square root. Its interval is that of a jackknife over objects.
 * Source: Thilak et al. 2024, equations 1 to 3.
 */
export const viewLidar = async (
  products: Products,
  { objects, viewsPerObject }: Pick<ViewedLayer, 'objects' | 'viewsPerObject'>,
): Promise<Measure> => {
  const count = objects.rows / viewsPerObject;
  if (count < 2) return unmeasured(`${count} objects`);
  const about = aboutObjects(objects, viewsPerObject);
  const scatter = await products.cross(about.offsets, about.offsets);
  const rank = await rankOf(products, scaled(scatter, 1 / objects.rows), about.means);
  if (rank.value === null) return rank;
  const sizes = `${count} objects x ${viewsPerObject} views`;
  const told = measured(rank.value, count > objects.columns ? sizes : `capped by ${sizes}`);
  const error =
    objects.columns > MOST_DIMENSIONS ? null : await errorOf(products, about, scatter, viewsPerObject);
  return withError(told, error, [1, Number.POSITIVE_INFINITY]);
};

const rankOf = async (products: Products, within: Matrix, means: Matrix): Promise<Measure> => {
  for (let j = 0; j < within.columns; j++) within.data[j * (within.columns + 1)] += DELTA;
  const factor = cholesky(within);
  if (factor === null) return unmeasured('the covariance within objects is too large for its ridge');
  const inverse = await invertLower(products, factor);
  return entropyRank(await shares(products, centred(means), inverse), EPSILON);
};

/** Eigenvalues of L^-1 Sb L^-T, up to their common factor, from the means on the smaller side; zeros for the others. */
const shares = async (products: Products, means: Matrix, inverse: Matrix): Promise<Float64Array> => {
  const gram = await products.smallGram(await products.inner(means, inverse));
  const all = new Float64Array(means.columns);
  all.set(symmetricEigenvalues(gram).map((lambda) => Math.max(0, lambda)));
  return all;
};

interface AboutObjects {
  /** [objects, dimensions] */
  readonly means: Matrix;
  /** Views about the mean of their object, [objects * views, dimensions]. */
  readonly offsets: Matrix;
}

const aboutObjects = (views: Representation, perObject: number): AboutObjects => {
  const d = views.columns;
  const means = matrix(views.rows / perObject, d);
  const offsets = matrix(views.rows, d, Float64Array.from(views.data));
  for (let object = 0; object < means.rows; object++) {
    const mean = rowOf(means, object);
    const own = Array.from({ length: perObject }, (_, view) => rowOf(offsets, object * perObject + view));
    for (const view of own) for (let j = 0; j < d; j++) mean[j] += view[j] / perObject;
    for (const view of own) for (let j = 0; j < d; j++) view[j] -= mean[j];
  }
  return { means, offsets };
};

/** The jackknife: the scatter of the objects that stay is that of all less that of the group that is left out. */
const errorOf = async (
  products: Products,
  { means, offsets }: AboutObjects,
  scatter: Matrix,
  perObject: number,
): Promise<number | null> => {
  const ranks: (number | null)[] = [];
  for (const group of jackknifeGroups(means.rows)) {
    const left = new Set(group);
    const views = Array.from(group, (object) => viewsOf(object, perObject)).flat();
    const own = rowsAt(offsets, views);
    const part = await products.cross(own, own);
    const staying = Array.from({ length: means.rows }, (_, object) => object).filter(
      (object) => !left.has(object),
    );
    const within = scatter.data.map((value, at) => (value - part.data[at]) / (staying.length * perObject));
    const rest = matrix(scatter.rows, scatter.columns, within);
    ranks.push((await rankOf(products, rest, rowsAt(means, staying))).value);
  }
  return jackknifeError(ranks);
};

const viewsOf = (object: number, perObject: number): number[] =>
  Array.from({ length: perObject }, (_, view) => object * perObject + view);

const rowsAt = (a: Matrix, rows: readonly number[]): Matrix => {
  const chosen = matrix(rows.length, a.columns);
  for (const [i, row] of rows.entries()) rowOf(chosen, i).set(rowOf(a, row));
  return chosen;
};
