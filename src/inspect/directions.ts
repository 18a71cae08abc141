import { centred as centredColumns, symmetricEigen } from '../spectrum/index.ts';
import { type FeatureGauge, gaugeCoordinates } from './featureWeights.ts';
import { type Matrix, matrix, toDouble } from './matrix.ts';
import type { Products } from './products.ts';

/** Directions that stand in for features where the data names none. */
export const DIRECTIONS = 20;

/** Beyond this share of the variance a direction is rounding. */
const RANK_TOLERANCE = 1e-10;

/**
 * The leading principal directions of the input as features: the score of a sample along u_k is the factor, and the
 * gain is the length of the layer's response to one unit along u_k. Scores are uncorrelated, so that the joint
 * regression takes them one by one.
 */
export const principalDirections = async (products: Products, input: Matrix): Promise<FeatureGauge> => {
  const centred = centredColumns(toDouble(input));
  const { values, vectors } = symmetricEigen(await products.cross(centred, centred));
  const count = values.filter((value, k) => k < DIRECTIONS && value > RANK_TOLERANCE * values[0]).length;
  const leading = matrix(count, vectors.columns, vectors.data.slice(0, count * vectors.columns));
  const scores = await products.inner(centred, leading);
  const factors = Array.from({ length: count }, (_, k) => ({
    name: `direction-${k + 1}`,
    values: Float64Array.from({ length: scores.rows }, (_, i) => scores.data[i * count + k]),
  }));
  return gaugeCoordinates(products, factors, input, 'direction');
};
