import type { Moments } from './moments.ts';

/**
 * Two balanced linear layers with weight decay (lambda / 2)(|W1|^2 + |W2|^2): the post weight s of a feature minimises
 *   -2 A s^2 + B^2 s^4 + lambda s,   s >= 0,
 * whose stationary points solve 4 B^2 s^3 - 4 A s + lambda = 0. Derived.
 */
export interface DecayLimits {
  /** Above it s = 0 is the only minimum: (8 / (3 sqrt 3)) A^(3/2) / B. */
  readonly existence: number;
  /** Above it s = 0 has the lower loss: (4/3) sqrt(2/3) A^(3/2) / B. */
  readonly globalMinimum: number;
}

/** The weight decays at which the non-zero minimum vanishes, and at which it stops being the lower one. */
export function decayLimits({ positive, second }: Moments): DecayLimits {
  const scale = second === 0 ? 0 : positive ** 1.5 / second;
  return { existence: (8 / (3 * Math.sqrt(3))) * scale, globalMinimum: (4 / 3) * Math.sqrt(2 / 3) * scale };
}

/** The non-zero minimum (largest root of the cubic, by Viete's formula); null when there is none. */
export function decayedRoot(moments: Moments, lambda: number): number | null {
  if (moments.positive === 0 || lambda > decayLimits(moments).existence) return null;
  const p = moments.positive / moments.second ** 2;
  const q = lambda / (4 * moments.second ** 2);
  const angle = Math.acos(Math.max(-1, (-3 * q * Math.sqrt(3 / p)) / (2 * p)));
  return 2 * Math.sqrt(p / 3) * Math.cos(angle / 3);
}

/**
 * Post weight at the global minimum: the root, or 0 at both layers once lambda reaches the limit. The pre weight is
 * its square root. Training from a small start may still end at 0, which is a local minimum for every lambda > 0.
 */
export function decayedPostWeight(moments: Moments, lambda: number): number {
  if (lambda > 0 && lambda >= decayLimits(moments).globalMinimum) return 0;
  return decayedRoot(moments, lambda) ?? 0;
}
