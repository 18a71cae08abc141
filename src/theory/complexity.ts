/**
 * Sample complexity of one downstream feature at one layer, up to a constant: the squared radius over the squared
 * margin of a linear classifier of h_*,
 *   SC = sum_j w_j^2 phihat_j^2 / (w_*^2 phihat_*^2)  >= 1,
 * with the layer's feature weights w and the strengths phihat of the features in the downstream data. Infinite when
 * the layer or the data lacks the feature. Derived.
 */
export function sampleComplexity(
  weights: readonly number[],
  downstreamStrengths: readonly number[],
  feature: number,
): number {
  const energy = weights.map((weight, j) => (weight * downstreamStrengths[j]) ** 2);
  const signal = energy[feature];
  return signal === 0 ? Number.POSITIVE_INFINITY : energy.reduce((sum, value) => sum + value, 0) / signal;
}

/**
 * The threshold of the pre-or-post rule: a mean of the other features' post weights,
 *   tau = sum_{j != *} w_j^2 phihat_j^2 / sum_{j != *} w_j phihat_j^2.
 * Null when no other feature has weight: then every layer is equally good. Derived.
 */
export function tau(
  postWeights: readonly number[],
  downstreamStrengths: readonly number[],
  feature: number,
): number | null {
  let numerator = 0;
  let denominator = 0;
  postWeights.forEach((weight, j) => {
    if (j === feature) return;
    const energy = downstreamStrengths[j] ** 2;
    numerator += weight ** 2 * energy;
    denominator += weight * energy;
  });
  return denominator === 0 ? null : numerator / denominator;
}

/**
 * The pre-or-post rule for the two-layer balanced linear network: the pre-projection layer has the lower sample
 * complexity exactly when w_post(*) < tau. Equality, to 1e-12 relative, is `either`, and so is a feature of weight 0, which
 * neither layer has. Derived.
 */
export function preferredSide(postWeight: number, threshold: number | null): 'pre' | 'post' | 'either' {
  if (threshold === null || postWeight === 0 || Math.abs(postWeight - threshold) <= 1e-12 * threshold)
    return 'either';
  return postWeight < threshold ? 'pre' : 'post';
}
