import { postWeight } from './featureWeights.ts';
import type { Moments } from './moments.ts';

/**
 * Gradient flow of two balanced linear layers from u(0) in every direction, du/dt = 4 u^3 (A - B^2 u^4), where
 * pre weight = u and post weight w = u^2. In w it is dw/dt = 8 w^2 (A - B^2 w^2), which integrates to
 *   t(w) = (1 / 8A) [1/w0 - 1/w + (artanh(w/s) - artanh(w0/s)) / s],   w0 = u(0)^2,  s = sqrt(A) / B.
 * Time is step x learning rate on the loss as written, without weight decay. Derived.
 */

/** The time at which a small weight takes off, about 1 / (8 A u(0)^2): features are learned in order of A. */
export const escapeTime = ({ positive }: Moments, initial: number): number =>
  1 / (8 * positive * initial ** 2);

/** The time from u(0) = `initial` to a post weight `reached`; both must be on the same side of s. */
export function timeToReach(moments: Moments, initial: number, reached: number): number {
  const start = initial ** 2;
  const end = postWeight(moments);
  // artanh(r) with |r| > 1 continued as artanh(1/r): the same antiderivative on the other side of s.
  const inverse = (r: number) => Math.atanh(Math.abs(r) < 1 ? r : 1 / r);
  const growth = (inverse(reached / end) - inverse(start / end)) / end;
  return (1 / start - 1 / reached + growth) / (8 * moments.positive);
}

/** The post weight at a finite time, by bisection on `timeToReach` (relative error below 1e-12). */
export function postWeightAt(moments: Moments, initial: number, time: number): number {
  const start = initial ** 2;
  const end = postWeight(moments);
  if (moments.positive === 0 || time <= 0 || start === 0 || start === end) return start;
  let near = start;
  let far = end;
  for (let halving = 0; halving < 100; halving += 1) {
    const middle = (near + far) / 2;
    if (middle === near || middle === far) break;
    if (timeToReach(moments, initial, middle) < time) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** Features in the order in which they reach half of their final weight; those never learned (A = 0) are left out. */
export function learningOrder(moments: readonly Moments[], initial: number): number[] {
  return moments
    .map((moment, feature) => ({
      feature,
      learnable: moment.positive > 0,
      time: timeToReach(moment, initial, postWeight(moment) / 2),
    }))
    .filter(({ learnable }) => learnable)
    .sort((a, b) => a.time - b.time)
    .map(({ feature }) => feature);
}
