/**
 * The second moments of one feature over the augmented views, in the model x = sum_j phi_j h_j v_j with orthonormal
 * v_j and independent, zero-mean, unit-variance h_j. This is all that the spectral contrastive loss sees of a
 * feature. Derived; the setting is that of Xue et al., ICLR 2024 (arXiv 2403.11391).
 */
export interface FeatureMoments {
  /** A_j = E[x_j x_j+]: over positive pairs. */
  readonly positive: number;
  /** B_j = sqrt(E[x_j^2] E[x_j+^2]): the geometric mean over the two views, which are alike or not. */
  readonly second: number;
}

/** What one augmentation does to the coordinate c of a feature, before the next one. */
export type CoordinateChange =
  /** c + sigma xi, with xi of mean 0 and variance 1. */
  | { readonly kind: 'additive'; readonly sigma: number }
  /** 0, or phi times another h, with this probability. */
  | { readonly kind: 'drop' | 'resample'; readonly probability: number };

/** One coordinate c of one view: E[c | h] / h, and E[c^2]. */
export interface ViewMoments {
  readonly mean: number;
  readonly square: number;
}

/** Follows c = phi h through augmentations that are independent of h: additive noise adds sigma^2 to E[c^2]; drop and resample keep 1 - p of both, and resample adds p phi^2. */
export const viewMoments = (strength: number, changes: readonly CoordinateChange[]): ViewMoments => {
  let mean = strength;
  let square = strength ** 2;
  for (const change of changes) {
    if (change.kind === 'additive') square += change.sigma ** 2;
    else {
      const kept = 1 - change.probability;
      mean *= kept;
      square = kept * square + (change.kind === 'resample' ? change.probability * strength ** 2 : 0);
    }
  }
  return { mean, square };
};

/** Two views that are independent once h is given: A = m m+, B = sqrt(E[c^2] E[c+^2]). */
export const pairMoments = (first: ViewMoments, second: ViewMoments): FeatureMoments => ({
  positive: first.mean * second.mean,
  second: Math.sqrt(first.square * second.square),
});

/** rho = A / B in [0, 1]: the correlation of the feature between the two views; 0 for a feature that is always 0. */
export const viewCorrelation = ({ positive, second }: FeatureMoments): number =>
  second === 0 ? 0 : positive / second;
