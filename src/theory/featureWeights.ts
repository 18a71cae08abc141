import { type FeatureMoments, viewCorrelation } from './moments.ts';

/**
 * Weight of a feature at the output of the linear network that minimises the spectral contrastive loss:
 * w_post = sqrt(A) / B, which for additive noise in both views is s = phi / (phi^2 + sigma^2). Derived: with independent
 * negatives from the two views L = -2 tr(M A) + tr(M B_1 M B_2), which is stationary at M_jj = A_j / (B_1j B_2j). A feature
 * that is always 0 has weight 0.
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

export interface OutputOptions {
  /** Dimensions of the narrowest layer. Default: no limit. */
  readonly capacity?: number;
  /** Weight decay lambda on L balanced layers, which start as `start` times matrices with orthonormal rows or columns. */
  readonly decay?: { readonly strength: number; readonly layers: number; readonly start: number };
}

/** Weights of all features at the output; those that do not fit, or that weight decay removes, have 0. */
export function outputWeights(
  moments: readonly FeatureMoments[],
  { capacity = moments.length, decay }: OutputOptions = {},
): number[] {
  const retained = new Set(retainedFeatures(moments, capacity));
  return moments.map((moment, feature) => {
    if (!retained.has(feature)) return 0;
    return decay === undefined ? postWeight(moment) : decayedGain(moment, decay) ** decay.layers;
  });
}

/**
 * Weights [L][features] after layers 1 ... L of a linear network with these weights at the output, where gradient flow ends
 * from layers that start as `scales` times matrices with orthonormal rows or columns that fit each other. Equal scales are
 * balanced: s^(l/L).
 * Derived: gradient flow conserves W_(l+1)^T W_(l+1) - W_l W_l^T, so along each feature the squares of the layers' gains keep
 * their differences, u_l^2 = t + a_l^2, and t follows from their product s. A feature that the output lacks is in no layer.
 */
export function layerWeights(post: readonly number[], scales: readonly number[]): number[][] {
  const gains = post.map((weight) => layerGains(weight, scales));
  return scales.map((_, layer) =>
    gains.map((own) => own.slice(0, layer + 1).reduce((product, gain) => product * gain, 1)),
  );
}

/** Layers that start alike, and so stay balanced. */
export const balancedScales = (layers: number): number[] => Array<number>(layers).fill(1);

/** Gains u_l of the layers with product `post` and u_l^2 - u_m^2 = a_l^2 - a_m^2. */
const layerGains = (post: number, scales: readonly number[]): number[] => {
  if (post === 0) return scales.map(() => 0);
  const least = scales.reduce((a, b) => Math.min(a, b)) ** 2;
  const excesses = scales.map((scale) => scale ** 2 - least);
  // Exactly s^(l/L) for balanced layers.
  if (excesses.every((excess) => excess === 0)) return scales.map(() => post ** (1 / scales.length));
  const productAt = (t: number): number =>
    excesses.reduce((product, excess) => product * Math.sqrt(t + excess), 1);
  let [low, high] = [0, post ** (2 / scales.length)];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (productAt(middle) < post) low = middle;
    else high = middle;
  }
  return excesses.map((excess) => Math.sqrt((low + high) / 2 + excess));
};

/** Of an interval, until only rounding is left. */
const HALVINGS = 100;

/**
 * Gain u of each of L balanced layers along a feature under weight decay lambda, which adds (lambda / 2) L u^2 to the loss
 * -2 A u^(2L) + B^2 u^(4L): the largest root of 4 B^2 u^(4L - 2) - 4 A u^(2L - 2) + lambda = 0. Gradient flow ends there
 * from any start above the next smaller root, and at 0 from a start below it or without a root. Derived.
 */
export function decayedGain(
  { positive, second }: FeatureMoments,
  { strength, layers, start }: NonNullable<OutputOptions['decay']>,
): number {
  if (positive === 0) return 0;
  const slope = (u: number): number =>
    4 * second ** 2 * u ** (4 * layers - 2) - 4 * positive * u ** (2 * layers - 2) + strength;
  const undecayed = (positive / second ** 2) ** (1 / (2 * layers));
  // Where the slope is least: between its two roots, if it has any.
  const lowest = undecayed * ((layers - 1) / (2 * layers - 1)) ** (1 / (2 * layers));
  if (slope(lowest) >= 0) return 0;
  const barrier = layers === 1 ? 0 : rootBetween(0, lowest, (u) => -slope(u));
  return start <= barrier ? 0 : rootBetween(lowest, undecayed, slope);
}

/** The root of an increasing function. */
const rootBetween = (from: number, to: number, value: (u: number) => number): number => {
  let [low, high] = [from, to];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (value(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
