import { createHash, type Hash, webcrypto } from 'node:crypto';
import { formatCount, inputFault } from '../../protocol/index.ts';
import { representation } from '../representation.ts';
import type { Examination, ExaminationState, ExamineOptions } from '../source.ts';
import type { RecordedColumn } from './recordedColumns.ts';
import type { RecordedLayer } from './recordedLayers.ts';
import { chunkOf } from './recordedReader.ts';

/** What of a recording is read. */
interface Examined {
  readonly samples: number;
  readonly layers: readonly RecordedLayer[];
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  readonly split: RecordedColumn | null;
  /** Samples of the test split, ascending. */
  readonly test: Int32Array;
  /** Whether rows are from files, and not computed by a model. */
  readonly isReadApart: boolean;
}

/** Samples between two states: what is lost when the examination is ended. A model takes its time for each. */
const SAMPLES_OF_STATE = 2 ** 15;
const SAMPLES_OF_MODEL = 2 ** 11;

/** Rows that wait to be hashed. */
const MOST_WAITING = 4;

/** Values of a layer that are no numbers. */
interface Unusual {
  readonly value: string;
  readonly sample: number;
  count: number;
}

/**
 * Reads everything once: what the hash is of, and which layers have values that are no numbers. Those are left out, because
 * every measure of such a layer would be none. The hash is that of the hashes of the parts, so that it can be continued.
 * @throws Fault (input) if no layer is left.
 */
export const examine = async (recorded: Examined, options: ExamineOptions = {}): Promise<Examination> => {
  const { samples, layers, columns, split } = recorded;
  const digests = [...(options.from?.digests ?? [])];
  const unusual = new Map<string, Unusual>(
    options.from?.unusual.map(([layer, value, sample, count]) => [layer, { value, sample, count }]),
  );
  const part = recorded.isReadApart ? SAMPLES_OF_STATE : SAMPLES_OF_MODEL;
  for (let begin = options.from?.samples ?? 0; begin < samples; begin += part) {
    const end = Math.min(begin + part, samples);
    digests.push(await examinePart(recorded, [begin, end], unusual, options));
    await options.onState?.(stateOf(end, digests, unusual), samples);
  }
  const hash = createHash('sha256');
  for (const { name, dimensions } of layers) hash.update(`${name} ${samples}x${dimensions}\n`);
  for (const digest of digests) hash.update(`${digest}\n`);
  await hashViews(hash, layers);
  await hashColumns(hash, [...columns, ...(split === null ? [] : [['split', split] as const])]);
  return { hash: hash.digest('hex'), leftOut: leftOutOf(layers, unusual) };
};

const stateOf = (
  samples: number,
  digests: readonly string[],
  unusual: ReadonlyMap<string, Unusual>,
): ExaminationState => ({
  samples,
  digests: [...digests],
  unusual: [...unusual].map(([layer, { value, sample, count }]) => [layer, value, sample, count]),
});

/** Reads some samples of all layers. Returns their hash. */
const examinePart = async (
  { layers, test }: Examined,
  [first, last]: readonly [first: number, last: number],
  unusual: Map<string, Unusual>,
  { signal, onTest }: ExamineOptions,
): Promise<string> => {
  const hash = createHash('sha256');
  // Computed on another core while the next rows are read.
  const waiting: Promise<ArrayBuffer>[] = [];
  const hashed = async (most: number): Promise<void> => {
    while (waiting.length > most) hash.update(new Uint8Array(await waiting.shift()!));
  };
  const chunk = chunkOf(layers);
  for (let begin = first; begin < last; begin += chunk) {
    const end = Math.min(begin + chunk, last);
    const tested = onTest === undefined ? null : between(test, begin, end);
    for (const layer of layers) {
      signal?.throwIfAborted();
      const rows = await layer.rows(begin, end);
      waiting.push(webcrypto.subtle.digest('SHA-256', rows as Float32Array<ArrayBuffer>));
      await hashed(MOST_WAITING);
      addUnusual(unusual, layer, rows, begin);
      if (tested === null || tested.length === 0) continue;
      await onTest?.(layer.name, someRows(rows, layer.dimensions, tested, begin));
    }
  }
  await hashed(0);
  return hash.digest('hex');
};

/** Those of ascending samples that are `begin` or later, and before `end`. */
const between = (samples: Int32Array, begin: number, end: number): Int32Array =>
  samples.subarray(placeOf(samples, begin), placeOf(samples, end));

/** How many of ascending samples come before this one. */
const placeOf = (samples: Int32Array, sample: number): number => {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle] < sample) low = middle + 1;
    else high = middle;
  }
  return low;
};

const someRows = (rows: Float32Array, columns: number, samples: Int32Array, begin: number) => {
  const chosen = new Float32Array(samples.length * columns);
  samples.forEach((sample, at) => {
    const from = (sample - begin) * columns;
    chosen.set(rows.subarray(from, from + columns), at * columns);
  });
  return representation(samples.length, columns, chosen);
};

const addUnusual = (
  unusual: Map<string, Unusual>,
  { name, dimensions }: RecordedLayer,
  rows: Float32Array,
  begin: number,
): void => {
  const found = notFinite(rows);
  if (found.count === 0) return;
  const known = unusual.get(name);
  if (known !== undefined) known.count += found.count;
  else {
    const sample = begin + Math.floor(found.first / dimensions);
    unusual.set(name, { value: String(rows[found.first]), sample, count: found.count });
  }
};

/** Values that are not finite: the place of the first, and how many. */
const notFinite = (values: Float32Array): { first: number; count: number } => {
  let [first, count] = [-1, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    if (first < 0) first = i;
    count++;
  }
  return { first, count };
};

const hashViews = async (hash: Hash, layers: readonly RecordedLayer[]): Promise<void> => {
  for (const array of layers.flatMap(({ views, objects }) => [views, objects])) {
    if (array === null) continue;
    const size = array.shape.reduce((product, extent) => product * extent, 1);
    hash.update(await array.values(0, size));
  }
};

const hashColumns = async (
  hash: Hash,
  columns: readonly (readonly [name: string, column: RecordedColumn])[],
): Promise<void> => {
  for (const [name, column] of columns) {
    const { values } = await column.read();
    hash.update(`${name}\n${Array.from(values as ArrayLike<number | string>).join('\n')}\n`);
  }
};

const leftOutOf = (
  layers: readonly RecordedLayer[],
  unusual: ReadonlyMap<string, Unusual>,
): ReadonlyMap<string, string> => {
  const leftOut = new Map(
    layers.flatMap(({ name, where }) => {
      const found = unusual.get(name);
      if (found === undefined) return [];
      const { value, sample, count } = found;
      const more = count === 1 ? '' : ` and ${formatCount(count - 1)} more values that are no numbers`;
      return [[name, `${where} holds ${value} at sample ${sample}${more}`] as const];
    }),
  );
  if (leftOut.size < layers.length) return leftOut;
  throw inputFault(
    `no layer has numbers alone: ${[...leftOut.values()][0]}`,
    '/recording',
    'Record the activations again',
  );
};
