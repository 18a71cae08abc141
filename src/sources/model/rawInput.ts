import type { ModelArray, ModelPort } from '../../runtime/index.ts';
import { floatsOf } from './arrayInputs.ts';
import type { ModelInputs } from './modelInputs.ts';

/** The input of a model as a layer: what its layers have to beat. */
export interface RawInput {
  /** Name of the input. */
  readonly port: string;
  readonly dimensions: number;
  /** How a vector is made of it, for people. */
  readonly pooling: string;
  /** [samples, dimensions]. */
  rows(given: ModelArray): Float32Array;
}

/** Sides of the grid that images are averaged to: wide enough for a baseline, narrow enough for a probe. */
const SIDE = 16;
/** Larger inputs that are no images are not probed. */
const MOST_DIMENSIONS = 4096;
/** An axis with at most so many values may be that of the channels. */
const MOST_CHANNELS = 4;

/**
 * The input of a model with one input of numbers: images averaged to 16 x 16, other arrays as they are.
 * @param given to the model for some samples.
 * @returns null for tokens, for several inputs, and for arrays that are too wide.
 */
export const rawInput = (
  ports: readonly ModelPort[],
  { images }: Pick<ModelInputs, 'images'>,
  given: Readonly<Record<string, ModelArray>>,
): RawInput | null => {
  const [port] = ports;
  if (ports.length !== 1 || !port.type.startsWith('float')) return null;
  const shape = given[port.name].shape.slice(1);
  const dimensions = shape.reduce((product, extent) => product * extent, 1);
  const map = mapOf(shape, images?.isChannelsFirst ?? null);
  if (map !== null && dimensions > map.channels * SIDE * SIDE) {
    return {
      port: port.name,
      dimensions: map.channels * SIDE * SIDE,
      pooling: `positions averaged to ${SIDE} x ${SIDE}`,
      rows: (array) => averaged(floatsOf(array), array.shape[0], map),
    };
  }
  if (dimensions > MOST_DIMENSIONS) return null;
  return {
    port: port.name,
    dimensions,
    pooling: shape.length === 1 ? 'none' : 'whole',
    rows: floatsOf,
  };
};

/** Where the values of a map are. */
interface MapLayout {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Distances of neighbours in an array: along the channels, down, and to the right. */
  readonly strides: readonly [channel: number, down: number, right: number];
}

const mapOf = (shape: readonly number[], isChannelsFirst: boolean | null): MapLayout | null => {
  if (shape.length !== 3) return null;
  const [a, b, c] = shape;
  if (isChannelsFirst ?? a <= MOST_CHANNELS) {
    return { channels: a, height: b, width: c, strides: [b * c, c, 1] };
  }
  if (isChannelsFirst === null && c > MOST_CHANNELS) return null;
  return { channels: c, height: a, width: b, strides: [1, b * c, c] };
};

/** The mean of each cell of a grid, channel by channel; sides that are shorter than the grid repeat their values. */
const averaged = (
  values: Float32Array,
  samples: number,
  { channels, height, width, strides: [channel, down, right] }: MapLayout,
): Float32Array => {
  const rows = new Float32Array(samples * channels * SIDE * SIDE);
  let at = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let k = 0; k < channels; k++) {
      const start = sample * channels * height * width + k * channel;
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
          const [top, bottom] = cellOf(y, height);
          const [left, end] = cellOf(x, width);
          let sum = 0;
          for (let i = top; i < bottom; i++) {
            for (let j = left; j < end; j++) sum += values[start + i * down + j * right];
          }
          rows[at++] = sum / ((bottom - top) * (end - left));
        }
      }
    }
  }
  return rows;
};

/** Which positions of a side are in a cell of the grid: at least one. */
const cellOf = (cell: number, length: number): readonly [from: number, to: number] => {
  const from = Math.min(length - 1, Math.floor((cell * length) / SIDE));
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * length) / SIDE))];
};
