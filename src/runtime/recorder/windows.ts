import type { Recording } from './recording.ts';

/**
 * Convolution as products of matrices. All tensors here are channels last. A table of positions lists the pixels in
 * each row of windows; one Gather over pixels then copies whole channel vectors, on all threads, and the rest is
 * Gemm, the fastest operation available.
 */

export interface Pixels {
  /** Name of the stored [samples, height, width, channels] tensor. */
  readonly name: string;
  readonly samples: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A position of a pixel; outside the picture it means zeros. */
export type Position = readonly [row: number, column: number];

/** How far the positions extend beyond the picture along an axis: before its start, and beyond its end. */
function margins(positions: readonly Position[], axis: 0 | 1, extent: number): [number, number] {
  let [lowest, highest] = [0, extent - 1];
  for (const position of positions) {
    lowest = Math.min(lowest, position[axis]);
    highest = Math.max(highest, position[axis]);
  }
  return [-lowest, highest - extent + 1];
}

/**
 * For every sample and every entry of `table` (a list of positions per row, all of one length), the channels of
 * these pixels side by side: [samples * rows, positions * channels].
 */
export function gatherWindows(
  recording: Recording,
  pixels: Pixels,
  table: readonly (readonly Position[])[],
): string {
  const { samples, height, width, channels } = pixels;
  const positions = table.flat();
  const [top, bottom] = margins(positions, 0, height);
  const [left, right] = margins(positions, 1, width);
  const graph = recording.graph;
  const padded =
    top + bottom + left + right === 0
      ? pixels.name
      : recording.node('Pad', [pixels.name, graph.integers([0, top, left, 0, 0, bottom, right, 0])]);
  const paddedWidth = width + left + right;
  const flat = recording.node('Reshape', [
    padded,
    graph.integers([samples, (height + top + bottom) * paddedWidth, channels]),
  ]);
  const indices = positions.map(([row, column]) => (row + top) * paddedWidth + column + left);
  const untouched =
    indices.length === (height + top + bottom) * paddedWidth &&
    indices.every((index, place) => index === place);
  const gathered = untouched ? flat : recording.node('Gather', [flat, graph.integers(indices)], { axis: 1 });
  return recording.node('Reshape', [
    gathered,
    graph.integers([samples * table.length, table[0].length * channels]),
  ]);
}
