import type { ConvolutionInfo } from './convolutionInfo.ts';
import type { Recording } from './recording.ts';
import type { Value } from './value.ts';

/** Convolution with ONNX's own operators, channels first. */

/** Memory orders that they require, from tfjs' [n, height, width, channel] and [height, width, in, out]. */
const CHANNELS_FIRST = [0, 3, 1, 2];
const OUT_IN_HEIGHT_WIDTH = [3, 2, 0, 1];

export const pads = ({ padInfo }: ConvolutionInfo): number[] => [
  padInfo.top,
  padInfo.left,
  padInfo.bottom,
  padInfo.right,
];

/** A stored value in this memory order. */
export function stored(recording: Recording, value: Value, order: readonly number[]): string {
  const lazy =
    value.uniform !== undefined || value.stored.some((extent, axis) => extent !== value.shape[axis]);
  return recording.inOrder(lazy ? recording.materialise(value) : value, order).name;
}

export const channelsFirst = (name: string, type: Value['type'], shape: readonly number[]): Value => ({
  name,
  type,
  shape,
  stored: shape,
  order: CHANNELS_FIRST,
});

export function directForward(recording: Recording, x: Value, filter: Value, info: ConvolutionInfo): Value {
  const name = recording.node(
    'Conv',
    [stored(recording, x, CHANNELS_FIRST), stored(recording, filter, OUT_IN_HEIGHT_WIDTH)],
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      pads: pads(info),
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
    },
  );
  return channelsFirst(name, x.type, info.outShape);
}

/** The filter rotated by half a turn with its channels exchanged: [in, out, height, width] in memory. */
function turned(recording: Recording, filter: Value, info: ConvolutionInfo): string {
  const swapped = stored(recording, filter, [2, 3, 0, 1]);
  const reversed = (extent: number) =>
    recording.graph.integers(Array.from({ length: extent }, (_, index) => extent - 1 - index));
  const rows = recording.node('Gather', [swapped, reversed(info.filterHeight)], { axis: 2 });
  return recording.node('Gather', [rows, reversed(info.filterWidth)], { axis: 3 });
}

/**
 * Gradient with respect to the input. With stride one it is itself a convolution, with the rotated filter; with
 * a larger stride it is ONNX's ConvTranspose.
 */
export function directInputGradient(
  recording: Recording,
  dy: Value,
  filter: Value,
  info: ConvolutionInfo,
): Value {
  const shape = info.inShape;
  const gradient = stored(recording, dy, CHANNELS_FIRST);
  const { filterHeight: height, filterWidth: width, padInfo } = info;
  const kernelShape = [height, width];
  if (info.strideHeight === 1 && info.strideWidth === 1) {
    const full = [
      height - 1 - padInfo.top,
      width - 1 - padInfo.left,
      height - 1 - padInfo.bottom,
      width - 1 - padInfo.right,
    ];
    const name = recording.node('Conv', [gradient, turned(recording, filter, info)], {
      kernel_shape: kernelShape,
      pads: full,
    });
    return channelsFirst(name, dy.type, shape);
  }
  // Rows and columns of the input that no window ends on get their gradient from the output padding.
  const rest = (extent: number, out: number, stride: number, size: number, before: number, after: number) =>
    extent - ((out - 1) * stride + size - before - after);
  const outputPadding = [
    rest(info.inHeight, info.outHeight, info.strideHeight, height, padInfo.top, padInfo.bottom),
    rest(info.inWidth, info.outWidth, info.strideWidth, width, padInfo.left, padInfo.right),
  ];
  const name = recording.node('ConvTranspose', [gradient, stored(recording, filter, OUT_IN_HEIGHT_WIDTH)], {
    kernel_shape: kernelShape,
    pads: pads(info),
    strides: [info.strideHeight, info.strideWidth],
    output_padding: outputPadding,
  });
  return channelsFirst(name, dy.type, shape);
}

/** Windows of the padded input, one slice for each filter position: [n, positions * in, out height * out width]. */
function windows(recording: Recording, x: Value, info: ConvolutionInfo): string {
  const { batchSize, inChannels, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  const size = outHeight * outWidth;
  const input = stored(recording, x, CHANNELS_FIRST);
  const graph = recording.graph;
  const before = [0, 0, padInfo.top, padInfo.left];
  const after = [0, 0, padInfo.bottom, padInfo.right];
  const padding = [...before, ...after];
  const padded = padding.some((extent) => extent > 0)
    ? recording.node('Pad', [input, graph.integers(padding)])
    : input;
  const slices: string[] = [];
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const ends = [row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1];
      const operands = [[row, column], ends, [2, 3], [strideHeight, strideWidth]].map((values) =>
        graph.integers(values),
      );
      slices.push(recording.node('Slice', [padded, ...operands]));
    }
  }
  const joined = slices.length === 1 ? slices[0] : recording.node('Concat', slices, { axis: 1 });
  return recording.node('Reshape', [joined, graph.integers([batchSize, slices.length * inChannels, size])]);
}

/** a b^T for each sample: of [n, rows, k] and [n, columns, k]. */
function timesTransposed(recording: Recording, a: string, b: string): string {
  if (recording.operators === 'cpu')
    return recording.graph.node('FusedMatMul', [a, b], { transB: 1 }, 'com.microsoft');
  return recording.node('MatMul', [a, recording.node('Transpose', [b], { perm: [0, 2, 1] })]);
}

/** Gradient with respect to the filter: windows of the input times the gradient of the output, summed over the batch. */
export function directFilterGradient(
  recording: Recording,
  x: Value,
  dy: Value,
  info: ConvolutionInfo,
): Value {
  const shape = info.filterShape;
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth } = info;
  const size = info.outHeight * info.outWidth;
  const gradient = recording.node('Reshape', [
    stored(recording, dy, CHANNELS_FIRST),
    recording.graph.integers([batchSize, outChannels, size]),
  ]);
  const columns = filterHeight * filterWidth * inChannels;
  const bySample = timesTransposed(recording, gradient, windows(recording, x, info));
  const flat = recording.node('Reshape', [
    bySample,
    recording.graph.integers([batchSize, outChannels * columns]),
  ]);
  const ones = recording.materialise(recording.uniform(1, x.type, [1, batchSize]));
  const total = recording.node('MatMul', [ones.name, flat]);
  const name = recording.node('Reshape', [
    total,
    recording.graph.integers([outChannels, filterHeight, filterWidth, inChannels]),
  ]);
  return { name, type: x.type, shape, stored: shape, order: [3, 0, 1, 2] };
}
