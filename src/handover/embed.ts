import { checkArrayNames, type NpyArray, type NpyBlocks, npzStream } from '../checkpoint/index.ts';
import type { DataSet, Factor, LabelledSet } from '../data/index.ts';
import { forwardFunction, variablesFor } from '../model/index.ts';
import { inputFault, type OnProgress, shown } from '../protocol/index.ts';
import { type Backend, float32, type InputSpec } from '../runtime/index.ts';
import type { Source } from '../sources/index.ts';
import type { TrainedRun } from '../train/index.ts';
import { namedLayer } from './exportLayer.ts';
import { inspectedPooling } from './inspectedPooling.ts';

const CHUNK = 256;
const REPRESENTATIONS = 'representations';

export interface EmbedRequest {
  readonly trained: TrainedRun;
  readonly layer: string;
  readonly dataSet: DataSet;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A factor as arrays of an npz: the values, and the class names of a categorical one. */
function factorArrays(factor: Factor): [string, NpyArray][] {
  if (factor.kind === 'continuous') {
    return [[factor.name, { dtype: 'float64', shape: [factor.values.length], data: factor.values }]];
  }
  const { name, values, classes } = factor;
  return [
    [name, { dtype: 'int32', shape: [values.length], data: values }],
    [`${name}.classes`, { dtype: 'string', shape: [classes.length], data: [...classes] }],
  ];
}

/** The representation of every sample of a data set at one layer: float32 [samples, dimensions], in order. */
async function representationsOf({ trained, layer, dataSet, backend, signal, onProgress }: EmbedRequest) {
  const { model, state } = trained;
  namedLayer(model, layer);
  if (dataSet.size === 0) {
    throw inputFault(
      'there are no samples to embed (population data has none)',
      '--data',
      'Use a data set with samples',
    );
  }
  if (dataSet.shape.join() !== trained.data.shape.join()) {
    const shapes = `${dataSet.shape.join(' x ')}, and the model reads ${trained.data.shape.join(' x ')}`;
    throw inputFault(`has samples of ${shapes}`, '--data', 'Use data of the same shape');
  }
  const variables = variablesFor(model, [layer]);
  const specs: Record<string, InputSpec> = { x: { shape: [CHUNK, ...dataSet.shape], dtype: 'float32' } };
  for (const { name, shape } of variables) specs[name] = { shape, dtype: 'float32' };
  const fixed = Object.fromEntries(variables.map(({ name }) => [name, state.variables[name]]));
  const pooling = await inspectedPooling(trained, layer);
  const program = await backend.compile(forwardFunction(model, [layer], { pooling }), specs);
  try {
    let result: Float32Array | null = null;
    let dimensions = 0;
    const perSample = dataSet.shape.reduce((a, b) => a * b, 1);
    for (let from = 0; from < dataSet.size; from += CHUNK) {
      signal?.throwIfAborted();
      const to = Math.min(from + CHUNK, dataSet.size);
      // The last chunk is padded with zeros, whose rows are dropped, so that shapes stay fixed.
      const x = new Float32Array(CHUNK * perSample);
      x.set(dataSet.read(from, to).data as Float32Array);
      const { [layer]: rows } = await program.run({ ...fixed, x: float32([CHUNK, ...dataSet.shape], x) });
      dimensions = rows.shape[1];
      result ??= new Float32Array(dataSet.size * dimensions);
      result.set((rows.data as Float32Array).subarray(0, (to - from) * dimensions), from * dimensions);
      onProgress?.({
        job: 'embed',
        done: to,
        total: dataSet.size,
        message: `${to} of ${dataSet.size} samples`,
      });
    }
    return float32([dataSet.size, dimensions], result!);
  } finally {
    await program.dispose();
  }
}

/** Some samples of a source at one layer. */
export interface EmbedSetRequest {
  readonly source: Source;
  readonly layer: string;
  readonly set: LabelledSet;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * The same archive for samples of any source, which are read while it is written: the source has to stay open meanwhile.
 * @throws Fault (input) for a layer that there is not.
 */
export const embedSet = async ({
  source,
  layer,
  set,
  signal,
  onProgress,
}: EmbedSetRequest): Promise<Embedded> => {
  const found = [source.input, ...source.layers].find(({ name }) => name === layer);
  if (found === undefined) {
    const known = source.layers.map(({ name }) => name).slice(0, 30);
    throw inputFault(`there is no layer ${shown(layer)}`, '--layer', `Choose from ${known.join(', ')}`);
  }
  const beside = set.factors.flatMap(factorArrays);
  checkArrayNames([REPRESENTATIONS, ...beside.map(([array]) => array)], `a label of ${shown(source.name)}`);
  const reader = await source.open([found]);
  async function* blocks(): AsyncGenerator<Float32Array> {
    try {
      for (let from = 0; from < set.size; from += reader.chunk) {
        signal?.throwIfAborted();
        const to = Math.min(from + reader.chunk, set.size);
        yield (await reader.read(set, from, to)).get(layer)!.data as Float32Array;
        onProgress?.({ job: 'embed', done: to, total: set.size, message: `${to} of ${set.size} samples` });
      }
    } finally {
      await reader.dispose();
    }
  }
  return archive({ dtype: 'float32', shape: [set.size, found.dimensions], blocks }, beside);
};

interface Embedded {
  /** The archive, in parts that are made when they are asked for. */
  readonly contents: AsyncIterable<Uint8Array>;
  readonly samples: number;
  readonly dimensions: number;
}

const archive = (
  representations: NpyArray | NpyBlocks,
  beside: readonly (readonly [string, NpyArray])[],
): Embedded => {
  const [samples, dimensions] = representations.shape;
  const arrays = new Map([[REPRESENTATIONS, representations] as const, ...beside]);
  return { contents: npzStream(arrays), samples, dimensions };
};

/** An npz archive: `representations` [samples, dimensions], and every factor of the data set under its name. */
export async function embed(request: EmbedRequest): Promise<Embedded> {
  const { factors, name } = request.dataSet;
  const beside = factors.flatMap(factorArrays);
  // Checked before anything is computed.
  checkArrayNames(
    [REPRESENTATIONS, ...beside.map(([array]) => array)],
    `a factor of the data set ${shown(name)}`,
  );
  const { shape, data } = await representationsOf(request);
  return archive({ dtype: 'float32', shape, data: data as Float32Array }, beside);
}
