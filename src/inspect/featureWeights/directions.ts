import { type Representation, toMatrix } from '../../sources/index.ts';
import { centred, matrix, rowOf, symmetricEigen, transpose } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type FeatureGauge, gaugeCoordinates } from './featureWeights.ts';

/** Number of directions that are used as features if the data has no factors. */
const DIRECTIONS = 20;

/** A direction below this share of the largest variance is rounding. */
const RANK_TOLERANCE = 1e-10;

/**
 * The leading principal directions of the input as features: the score of a sample along u_k is the factor, and the
 * gain is the length of the layer's response to one unit along u_k. Scores are uncorrelated, so the joint
 * regression separates into single ones.
 */
export const principalDirections = async (
  products: Products,
  input: Representation,
): Promise<FeatureGauge> => {
  const samples = centred(toMatrix(input));
  const { values, vectors } = symmetricEigen(await products.cross(samples, samples));
  const count = values.filter((value, k) => k < DIRECTIONS && value > RANK_TOLERANCE * values[0]).length;
  const leading = matrix(count, vectors.columns, vectors.data.slice(0, count * vectors.columns));
  const scores = transpose(await products.inner(samples, leading));
  const factors = Array.from({ length: count }, (_, k) => ({
    name: `direction-${k + 1}`,
    values: rowOf(scores, k),
  }));
  return gaugeCoordinates(products, factors, input, 'direction');
};
