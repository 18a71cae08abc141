import { createHash } from 'node:crypto';
import { formatCount, inputFault } from '../../protocol/index.ts';
import type { Examination } from '../source.ts';
import type { RecordedColumn } from './recordedColumns.ts';
import type { RecordedLayer } from './recordedLayers.ts';
import { chunkOf } from './recordedReader.ts';

/** What of a recording is read. */
interface Examined {
  readonly samples: number;
  readonly layers: readonly RecordedLayer[];
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  readonly split: RecordedColumn | null;
}

/**
 * Reads everything once: what the hash is of, and which layers have values that are no numbers. Those are left out, because
 * every measure of such a layer would be none.
 * @throws Fault (input) if no layer is left.
 */
export const examine = async (recorded: Examined, signal?: AbortSignal): Promise<Examination> => {
  const { samples, layers, columns, split } = recorded;
  const hash = createHash('sha256');
  const bad = new Map<RecordedLayer, { first: number; value: number; count: number }>();
  const chunk = chunkOf(layers);
  for (const { name, dimensions } of layers) hash.update(`${name} ${samples}x${dimensions}\n`);
  for (let begin = 0; begin < samples; begin += chunk) {
    const end = Math.min(begin + chunk, samples);
    for (const layer of layers) {
      signal?.throwIfAborted();
      const rows = await layer.rows(begin, end);
      hash.update(rows);
      const found = unusual(rows);
      if (found.count === 0) continue;
      const known = bad.get(layer);
      if (known !== undefined) known.count += found.count;
      else bad.set(layer, { ...found, first: begin + Math.floor(found.first / layer.dimensions) });
    }
  }
  for (const array of layers.flatMap(({ views, objects }) => [views, objects])) {
    if (array === null) continue;
    hash.update(
      await array.values(
        0,
        array.shape.reduce((product, extent) => product * extent, 1),
      ),
    );
  }
  for (const [name, column] of [...columns, ...(split === null ? [] : [['split', split] as const])]) {
    const { values } = await column.read();
    hash.update(`${name}\n${Array.from(values as ArrayLike<number | string>).join('\n')}\n`);
  }
  const leftOut = new Map(
    [...bad].map(([{ name, where }, { first, value, count }]) => [
      name,
      `${where} holds ${value} at sample ${first}${count === 1 ? '' : ` and ${formatCount(count - 1)} more values that are no numbers`}`,
    ]),
  );
  if (leftOut.size < layers.length) return { hash: hash.digest('hex'), leftOut };
  throw inputFault(
    `no layer has numbers alone: ${[...leftOut.values()][0]}`,
    '/recording',
    'Record the activations again',
  );
};

/** Values that are not finite: the first, and how many. */
const unusual = (values: Float32Array): { first: number; value: number; count: number } => {
  let [first, count] = [-1, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    if (first < 0) first = i;
    count++;
  }
  return { first, value: values[first], count };
};
