import { sampleComplexity } from './complexity.ts';
import { layerWeight } from './featureWeights.ts';

const EQUAL = 1e-12;

/**
 * The depth fraction t = l / L in [0, 1] of least sample complexity for a downstream feature,
 *   SC(t) = phihat_*^-2 sum_j (s_j / s_*)^(2t) phihat_j^2, where s are the weights at the output. SC is convex in t,
 * so t* is the root of its derivative or the end of [0, 1] towards which it decreases: 0 for the feature with the
 * smallest s, 1 for the one with the largest. Equal weights make SC flat; the earliest depth, 0, is then returned.
 * s_* = 0 gives 0 too: every t > 0 has lost the feature. Derived.
 */
export function bestDepthFraction(
  postWeights: readonly number[],
  downstreamStrengths: readonly number[],
  feature: number,
): number {
  const own = postWeights[feature];
  if (own === 0) return 0;
  const terms = postWeights
    .map((weight, j) => ({ energy: downstreamStrengths[j] ** 2, rate: 2 * Math.log(weight / own) }))
    .filter(({ energy, rate }) => energy > 0 && Number.isFinite(rate) && Math.abs(rate) > EQUAL);
  const slope = (t: number) =>
    terms.reduce((sum, { energy, rate }) => sum + energy * rate * Math.exp(rate * t), 0);
  if (slope(0) >= 0) return 0;
  if (slope(1) <= 0) return 1;
  let low = 0;
  let high = 1;
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The layer 1 ... L of least sample complexity; the earliest of equals (to 1e-12 relative). Derived. */
export function bestLayer(
  postWeights: readonly number[],
  downstreamStrengths: readonly number[],
  feature: number,
  layers: number,
): number {
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let layer = 1; layer <= layers; layer += 1) {
    const weights = postWeights.map((weight) => layerWeight(weight, layer, layers));
    const complexity = sampleComplexity(weights, downstreamStrengths, feature);
    if (complexity < least * (1 - EQUAL)) {
      best = layer;
      least = complexity;
    }
  }
  return best;
}
