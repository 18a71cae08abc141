import { forwardFunction, type Model, type Pooling, variablesFor } from '../../model/index.ts';
import { runFault } from '../../protocol/index.ts';
import { type Backend, float32, type Program, sizeOf, type TensorData } from '../../runtime/index.ts';
import { type Representation, type Representations, representation, rowsOf } from '../representation.ts';
import type { SourceLayer } from '../source.ts';

/** Reads layers of a model for samples from anywhere. */
export interface ModelReader {
  readonly layers: readonly SourceLayer[];
  /** Maximum samples per forward pass. */
  readonly chunk: number;
  /**
   * [samples, ...shape] -> the representation at every layer, in float32. A value that is not finite fails the run and names
   * the layer, with `what` the samples are called.
   */
  read(x: TensorData, what: string): Promise<Representations>;
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

/** A model with its variables, by name. */
export interface ReadModel {
  readonly model: Model;
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly sampleShape: readonly number[];
  readonly pooling: Pooling;
}

/** One program that reads all layers at once, for any number of samples. */
export const openModelReader = async (
  backend: Backend,
  { model, variables, sampleShape, pooling }: ReadModel,
  layers: readonly SourceLayer[],
): Promise<ModelReader> => {
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
    forwardFunction(model, names, { pooling }),
    {
      x: { shape: [chunk, ...sampleShape], dtype: 'float32' },
      ...Object.fromEntries(used.map(({ name, shape }) => [name, { shape, dtype: 'float32' as const }])),
    },
    { dynamicBatch: ['x'], takesTurns: true },
  );
  return {
    layers,
    chunk,
    read: async (x, what) => {
      const outputs = await program.run({ ...feeds, x });
      return representationsOf(outputs, x.shape[0], layers, what);
    },
    dispose: () => program.dispose(),
  };
};

const representationsOf = (
  outputs: Awaited<ReturnType<Program['run']>>,
  rows: number,
  layers: readonly SourceLayer[],
  what: string,
): Representations =>
  new Map(
    layers.map(({ name, dimensions }) => {
      const read = representation(rows, dimensions, outputs[name].data as Float32Array);
      checkFinite(read, name, what);
      return [name, read];
    }),
  );

/** Any number of inputs, a chunk at a time. */
export const readInputs = async (
  reader: ModelReader,
  x: TensorData,
  what: string,
): Promise<Representations> => {
  const [size] = x.shape;
  const shape = x.shape.slice(1);
  const values = sizeOf(shape);
  const collected = new Map(
    reader.layers.map(({ name, dimensions }) => [name, representation(size, dimensions)]),
  );
  for (let from = 0; from < size; from += reader.chunk) {
    const to = Math.min(from + reader.chunk, size);
    const part = float32(
      [to - from, ...shape],
      (x.data as Float32Array).subarray(from * values, to * values),
    );
    for (const [name, own] of await reader.read(part, what)) {
      rowsOf(collected.get(name)!, from, to).data.set(own.data);
    }
  }
  return collected;
};

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
