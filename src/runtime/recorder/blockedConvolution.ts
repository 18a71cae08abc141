import type { ConvolutionInfo } from './convolutionInfo.ts';
import { matrixProduct } from './matrixProduct.ts';
import type { Recording } from './recording.ts';
import type { Value } from './value.ts';
import { gatherWindows, type Position } from './windows.ts';

/**
 * Convolution of stride 1 with the kernels that ONNX Runtime has for whole blocks of channels (its optimiser puts them into graphs with
 * constant weights; here the weights are reordered in the graph). Maps are [n, channels / B, height, width, B] in memory, filters
 * [out / B, in / B, height, width, B of in, B of out]. They need no windows, so that nothing but x is kept for the backward pass.
 */

const DOMAIN = 'com.microsoft.nchwc';

const blocks = (recording: Recording, map: Value): string =>
  recording.graph.node('ReorderInput', [recording.materialise(map).name], { channels_last: 1 }, DOMAIN);

/** The convolution of a map with a blocked filter, channels last again. */
function convolved(
  recording: Recording,
  map: Value,
  filter: string,
  pads: readonly number[],
  { filterHeight, filterWidth }: ConvolutionInfo,
  shape: readonly number[],
): Value {
  const attributes = {
    kernel_shape: [filterHeight, filterWidth],
    pads: [...pads],
    strides: [1, 1],
    dilations: [1, 1],
    group: 1,
  };
  const result = recording.graph.node('Conv', [blocks(recording, map), filter], attributes, DOMAIN);
  const channels = shape[3];
  const name = recording.graph.node('ReorderOutput', [result], { channels, channels_last: 1 }, DOMAIN);
  return recording.dense(name, map.type, shape);
}

/** A filter [height, width, in, out] in blocks. */
function blockedFilter(
  recording: Recording,
  filter: string,
  [height, width, ins, outs]: readonly number[],
): string {
  const block = recording.channelBlock!;
  const [positions, inBlocks, outBlocks] = [height * width, ins / block, outs / block];
  // Two transposes that each move one axis, which copy long runs, instead of one of six axes, which does not.
  const rows = withShape(recording, filter, [positions * ins, outBlocks, block]);
  const byOut = recording.node('Transpose', [rows], { perm: [1, 0, 2] });
  const tiles = withShape(recording, byOut, [outBlocks, positions, inBlocks, block * block]);
  return recording.node('Transpose', [tiles], { perm: [0, 2, 1, 3] });
}

const withShape = (recording: Recording, name: string, shape: readonly number[]): string =>
  recording.node('Reshape', [name, recording.graph.integers(shape)]);

export function blockedForward(recording: Recording, x: Value, filter: Value, info: ConvolutionInfo): Value {
  const { filterHeight, filterWidth, inChannels, outChannels, padInfo } = info;
  const blocked = blockedFilter(recording, recording.materialise(filter).name, info.filterShape);
  const weights = withShape(recording, blocked, [outChannels, inChannels, filterHeight, filterWidth]);
  const pads = [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right];
  return convolved(recording, x, weights, pads, info, info.outShape);
}

/** d x: the convolution of dy with the filter turned by half a turn, in and out exchanged. */
export function blockedInputGradient(
  recording: Recording,
  dy: Value,
  filter: Value,
  info: ConvolutionInfo,
): Value {
  const { filterHeight, filterWidth, inChannels, outChannels, padInfo } = info;
  const positions = filterHeight * filterWidth;
  const matrices = withShape(recording, recording.materialise(filter).name, [
    positions,
    inChannels,
    outChannels,
  ]);
  // Half a turn is the positions in reverse. The exchange has a transpose of its own: that of six axes moves single numbers slowly.
  const reverse = recording.graph.integers(
    Array.from({ length: positions }, (_, index) => positions - 1 - index),
  );
  const turned = recording.node('Gather', [matrices, reverse], { axis: 0 });
  const exchanged = recording.node('Transpose', [turned], { perm: [0, 2, 1] });
  const blocked = blockedFilter(recording, exchanged, [filterHeight, filterWidth, outChannels, inChannels]);
  const weights = withShape(recording, blocked, [inChannels, outChannels, filterHeight, filterWidth]);
  const [last, end] = [filterHeight - 1, filterWidth - 1];
  const pads = [last - padInfo.top, end - padInfo.left, last - padInfo.bottom, end - padInfo.right];
  return convolved(recording, dy, weights, pads, info, info.inShape);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * d filter_ij = sum_(n, h, w) x[h, w + j - left]^T dy[h - i + top, w], where w goes over the output and h over the input: one product of the
 * windows of x along its width with those of dy along its height, [positions, width of filter * in]^T times [positions, height of filter *
 * out]. It reads 3 + 3 times as much as the maps of a 3 x 3 filter, where windows along both are 9 times x.
 */
export function blockedFilterGradient(
  recording: Recording,
  x: Value,
  dy: Value,
  info: ConvolutionInfo,
): Value {
  const { batchSize: samples, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const positions = range(inHeight).flatMap((row) => range(outWidth).map((column) => [row, column] as const));
  const windowsOf = (map: Value, height: number, width: number, channels: number, table: Position[][]) => {
    const pixels = { name: recording.materialise(map).name, samples, height, width, channels };
    return recording.dense(gatherWindows(recording, pixels, table), map.type, [
      samples * table.length,
      table[0].length * channels,
    ]);
  };
  const alongWidth = positions.map(([row, column]) =>
    range(filterWidth).map((j): Position => [row, column + j - padInfo.left]),
  );
  const alongHeight = positions.map(([row, column]) =>
    range(filterHeight).map((i): Position => [row - i + padInfo.top, column]),
  );
  const product = matrixProduct(
    recording,
    windowsOf(x, inHeight, inWidth, inChannels, alongWidth),
    windowsOf(dy, outHeight, outWidth, outChannels, alongHeight),
    true,
    false,
  );
  const split = withShape(recording, recording.materialise(product).name, [
    filterWidth,
    inChannels,
    filterHeight,
    outChannels,
  ]);
  const ordered = recording.node('Transpose', [split], { perm: [2, 0, 1, 3] });
  return recording.dense(ordered, x.type, info.filterShape);
}
