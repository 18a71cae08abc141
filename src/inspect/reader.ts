import type { DataSet } from '../data/index.ts';
import { forwardFunction, type Model, variablesFor } from '../model/index.ts';
import { runFault } from '../protocol/index.ts';
import { float32, type Program, sizeOf, type TensorData } from '../runtime/index.ts';
import type { Inspection } from './inspection.ts';
import { type Representation, type Representations, representation, rowsOf } from './representation.ts';
import type { TappedLayer } from './tappedLayer.ts';

export interface Reader {
  /** Maximum samples per forward pass. */
  readonly chunk: number;
  /** [samples, ...shape] -> the representation at every layer, in float32. */
  read(x: TensorData): Promise<Representations>;
  dispose(): Promise<void>;
}

/**
 * Tried in turn: the leading extent means "any number", so no other extent of the model may equal it. Primes, because
 * extents between the operations of a layer are usually products.
 */
const CHUNKS = [251, 241, 239, 233, 229, 227, 223, 211, 199, 197, 193, 191];

const chunkFor = (model: Model, sampleShape: readonly number[]): number => {
  const taken = new Set([
    ...sampleShape,
    sizeOf(sampleShape),
    ...model.layers.flatMap(({ shape }) => [...shape, sizeOf(shape)]),
    ...model.variables.flatMap(({ shape }) => [...shape, sizeOf(shape)]),
  ]);
  return CHUNKS.find((extent) => !taken.has(extent)) ?? [...taken].reduce((a, b) => Math.max(a, b)) + 1;
};

/** One program that reads all layers at once, for any number of samples. */
export const openReader = async (
  { backend, experiment, model, data }: Pick<Inspection, 'backend' | 'experiment' | 'model' | 'data'>,
  variables: Readonly<Record<string, TensorData>>,
  layers: readonly TappedLayer[],
): Promise<Reader> => {
  const sampleShape = data.shape;
  const names = layers.map(({ name }) => name);
  const used = variablesFor(model, names);
  const missing = used.find(({ name }) => variables[name] === undefined);
  if (missing !== undefined) {
    throw runFault(
      `the state has no variable "${missing.name}"`,
      missing.name,
      'Inspect the run with the experiment that it was trained from',
    );
  }
  const chunk = chunkFor(model, sampleShape);
  const feeds = Object.fromEntries(used.map(({ name }) => [name, variables[name]]));
  const program = await backend.compile(
    forwardFunction(model, names, { pooling: experiment.pooling }),
    {
      x: { shape: [chunk, ...sampleShape], dtype: 'float32' },
      ...Object.fromEntries(used.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }])),
    },
    { dynamicBatch: ['x'], takesTurns: true },
  );
  return {
    chunk,
    read: (x) => readLayers(program, { ...feeds, x }, layers),
    dispose: () => program.dispose(),
  };
};

const readLayers = async (
  program: Program,
  feeds: Record<string, TensorData>,
  layers: readonly TappedLayer[],
): Promise<Representations> => {
  const outputs = await program.run(feeds);
  return new Map(
    layers.map(({ name, dimensions }) => [
      name,
      representation(feeds.x.shape[0], dimensions, outputs[name].data as Float32Array),
    ]),
  );
};

/** Streams a whole split through the reader. A value that is not finite fails the run and names the layer. */
export const readSplit = (
  reader: Reader,
  layers: readonly TappedLayer[],
  dataSet: DataSet,
  signal?: AbortSignal,
): Promise<Representations> => readAll(reader, layers, dataSet, signal);

/** Samples from anywhere; `name` names them in a message. */
export interface SampleSource {
  readonly name: string;
  readonly size: number;
  read(from: number, to: number): TensorData;
}

/** Like `readSplit`, for any samples and any of the reader's layers. */
export const readAll = async (
  reader: Reader,
  layers: readonly TappedLayer[],
  source: SampleSource,
  signal?: AbortSignal,
): Promise<Representations> => {
  const { size } = source;
  const collected = new Map(layers.map(({ name, dimensions }) => [name, representation(size, dimensions)]));
  for (let from = 0; from < size; from += reader.chunk) {
    signal?.throwIfAborted();
    const to = Math.min(from + reader.chunk, size);
    for (const [name, part] of await reader.read(source.read(from, to))) {
      const whole = collected.get(name);
      if (whole === undefined) continue;
      checkFinite(part, name, source.name);
      rowsOf(whole, from, to).data.set(part.data);
    }
  }
  return collected;
};

/** The rows of a tensor as samples. */
export const tensorSource = (name: string, x: TensorData): SampleSource => ({
  name,
  size: x.shape[0],
  read: (from, to) => {
    const shape = x.shape.slice(1);
    const size = sizeOf(shape);
    return float32([to - from, ...shape], (x.data as Float32Array).subarray(from * size, to * size));
  },
});

const checkFinite = (part: Representation, layer: string, what: string): void => {
  for (const value of part.data) {
    if (!Number.isFinite(value)) {
      throw runFault(
        `the representation of the ${what} samples holds ${value}`,
        `layer ${layer}`,
        'Inspect an earlier state, or train again with a smaller learning rate',
      );
    }
  }
};
