import { type FeatureMoments, viewCorrelation } from './moments.ts';

/**
 * Weight of a feature at the output of the linear network that minimises the spectral contrastive loss:
 * w_post = sqrt(A) / B, which for additive noise is s = phi / (phi^2 + sigma^2). Derived: L = -2 tr(MA) + tr(MBMB) is
 * stationary at M = B^-1 A B^-1. A feature that is always 0 has weight 0.
 */
export const postWeight = ({ positive, second }: FeatureMoments): number =>
  second === 0 ? 0 : Math.sqrt(positive) / second;

/**
 * Weight after layer l of L balanced linear layers: s^(l/L), where s is the weight at the output; pre-projection of
 * two layers is sqrt(s). Derived: balanced layers share the singular values of the whole map equally.
 */
export const layerWeight = (post: number, layer: number, layers: number): number => post ** (layer / layers);

/** The features that an output of `capacity` dimensions keeps: those of largest rho, in index order. Derived. */
export function retainedFeatures(moments: readonly FeatureMoments[], capacity: number): number[] {
  const correlations = moments.map(viewCorrelation);
  return correlations
    .map((_, feature) => feature)
    .sort((a, b) => correlations[b] - correlations[a] || a - b)
    .slice(0, capacity)
    .sort((a, b) => a - b);
}

/**
 * Weights [L][features] after layers 1 ... L of a balanced linear network whose narrowest layer has `capacity`
 * dimensions (default: no limit); features that do not fit have weight 0 at every layer. Derived.
 */
export function layerWeights(
  moments: readonly FeatureMoments[],
  layers: number,
  capacity = moments.length,
): number[][] {
  const retained = new Set(retainedFeatures(moments, capacity));
  const post = moments.map((moment, feature) => (retained.has(feature) ? postWeight(moment) : 0));
  return Array.from({ length: layers }, (_, index) =>
    post.map((weight) => layerWeight(weight, index + 1, layers)),
  );
}
