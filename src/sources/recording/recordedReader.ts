import { type Representation, type Representations, representation } from '../representation.ts';
import type { SourceLayer, SourceReader, ViewedLayer, ViewSizes } from '../source.ts';
import type { RecordedArray } from './recordedArray.ts';
import type { RecordedLayer } from './recordedLayers.ts';
import type { RecordedSet } from './recordedSets.ts';

/** Samples to read at a time, at most. */
const MOST_SAMPLES = 1024;
/** Elements to read at a time, at most, of a layer. */
const MOST_ELEMENTS = 2 ** 24;

/** Elements between two samples that take as long to read as another request. */
const ELEMENTS_OF_REQUEST = 2 ** 15;

/** How many samples of these layers are read at a time. */
export const chunkOf = (layers: readonly RecordedLayer[]): number => {
  const most = layers.reduce((largest, { elementsPerSample }) => Math.max(largest, elementsPerSample), 1);
  return Math.max(1, Math.min(MOST_SAMPLES, Math.floor(MOST_ELEMENTS / most)));
};

/**
 * Some rows of layers, in ascending order. All layers read the same part of their file in turn; what lies between rows that are far
 * apart is not read.
 */
export const rowsAt = async (
  layers: readonly RecordedLayer[],
  rows: Int32Array,
  chunk: number,
): Promise<Map<RecordedLayer, Representation>> => {
  const read = new Map(layers.map((layer) => [layer, representation(rows.length, layer.dimensions)]));
  const least = layers.reduce(
    (fewest, { elementsPerSample }) => Math.min(fewest, elementsPerSample),
    Infinity,
  );
  const gap = Math.max(1, Math.floor(ELEMENTS_OF_REQUEST / least));
  for (let from = 0; from < rows.length; ) {
    const begin = rows[from];
    let to = from + 1;
    while (to < rows.length && rows[to] - begin < chunk && rows[to] - rows[to - 1] <= gap) to++;
    const end = rows[to - 1] + 1;
    for (const [layer, { data, columns }] of read) {
      const block = await layer.rows(begin, end);
      for (let i = from; i < to; i++) {
        const at = (rows[i] - begin) * columns;
        (data as Float32Array).set(block.subarray(at, at + columns), i * columns);
      }
    }
    from = to;
  }
  return read;
};

/** Reads layers that have numbers alone, as the examination of the recording found. */
export const openReader = (layers: readonly RecordedLayer[], asked: readonly SourceLayer[]): SourceReader => {
  const chosen = asked.map(({ name }) => layers.find((layer) => layer.name === name)!);
  const chunk = chunkOf(chosen);
  return {
    chunk,
    read: async (set, from, to) => {
      const rows = await rowsAt(chosen, (set as RecordedSet).rows.subarray(from, to), chunk);
      return new Map([...rows].map(([{ name }, own]) => [name, own])) satisfies Representations;
    },
    views: (sizes) => readViews(chosen, sizes),
    readInputs: () => Promise.reject(new TypeError('a recording has samples')),
    dispose: async () => {},
  };
};

/** Null unless every layer has views. */
const readViews = async (
  layers: readonly RecordedLayer[],
  sizes: ViewSizes,
): Promise<ReadonlyMap<string, ViewedLayer> | null> => {
  const viewed = new Map<string, ViewedLayer>();
  for (const { name, views, objects } of layers) {
    if (views === null) return null;
    const pairs = await viewsAt(views, sizes.pairs);
    const own = objects === null ? pairs : await viewsAt(objects, sizes.objects);
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

const viewsAt = async (array: RecordedArray, most: number): Promise<Stacked> => {
  const [samples, views, columns] = array.shape;
  const rows = Math.min(samples, most) * views;
  return { rows: representation(rows, columns, await array.values(0, rows * columns)), views };
};

const everyView = ({ rows, views }: Stacked, view: number): Representation => {
  const samples = rows.rows / views;
  const chosen = representation(samples, rows.columns);
  for (let i = 0; i < samples; i++) {
    const from = (i * views + view) * rows.columns;
    (chosen.data as Float32Array).set(
      (rows.data as Float32Array).subarray(from, from + rows.columns),
      i * rows.columns,
    );
  }
  return chosen;
};
