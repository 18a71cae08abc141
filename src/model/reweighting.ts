import * as tf from '@tensorflow/tfjs-core';
import { type Block, elementwise } from './block.ts';

/**
 * c_i = kappa^-i for i = 0 ... width - 1: exp(-i ln kappa) in double precision, then rounded to float32. No
 * intermediate value overflows; from index `reweightingCutoff(kappa)` on, c_i is exactly 0, so that these
 * dimensions are 0 after the head and receive no gradient through it (they keep their initial values, except for
 * weight decay).
 */
export const reweightingFactors = (kappa: number, width: number): Float32Array =>
  Float32Array.from({ length: width }, (_, i) => Math.exp(-i * Math.log(kappa)));

/**
 * First i with kappa^-i = 0 in float32: values up to 2^-150, half of the smallest subnormal number, round to 0.
 * 257 for kappa = 1.5, 571 for 1.2, 1091 for 1.1, 2132 for 1.05; Infinity for kappa = 1.
 */
export const reweightingCutoff = (kappa: number): number => {
  if (kappa === 1) return Number.POSITIVE_INFINITY;
  let index = Math.floor((150 * Math.LN2) / Math.log(kappa));
  while (Math.fround(Math.exp(-index * Math.log(kappa))) > 0) index++;
  return index;
};

/** The fixed reweighting head z_i = h_i * kappa^-i: no parameters, the identity for kappa = 1. */
export const reweighting = (width: number, kappa: number): Block => {
  const factors = reweightingFactors(kappa, width);
  return elementwise([width], (h) => tf.mul(h, tf.tensor1d(factors)));
};
