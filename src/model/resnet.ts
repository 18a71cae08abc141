import * as tf from '@tensorflow/tfjs-core';
import { type Block, type Layer, layer, sequence } from './block.ts';
import { globalAverage, normalisedConvolution } from './convolution.ts';
import { relu } from './dense.ts';
import { heNormal } from './initial.ts';

/** He et al. 2016 with fan-out, as torchvision initialises its residual networks. */
const normalised = (name: string, shape: readonly number[], filters: number, size: 1 | 3, stride: 1 | 2) =>
  normalisedConvolution(name, shape, { filters, size, stride, initial: heNormal(size * size * filters) });

/**
 * Basic block: relu(norm conv relu norm conv x + shortcut x); the shortcut is a 1x1 convolution with batch norm if
 * the shape changes, and x itself otherwise.
 */
const residual = (name: string, shape: readonly number[], filters: number, stride: 1 | 2): Block => {
  const first = normalised(`${name}.conv1`, shape, filters, 3, stride);
  const inner = sequence(first, relu(first.shape), normalised(`${name}.conv2`, first.shape, filters, 3, 1));
  const changes = stride !== 1 || filters !== shape[2];
  const shortcut = changes ? normalised(`${name}.shortcut`, shape, filters, 1, stride) : null;
  return {
    shape: inner.shape,
    variables: [...inner.variables, ...(shortcut?.variables ?? [])],
    apply: (x, pass) => tf.relu(tf.add(inner.apply(x, pass), shortcut?.apply(x, pass) ?? x)),
  };
};

/**
 * ResNet-18 for small images: a 3x3 stem of stride 1 without max-pooling, four stages of two basic blocks with 1, 2, 4
 * and 8 times `width` channels and strides 1, 2, 2, 2, then the global average.
 */
export const residualLayers = (width: number, shape: readonly number[]): Layer[] => {
  const stem = normalised('encoder.stem', shape, width, 3, 1);
  const layers = [layer('encoder.stem', 'encoder', sequence(stem, relu(stem.shape)))];
  for (let index = 0; index < 8; index++) {
    const stage = Math.floor(index / 2);
    const name = `encoder.block${index + 1}`;
    const stride = stage > 0 && index % 2 === 0 ? 2 : 1;
    layers.push(layer(name, 'encoder', residual(name, layers[index].shape, width * 2 ** stage, stride)));
  }
  return [...layers, layer('encoder.pool', 'encoder', globalAverage(layers[8].shape))];
};
