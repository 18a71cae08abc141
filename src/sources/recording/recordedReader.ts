import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { type Representation, type Representations, representation } from '../representation.ts';
import type { SourceLayer, SourceReader, ViewedLayer, ViewSizes } from '../source.ts';
import type { RecordedArrays, RecordedLayer } from './recordedArrays.ts';
import type { RecordedSet } from './recordedSets.ts';

/** Samples to read at a time. */
export const CHUNK = 1024;

/** Elements `begin` up to `end` of an array. */
export const valuesOf = async (
  checkpoint: Checkpoint,
  { name }: TensorEntry,
  begin: number,
  end: number,
): Promise<Float32Array> => {
  const range = checkpoint.ranges?.(name) ?? null;
  if (range === null) return wholeOf(checkpoint, name).then((values) => values.subarray(begin, end));
  const data = await range(begin, end);
  return data instanceof Float32Array ? data : Float32Array.from(data);
};

/** Arrays that cannot be read in parts, while their file is open. */
const wholes = new WeakMap<Checkpoint, Map<string, Promise<Float32Array>>>();

const wholeOf = (checkpoint: Checkpoint, name: string): Promise<Float32Array> => {
  const known = wholes.get(checkpoint) ?? new Map<string, Promise<Float32Array>>();
  wholes.set(checkpoint, known);
  const values = known.get(name) ?? checkpoint.read(name).then(({ data }) => Float32Array.from(data));
  known.set(name, values);
  return values;
};

/** Some rows of a layer, in ascending order. */
export const rowsAt = async (
  checkpoint: Checkpoint,
  { array }: RecordedLayer,
  rows: Int32Array,
): Promise<Representation> => {
  const [, columns] = array.shape;
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const block = await valuesOf(checkpoint, array, first * columns, (last + 1) * columns);
  if (last - first === rows.length - 1) return representation(rows.length, columns, block);
  const chosen = representation(rows.length, columns);
  rows.forEach((row, i) => {
    const from = (row - first) * columns;
    chosen.data.set(block.subarray(from, from + columns), i * columns);
  });
  return chosen;
};

export const openReader = (
  checkpoint: Checkpoint,
  arrays: RecordedArrays,
  asked: readonly SourceLayer[],
): SourceReader => {
  const layers = asked.map(({ name }) => arrays.layers.find((layer) => layer.name === name)!);
  return {
    chunk: CHUNK,
    read: async (set, from, to) => {
      const read: [string, Representation][] = [];
      for (const layer of layers) {
        const rows = (set as RecordedSet).rows.subarray(from, to);
        const own = await rowsAt(checkpoint, layer, rows);
        checkFinite(checkpoint, layer, own, rows);
        read.push([layer.name, own]);
      }
      return new Map(read) satisfies Representations;
    },
    views: (sizes) => readViews(checkpoint, layers, sizes),
    readInputs: () => Promise.reject(new TypeError('a recording has samples')),
    dispose: async () => {},
  };
};

const checkFinite = (
  { path }: Checkpoint,
  { array }: RecordedLayer,
  { columns, data }: Representation,
  rows: Int32Array,
): void => {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw inputFault(
    `holds ${data[bad]} at sample ${rows[Math.floor(bad / columns)]}`,
    `${path}, array ${shown(array.name)}`,
    'Leave the layer out with "layers", or record it again',
  );
};

/** Null unless every layer has views. */
const readViews = async (
  checkpoint: Checkpoint,
  layers: readonly RecordedLayer[],
  sizes: ViewSizes,
): Promise<ReadonlyMap<string, ViewedLayer> | null> => {
  const viewed = new Map<string, ViewedLayer>();
  for (const { name, views, objects } of layers) {
    if (views === null) return null;
    const pairs = await viewsAt(checkpoint, views, sizes.pairs);
    const own = objects === null ? pairs : await viewsAt(checkpoint, objects, sizes.objects);
    viewed.set(name, {
      first: everyView(pairs, 0),
      second: everyView(pairs, 1),
      objects: own.rows,
      viewsPerObject: own.views,
    });
  }
  return viewed;
};

/** [samples * views, dimensions], the views of one sample in consecutive rows. */
interface Stacked {
  readonly rows: Representation;
  readonly views: number;
}

const viewsAt = async (checkpoint: Checkpoint, array: TensorEntry, most: number): Promise<Stacked> => {
  const [samples, views, columns] = array.shape;
  const rows = Math.min(samples, most) * views;
  const values = await valuesOf(checkpoint, array, 0, rows * columns);
  return { rows: representation(rows, columns, values), views };
};

const everyView = ({ rows, views }: Stacked, view: number): Representation => {
  const samples = rows.rows / views;
  const chosen = representation(samples, rows.columns);
  for (let i = 0; i < samples; i++) {
    const from = (i * views + view) * rows.columns;
    chosen.data.set(rows.data.subarray(from, from + rows.columns), i * rows.columns);
  }
  return chosen;
};
