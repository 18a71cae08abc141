import * as tf from '@tensorflow/tfjs-core';
import { type Block, elementwise } from './block.ts';

/**
 * c_i = kappa^-i for i = 0 ... width - 1: exp(-i ln kappa) in double precision, then rounded to float32. No
 * intermediate value overflows. Values up to 2^-150, half of the smallest subnormal number of float32, round to 0: from
 * i = 257 for kappa = 1.5, 571 for 1.2, 1091 for 1.1 and 2132 for 1.05. These dimensions are 0 after the head and receive
 * no gradient through it (they keep their initial values, except for weight decay).
 */
export const reweightingFactors = (kappa: number, width: number): Float32Array =>
  Float32Array.from({ length: width }, (_, i) => Math.exp(-i * Math.log(kappa)));

/** The fixed reweighting head z_i = h_i * kappa^-i: no parameters, the identity for kappa = 1. */
export const reweighting = (width: number, kappa: number): Block => {
  const factors = reweightingFactors(kappa, width);
  return elementwise([width], (h) => tf.mul(h, tf.tensor1d(factors)));
};
