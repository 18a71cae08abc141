import * as tf from '@tensorflow/tfjs-core';
import type { Attributes } from './kernel.ts';

/** Extents, strides and padding of a convolution, as computed by tfjs; channels last. */
export type ConvolutionInfo = tf.backend_util.Conv2DInfo;

export function convolutionInfo(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Attributes,
): ConvolutionInfo {
  return tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides as [number, number],
    (dilations as [number, number] | undefined) ?? 1,
    pad as 'same',
    dimRoundingMode as 'floor' | undefined,
  );
}
