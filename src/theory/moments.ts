/**
 * The second moments of one feature over the augmented views, in the model x = sum_j phi_j h_j v_j with orthonormal
 * v_j and independent, zero-mean, unit-variance h_j. This is all that the spectral contrastive loss sees of a
 * feature. Derived; the setting is that of Xue et al., ICLR 2024 (arXiv 2403.11391).
 */
export interface FeatureMoments {
  /** A_j = E[x_j x_j+]: over positive pairs. */
  readonly positive: number;
  /** B_j = E[x_j^2]: of one augmented view. */
  readonly second: number;
}

/** Additive noise in both views, x+_j = phi h + sigma xi: A = phi^2, B = phi^2 + sigma^2. Derived. */
export const additiveMoments = (strength: number, sigma: number): FeatureMoments => ({
  positive: strength ** 2,
  second: strength ** 2 + sigma ** 2,
});

/** rho = A / B in [0, 1]: the correlation of the feature between the two views; 0 for a feature that is always 0. */
export const viewCorrelation = ({ positive, second }: FeatureMoments): number =>
  second === 0 ? 0 : positive / second;
