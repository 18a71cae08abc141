import * as tf from '@tensorflow/tfjs-core';
import { convolution } from './convolution.ts';
import { channelsFirst, pads, stored } from './directConvolution.ts';
import { elementwise } from './elementwise.ts';
import { type Attributes, type Kernel, kernel } from './kernel.ts';
import { matrixProducts } from './matrixProduct.ts';
import type { Recording } from './recording.ts';
import { shape as shapes } from './shape.ts';
import type { Value } from './value.ts';

/**
 * Kernels that only models from elsewhere have, with no gradient: fused ones, pooling, depthwise convolution and further
 * activations. Fused kernels are those that they fuse, one after the other.
 */

const CHANNELS_FIRST = [0, 3, 1, 2];
/** Of a depthwise filter [height, width, in, multiplier]. */
const IN_MULTIPLIER_HEIGHT_WIDTH = [2, 3, 0, 1];

/** An operator on all elements of a stored value. */
const operator = (
  recording: Recording,
  op: string,
  x: Value,
  attributes?: Parameters<Recording['node']>[2],
): Value => {
  const dense = x.uniform === undefined ? x : recording.materialise(x);
  return { ...dense, name: recording.node(op, [dense.name], attributes) };
};

const called = (name: string, all: Readonly<Record<string, Kernel>>) => {
  const { record } = all[name];
  return (recording: Recording, inputs: readonly Value[], attributes: Attributes = {}): Value =>
    record(recording, inputs, attributes) as Value;
};

const add = called('Add', elementwise);
const subtract = called('Sub', elementwise);
const multiply = called('Multiply', elementwise);
const rsqrt = called('Rsqrt', elementwise);
const clip = called('ClipByValue', elementwise);
const convolve = called('Conv2D', convolution);
const product = called('BatchMatMul', matrixProducts);
const slice = called('Slice', shapes);

const leakyRelu = (recording: Recording, x: Value, alpha: number): Value =>
  operator(recording, 'LeakyRelu', x, { alpha: { float: alpha } });

/** The slope is broadcast against x, whose axes it has. */
const prelu = (recording: Recording, x: Value, slope: Value): Value => {
  const positive = called('Relu', elementwise)(recording, [x]);
  const negative = called('Minimum', elementwise)(recording, [x, recording.uniform(0, x.type, x.shape)]);
  return add(recording, [positive, multiply(recording, [slope, negative])]);
};

/** What a fused kernel does behind its product: the bias and an activation. */
interface Tail {
  readonly bias: Value | undefined;
  readonly slope: Value | undefined;
  readonly attributes: Attributes;
}

const finished = (recording: Recording, x: Value, { bias, slope, attributes }: Tail): Value => {
  const shifted = bias === undefined ? x : add(recording, [x, bias]);
  const { activation, leakyreluAlpha } = attributes;
  switch (activation) {
    case undefined:
    case null:
    case 'linear':
      return shifted;
    case 'relu':
      return called('Relu', elementwise)(recording, [shifted]);
    case 'relu6':
      return clip(recording, [shifted], { clipValueMin: 0, clipValueMax: 6 });
    case 'sigmoid':
      return called('Sigmoid', elementwise)(recording, [shifted]);
    case 'elu':
      return operator(recording, 'Elu', shifted);
    case 'leakyrelu':
      return leakyRelu(recording, shifted, (leakyreluAlpha as number | undefined) ?? 0.2);
    case 'prelu':
      return prelu(recording, shifted, slope!);
    default:
      throw new Error(`the activation ${String(activation)} cannot be recorded`);
  }
};

const depthwise = (recording: Recording, x: Value, filter: Value, attributes: Attributes): Value => {
  const { strides, pad, dilations, dimRoundingMode } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides as [number, number],
    (dilations as [number, number] | undefined) ?? 1,
    pad as 'same',
    dimRoundingMode as 'floor' | undefined,
    true,
  );
  const [height, width, channels, multiplier] = filter.shape;
  const weights = recording.reshape(
    stored(recording, filter, IN_MULTIPLIER_HEIGHT_WIDTH),
    [channels, multiplier, height, width],
    [channels * multiplier, 1, height, width],
  );
  const name = recording.node('Conv', [stored(recording, x, CHANNELS_FIRST), weights], {
    kernel_shape: [height, width],
    pads: pads(info),
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    group: channels,
  });
  return channelsFirst(name, x.type, info.outShape);
};

/** Padding counts neither for the maximum nor for the mean, in tfjs as in ONNX. */
const pooling = (op: string): Kernel =>
  kernel(['x'], (recording, [x], { filterSize, strides, pad, dimRoundingMode }) => {
    const info = tf.backend_util.computePool2DInfo(
      x.shape as [number, number, number, number],
      filterSize as [number, number],
      strides as [number, number],
      1,
      pad as 'same',
      dimRoundingMode as 'floor' | undefined,
    );
    const name = recording.node(op, [stored(recording, x, CHANNELS_FIRST)], {
      kernel_shape: [info.filterHeight, info.filterWidth],
      pads: pads(info),
      strides: [info.strideHeight, info.strideWidth],
    });
    return channelsFirst(name, x.type, info.outShape);
  });

/** Over the last axis. */
const softmax = (op: string): Kernel =>
  kernel(['logits'], (recording, [logits]) => {
    const dense = recording.materialise(logits);
    return { ...dense, name: recording.node(op, [dense.name], { axis: -1 }) };
  });

/** A part of a tensor; the batch, if it is dynamic, is taken whole. */
const stridedSlice = (recording: Recording, x: Value, attributes: Attributes): Value => {
  const { begin, end, strides, ...masks } = attributes as unknown as {
    readonly [key in 'begin' | 'end' | 'strides']: number[];
  } & {
    readonly [key in 'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask']: number;
  };
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    masks.beginMask,
    masks.endMask,
    masks.ellipsisMask,
    masks.newAxisMask,
    masks.shrinkAxisMask,
  );
  const cut = x.shape.flatMap((extent, axis) => {
    const isWhole = info.begin[axis] === 0 && info.end[axis] === extent && info.strides[axis] === 1;
    return isWhole ? [] : [axis];
  });
  const dense = recording.materialise(x);
  if (cut.some((axis) => recording.isDynamic(x.shape[axis]))) {
    throw new Error('a part of the dynamic batch cannot be recorded');
  }
  const operands = [info.begin, info.end].map((ends) => cut.map((axis) => ends[axis]));
  const name =
    cut.length === 0
      ? dense.name
      : recording.node('Slice', [
          dense.name,
          ...[...operands, cut, cut.map((axis) => info.strides[axis])].map((own) =>
            recording.graph.integers(own),
          ),
        ]);
  const part = recording.dense(
    name,
    x.type,
    tf.slice_util.computeOutShape(info.begin, info.end, info.strides),
  );
  return called('Reshape', shapes)(recording, [part], { shape: info.finalShape });
};

/** To a larger or smaller map; the batch may be dynamic, so that extents are given as ratios. */
const resized =
  (mode: 'linear' | 'nearest') =>
  (recording: Recording, [images]: readonly Value[], attributes: Attributes): Value => {
    const { size, alignCorners, halfPixelCenters } = attributes;
    const [height, width] = size as [number, number];
    const [samples, rows, columns, channels] = images.shape;
    const scales = Float32Array.of(1, 1, ratioOf(height, rows), ratioOf(width, columns));
    const transformation = alignCorners ? 'align_corners' : halfPixelCenters ? 'half_pixel' : 'asymmetric';
    const name = recording.node(
      'Resize',
      [
        stored(recording, images, CHANNELS_FIRST),
        '',
        recording.graph.constant('float32', [4], new Uint8Array(scales.buffer)),
      ],
      {
        mode,
        coordinate_transformation_mode: transformation,
        ...(mode === 'nearest' ? { nearest_mode: alignCorners ? 'round_prefer_ceil' : 'floor' } : {}),
      },
    );
    return channelsFirst(name, images.type, [samples, height, width, channels]);
  };

/** In single precision, so that the extent is what ONNX makes of it: the product, rounded down. */
const ratioOf = (to: number, from: number): number => {
  const ratio = Math.fround(to / from);
  return Math.floor(Math.fround(ratio * from)) === to ? ratio : Math.fround(ratio * (1 + 2 ** -23));
};

const single = (op: string): Kernel => kernel(['x'], (recording, [x]) => operator(recording, op, x));

/** The inputs of fused kernels behind the first two. */
const TAIL = ['bias', 'preluActivationWeights'];

export const inference: Readonly<Record<string, Kernel>> = {
  FusedConv2D: kernel(['x', 'filter', ...TAIL], (recording, [x, filter, bias, slope], attributes) =>
    finished(recording, convolve(recording, [x, filter], attributes), { bias, slope, attributes }),
  ),
  DepthwiseConv2dNative: kernel(['x', 'filter'], (recording, [x, filter], attributes) =>
    depthwise(recording, x, filter, attributes),
  ),
  FusedDepthwiseConv2D: kernel(['x', 'filter', ...TAIL], (recording, [x, filter, bias, slope], attributes) =>
    finished(recording, depthwise(recording, x, filter, attributes), { bias, slope, attributes }),
  ),
  _FusedMatMul: kernel(['a', 'b', ...TAIL], (recording, [a, b, bias, slope], attributes) =>
    finished(recording, product(recording, [a, b], attributes), { bias, slope, attributes }),
  ),
  /** (x - mean) / sqrt(variance + epsilon) * scale + offset. */
  FusedBatchNorm: kernel(
    ['x', 'scale', 'offset', 'mean', 'variance'],
    (recording, [x, scale, offset, mean, variance], { varianceEpsilon }) => {
      const epsilon = recording.uniform(
        (varianceEpsilon as number | undefined) ?? 0.001,
        x.type,
        variance.shape,
      );
      const inverse = rsqrt(recording, [add(recording, [variance, epsilon])]);
      const factor =
        (scale as Value | undefined) === undefined ? inverse : multiply(recording, [inverse, scale]);
      const scaled = multiply(recording, [subtract(recording, [x, mean]), factor]);
      return (offset as Value | undefined) === undefined ? scaled : add(recording, [scaled, offset]);
    },
  ),
  ResizeBilinear: kernel(['images'], resized('linear')),
  ResizeNearestNeighbor: kernel(['images'], resized('nearest')),
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  Relu6: kernel(['x'], (recording, [x]) => clip(recording, [x], { clipValueMin: 0, clipValueMax: 6 })),
  LeakyRelu: kernel(['x'], (recording, [x], { alpha }) =>
    leakyRelu(recording, x, (alpha as number | undefined) ?? 0.2),
  ),
  Prelu: kernel(['x', 'alpha'], (recording, [x, slope]) => prelu(recording, x, slope)),
  Elu: single('Elu'),
  Selu: single('Selu'),
  Erf: single('Erf'),
  Floor: single('Floor'),
  Ceil: single('Ceil'),
  Sin: single('Sin'),
  Cos: single('Cos'),
  StridedSlice: kernel(['x'], (recording, [x], attributes) => stridedSlice(recording, x, attributes)),
  SplitV: kernel(['x'], (recording, [x], { numOrSizeSplits, axis }) => {
    const at = (((axis as number | undefined) ?? 0) + x.shape.length) % x.shape.length;
    const given = numOrSizeSplits as number | number[];
    const sizes = Array.isArray(given) ? given : new Array<number>(given).fill(x.shape[at] / given);
    let from = 0;
    return sizes.map((extent) => {
      const begin = x.shape.map((_, own) => (own === at ? from : 0));
      from += extent;
      return slice(recording, [x], {
        begin,
        size: x.shape.map((own, place) => (place === at ? extent : own)),
      });
    });
  }),
};
