import type { Measure } from '../../protocol/index.ts';
import {
  centred,
  cholesky,
  entropyRank,
  type Matrix,
  matrix,
  measured,
  scaled,
  symmetricEigenvalues,
  unmeasured,
} from '../../spectrum/index.ts';
import { invertLower } from '../algebra/lowerTriangle.ts';
import type { Products } from '../algebra/products.ts';
import type { Representation } from '../representation.ts';
import type { ViewedLayer } from './views.ts';

/** Added to the diagonal of the within-object covariance; relative to nothing. */
const DELTA = 1e-4;
/** Added to the shares of the eigenvalues. */
const EPSILON = 1e-8;

/**
 * LiDAR: exp(-sum p ln p), p_k = lambda_k / sum lambda + epsilon, over the eigenvalues of (Sw + delta I)^-1 Sb, with
 * Sb = (1/n) sum_i (mu_i - mu)(mu_i - mu)^T and Sw = (1/nq) sum_ij (z_ij - mu_i)(z_ij - mu_i)^T for q views of n objects.
 * A Cholesky factor takes the place of the inverse square root. Source: Thilak et al. 2024, equations 1 to 3.
 */
export const viewLidar = async (
  products: Products,
  { objects, viewsPerObject }: Pick<ViewedLayer, 'objects' | 'viewsPerObject'>,
): Promise<Measure> => {
  const count = objects.rows / viewsPerObject;
  if (count < 2) return unmeasured(`${count} objects`);
  const { means, offsets } = aboutObjects(objects, viewsPerObject);
  const within = scaled(await products.cross(offsets, offsets), 1 / objects.rows);
  for (let j = 0; j < within.columns; j++) within.data[j * (within.columns + 1)] += DELTA;
  const factor = cholesky(within);
  if (factor === null) return unmeasured('the covariance within objects is too large for its ridge');
  const rank = entropyRank(await shares(products, means, await invertLower(products, factor)), EPSILON);
  if (rank.value === null) return rank;
  const sizes = `${count} objects x ${viewsPerObject} views`;
  return measured(rank.value, count > objects.columns ? sizes : `capped by ${sizes}`);
};

/** Eigenvalues of L^-1 Sb L^-T, up to their common factor, from the means on the smaller side; zeros for the others. */
const shares = async (products: Products, means: Matrix, inverse: Matrix): Promise<Float64Array> => {
  const gram = await products.smallGram(await products.inner(means, inverse));
  const all = new Float64Array(means.columns);
  all.set(symmetricEigenvalues(gram).map((lambda) => Math.max(0, lambda)));
  return all;
};

/** Object means about their mean, and views about the mean of their object. */
const aboutObjects = (views: Representation, perObject: number): { means: Matrix; offsets: Matrix } => {
  const d = views.columns;
  const means = matrix(views.rows / perObject, d);
  const meanAt = (at: number) => Math.floor(at / (d * perObject)) * d + (at % d);
  for (let at = 0; at < views.data.length; at++) means.data[meanAt(at)] += views.data[at] / perObject;
  const offsets = Float64Array.from(views.data, (value, at) => value - means.data[meanAt(at)]);
  return { means: centred(means), offsets: matrix(views.rows, d, offsets) };
};
