import { inputFault } from '../../protocol/index.ts';
import type { ModelArray, OnnxModel } from '../../runtime/index.ts';
import type { ModelInputs } from './modelInputs.ts';

/** Samples that a model with any number of them is given at a time. */
const USUAL_BATCH = 32;
/** Bytes of rows that are kept, so that the model runs once. */
const MOST_KEPT = 2 ** 30;

/** A model and its data. */
export interface Runnable {
  readonly path: string;
  readonly model: OnnxModel;
  readonly inputs: ModelInputs;
}

/** How many samples the model takes at a time, and whether it takes any number. */
export interface Batch {
  readonly size: number;
  readonly isFixed: boolean;
}

export const batchOf = ({ model, inputs, path }: Runnable): Batch => {
  const fixed = new Set(
    model.inputs.map(({ shape }) => shape[0]).filter((extent) => extent !== null && extent !== undefined),
  );
  if (fixed.size === 0) {
    return { size: Math.min(inputs.atOnce ?? USUAL_BATCH, inputs.samples), isFixed: false };
  }
  if (fixed.size === 1) return { size: [...fixed][0]!, isFixed: true };
  throw inputFault(
    `takes ${[...fixed].join(' and ')} samples at different inputs`,
    path,
    'Export it with the first axis of every input dynamic',
  );
};

/** What a model was given for some samples, and what it made of them, by name. */
export interface ModelRun {
  readonly given: Readonly<Record<string, ModelArray>>;
  readonly results: Readonly<Record<string, ModelArray>>;
}

/** Runs the model on samples; a fixed number of them is filled up with the last one. */
export const runOn = async (
  { model, inputs }: Runnable,
  begin: number,
  end: number,
  size: number,
): Promise<ModelRun> => {
  const batch = await inputs.batch(begin, Math.min(end, inputs.samples));
  const given = Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [name, filledUp(array, size)]),
  );
  return { given, results: await model.run(given) };
};

export const filledUp = ({ type, shape: [samples, ...rest], data }: ModelArray, size: number): ModelArray => {
  if (samples >= size) return { type, shape: [samples, ...rest], data };
  const width = data.length / samples;
  const full = new (data.constructor as Float32ArrayConstructor)(size * width);
  full.set(data as Float32Array);
  for (let at = samples; at < size; at++) full.copyWithin(at * width, (samples - 1) * width, samples * width);
  return { type, shape: [size, ...rest], data: full };
};

/** A layer that is read from a run of the model: one vector for each of its samples. */
export interface Reading {
  readonly dimensions: number;
  /** [samples, dimensions], or more: samples that fill up a batch are left alone. */
  rows(run: ModelRun, samples: readonly [begin: number, end: number]): Float32Array;
}

/** The rows of all layers for a range of samples. */
export type ReadAll = (begin: number, end: number) => Promise<Float32Array[]>;

/** Reads layers. Keeps what was read if there is room, so that the model runs once; else what was read last. */
export const rowReader = (
  runnable: Runnable,
  readings: readonly Reading[],
  { size, isFixed }: Batch,
): ReadAll => {
  const { samples } = runnable.inputs;
  const widths = readings.map(({ dimensions }) => dimensions);
  const bytes = 4 * samples * widths.reduce((sum, width) => sum + width, 0);
  let last: { begin: number; end: number; rows: Promise<Float32Array[]> } | null = null;
  const compute = async (begin: number, end: number): Promise<Float32Array[]> => {
    const rows = widths.map((width) => new Float32Array((end - begin) * width));
    for (let from = begin; from < end; from += size) {
      const to = Math.min(from + size, end);
      const run = await runOn(runnable, from, to, isFixed ? size : to - from);
      for (const [at, reading] of readings.entries()) {
        const own = reading.rows(run, [from, to]).subarray(0, (to - from) * widths[at]);
        rows[at].set(own, (from - begin) * widths[at]);
      }
    }
    return rows;
  };
  if (bytes > MOST_KEPT) {
    return (begin, end) => {
      if (last?.begin !== begin || last.end !== end) last = { begin, end, rows: compute(begin, end) };
      return last.rows;
    };
  }
  const kept = widths.map((width) => new Float32Array(samples * width));
  const done = new Uint8Array(Math.ceil(samples / size));
  return async (begin, end) => {
    for (let block = Math.floor(begin / size); block * size < end; block++) {
      if (done[block] === 1) continue;
      const from = block * size;
      const rows = await compute(from, Math.min(from + size, samples));
      for (const [at, own] of rows.entries()) kept[at].set(own, from * widths[at]);
      done[block] = 1;
    }
    return kept.map((rows, at) => rows.subarray(begin * widths[at], end * widths[at]));
  };
};
