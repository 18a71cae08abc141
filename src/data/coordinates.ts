import type { AugmentationSpec } from '../experiment/index.ts';
import type { RandomStream } from './random.ts';

export type CoordinateOperation = Extract<AugmentationSpec, { kind: 'additive' | 'drop' | 'resample' }>;

export type FactorDistribution = 'rademacher' | 'gaussian';

/** The value for feature j of an option that is either one number for all features or one per feature. */
export const forFeature = (option: number | readonly number[], feature: number): number =>
  typeof option === 'number' ? option : option[feature];

/** One zero-mean, unit-variance number. */
export const drawUnit = (random: RandomStream, distribution: FactorDistribution): number =>
  distribution === 'rademacher' ? random.sign() : random.gaussian();

/**
 * Applies one augmentation to the coordinates c_j along v_j, in place and independently for every feature: `additive`
 * c_j + sigma_j xi_j, `drop` 0 with probability p_j, `resample` phi_j h'_j with a fresh h'_j with probability p_j.
 * Augmentations are applied in order, so a later drop or resample replaces what an earlier one added.
 */
export const augmentCoordinates = (
  coordinates: Float64Array,
  operation: CoordinateOperation,
  strengths: Float64Array,
  distribution: FactorDistribution,
  random: RandomStream,
): void => {
  for (let j = 0; j < coordinates.length; j++) {
    switch (operation.kind) {
      case 'additive':
        coordinates[j] += forFeature(operation.sigma, j) * drawUnit(random, operation.noise);
        break;
      case 'drop':
        if (random.chance(forFeature(operation.probability, j))) coordinates[j] = 0;
        break;
      case 'resample':
        if (random.chance(forFeature(operation.probability, j))) {
          coordinates[j] = strengths[j] * drawUnit(random, distribution);
        }
        break;
    }
  }
};

/** x = sum_j c_j v_j; `directions` is V with row j = v_j, or null for the axes. */
export const fromCoordinates = (coordinates: Float64Array, directions: Float64Array | null): Float32Array => {
  if (directions === null) return Float32Array.from(coordinates);
  const features = coordinates.length;
  const sum = new Float64Array(features);
  for (let j = 0; j < features; j++) {
    const row = j * features;
    for (let at = 0; at < features; at++) sum[at] += coordinates[j] * directions[row + at];
  }
  return Float32Array.from(sum);
};

/**
 * A random orthonormal basis, row j = v_j: Gaussian rows orthonormalised by Gram-Schmidt, with each projection done
 * twice, which keeps the rows orthogonal to machine precision.
 */
export const randomBasis = (features: number, random: RandomStream): Float64Array => {
  const basis = Float64Array.from({ length: features * features }, () => random.gaussian());
  const row = (j: number) => basis.subarray(j * features, (j + 1) * features);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, at) => sum + value * b[at], 0);
  for (let j = 0; j < features; j++) {
    const current = row(j);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const earlier = row(k);
        const overlap = dot(current, earlier);
        for (let at = 0; at < features; at++) current[at] -= overlap * earlier[at];
      }
    }
    const norm = Math.sqrt(dot(current, current));
    for (let at = 0; at < features; at++) current[at] /= norm;
  }
  return basis;
};
