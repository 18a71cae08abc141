import type { ConvolutionInfo } from './convolutionInfo.ts';
import { matrixProduct } from './matrixProduct.ts';
import type { Recording } from './recording.ts';
import { reshape } from './shape.ts';
import type { Value } from './value.ts';
import { gatherWindows, type Position } from './windows.ts';

/** Convolution as products with gathered windows, channels last. */

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The input pixels under the filter, for every output pixel. */
function inputTable(info: ConvolutionInfo): Position[][] {
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  return range(info.outHeight).flatMap((row) =>
    range(info.outWidth).map((column) =>
      range(info.filterHeight).flatMap((i) =>
        range(info.filterWidth).map(
          (j): Position => [
            row * strideHeight + i * dilationHeight - padInfo.top,
            column * strideWidth + j * dilationWidth - padInfo.left,
          ],
        ),
      ),
    ),
  );
}

function inputWindows(recording: Recording, x: Value, info: ConvolutionInfo): Value {
  const table = inputTable(info);
  const { batchSize: samples, inHeight: height, inWidth: width, inChannels: channels } = info;
  const pixels = { name: recording.materialise(x).name, samples, height, width, channels };
  return recording.dense(gatherWindows(recording, pixels, table), x.type, [
    samples * table.length,
    table[0].length * channels,
  ]);
}

const asMatrix = (recording: Recording, filter: Value, info: ConvolutionInfo): Value =>
  reshape(recording, filter, [info.filterHeight * info.filterWidth * info.inChannels, info.outChannels]);

const outputMatrix = (recording: Recording, y: Value, info: ConvolutionInfo): Value =>
  reshape(recording, y, [info.batchSize * info.outHeight * info.outWidth, info.outChannels]);

/** y = windows(x) * filter: [n * out height * out width, positions * in] times [positions * in, out]. */
export function windowForward(recording: Recording, x: Value, filter: Value, info: ConvolutionInfo): Value {
  const product = matrixProduct(
    recording,
    inputWindows(recording, x, info),
    asMatrix(recording, filter, info),
    false,
    false,
  );
  return reshape(recording, product, info.outShape);
}

/** d filter = windows(x)^T * dy; the windows are those of the forward pass and are gathered once. */
export function windowFilterGradient(
  recording: Recording,
  x: Value,
  dy: Value,
  info: ConvolutionInfo,
): Value {
  const product = matrixProduct(
    recording,
    inputWindows(recording, x, info),
    outputMatrix(recording, dy, info),
    true,
    false,
  );
  return reshape(recording, product, info.filterShape);
}

/** Filter positions that reach input rows (or columns) with one residue modulo the stride. */
const touching = (residue: number, stride: number, before: number, size: number): number[] =>
  range(size).filter((i) => (residue + before - i) % stride === 0);

interface Phase {
  readonly inputs: readonly Position[];
  readonly filter: readonly Position[];
}

/** Input pixels that see the same filter positions: one class for each residue of row and column. */
function phases({
  inHeight,
  inWidth,
  strideHeight,
  strideWidth,
  filterHeight,
  filterWidth,
  padInfo,
}: ConvolutionInfo): Phase[] {
  return range(strideHeight).flatMap((a) =>
    range(strideWidth).map((b): Phase => {
      const rows = range(inHeight).filter((row) => row % strideHeight === a);
      const columns = range(inWidth).filter((column) => column % strideWidth === b);
      return {
        inputs: rows.flatMap((row) => columns.map((column): Position => [row, column])),
        filter: touching(a, strideHeight, padInfo.top, filterHeight).flatMap((i) =>
          touching(b, strideWidth, padInfo.left, filterWidth).map((j): Position => [i, j]),
        ),
      };
    }),
  );
}

/** The part of the input gradient that belongs to one phase: [n, pixels of the phase, in]. */
function phaseGradient(
  recording: Recording,
  dy: Value,
  filter: string,
  phase: Phase,
  info: ConvolutionInfo,
): Value {
  const {
    batchSize: samples,
    outHeight: height,
    outWidth: width,
    outChannels: channels,
    inChannels,
    padInfo,
  } = info;
  const shape = [samples, phase.inputs.length, inChannels];
  if (phase.filter.length === 0) return recording.uniform(0, dy.type, shape);
  const table = phase.inputs.map(([row, column]) =>
    phase.filter.map(
      ([i, j]): Position => [
        (row + padInfo.top - i) / info.strideHeight,
        (column + padInfo.left - j) / info.strideWidth,
      ],
    ),
  );
  const pixels = { name: recording.materialise(dy).name, samples, height, width, channels };
  const columns = phase.filter.length * channels;
  const windows = recording.dense(gatherWindows(recording, pixels, table), dy.type, [
    samples * table.length,
    columns,
  ]);
  const chosen = recording.graph.integers(phase.filter.map(([i, j]) => i * info.filterWidth + j));
  const taps = recording.node('Gather', [filter, chosen], { axis: 0 });
  const matrix = recording.dense(
    recording.reshape(taps, [phase.filter.length, channels, inChannels], [columns, inChannels]),
    dy.type,
    [columns, inChannels],
  );
  return reshape(recording, matrixProduct(recording, windows, matrix, false, false), shape);
}

/**
 * d x: one product for every residue of the position modulo the stride, of the windows of dy with the filter
 * positions that reach it (no multiplication with inserted zeros), then all pixels in order.
 */
export function windowInputGradient(
  recording: Recording,
  dy: Value,
  filter: Value,
  info: ConvolutionInfo,
): Value {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth } = info;
  const turned = recording.inOrder(recording.materialise(filter), [0, 1, 3, 2]);
  const bank = recording.reshape(
    turned.name,
    [filterHeight, filterWidth, outChannels, inChannels],
    [filterHeight * filterWidth, outChannels, inChannels],
  );
  const parts = phases(info).filter(({ inputs }) => inputs.length > 0);
  const gradients = parts.map((phase) => phaseGradient(recording, dy, bank, phase, info));
  if (gradients.length === 1) return reshape(recording, gradients[0], info.inShape);
  const joined = recording.node(
    'Concat',
    gradients.map((part) => recording.materialise(part).name),
    { axis: 1 },
  );
  const places = new Map(
    parts.flatMap(({ inputs }) => inputs).map(([row, column], index) => [row * inWidth + column, index]),
  );
  const order = recording.graph.integers(range(inHeight * inWidth).map((pixel) => places.get(pixel)!));
  const ordered = recording.node('Gather', [joined, order], { axis: 1 });
  return reshape(
    recording,
    recording.dense(ordered, dy.type, [batchSize, inHeight * inWidth, inChannels]),
    info.inShape,
  );
}
