import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { byNumber } from './namePattern.ts';
import { type RecordedArray, recordedArray } from './recordedArray.ts';
import { arrayColumn, type RecordedColumn } from './recordedColumns.ts';
import type { RecordedFiles } from './recordedFiles.ts';
import type { RecordedLayer } from './recordedLayers.ts';
import { arrayStack } from './stack.ts';

/** A recording whose arrays have the names of docs/recordings.md. */
export interface Conventional {
  readonly samples: number;
  /** In order from the input. */
  readonly layers: readonly RecordedLayer[];
  /** Of `labels/` and `groups/`, by the name after it. */
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  /** Names of `labels/`. */
  readonly labels: readonly string[];
  readonly split: RecordedColumn | null;
}

const REMEDY = 'Name the arrays as docs/recordings.md says';
const LAYER = /^layers\/(\d+)\.(.+)$/s;
const FACTOR = /^(labels|groups)\/(.+)$/s;

/** Whether a file has arrays of such names. */
export const isConventional = ({ tensors }: Checkpoint): boolean =>
  [...tensors.keys()].some((name) => LAYER.test(name));

/**
 * Finds the arrays of a recording: `layers/000.NAME`, `labels/NAME`, `groups/NAME`, `split`, `views/000.NAME` and
 * `objects/000.NAME`; others are left alone.
 * @throws Fault (input) for arrays whose shapes do not fit.
 */
export const conventional = (files: RecordedFiles, { path, tensors }: Checkpoint): Conventional => {
  const [file] = files.names;
  const open = (entry: TensorEntry): RecordedArray => recordedArray(files.file(file), entry);
  const layers = [...tensors.values()]
    .flatMap((entry) => {
      const [, order, name] = LAYER.exec(entry.name) ?? [];
      return name === undefined ? [] : [{ order, name, entry }];
    })
    .sort((a, b) => byNumber(a.order, b.order))
    .map(({ name, entry }): RecordedLayer => {
      const rest = entry.name.slice('layers/'.length);
      checkAxes(path, entry, 2);
      const beside = (folder: string): RecordedArray | null => {
        const own = tensors.get(`${folder}/${rest}`);
        if (own === undefined) return null;
        checkAxes(path, own, 3);
        checkExtent(path, own, 2, entry.shape[1], `dimensions of ${shown(entry.name)}`);
        return open(own);
      };
      const array = open(entry);
      const stack = arrayStack(array, ['sample', 'dimension'], null);
      return {
        name,
        where: array.where,
        dimensions: entry.shape[1],
        pooling: 'none',
        elementsPerSample: entry.shape[1],
        rows: (begin, end) => stack.rows(0, 'mean', begin, end),
        views: beside('views'),
        objects: beside('objects'),
      };
    });
  checkNames(layers);
  const [first] = [...tensors.values()].filter(({ name }) => LAYER.test(name));
  const [samples] = first.shape;
  const fits = `samples of ${shown(first.name)}`;
  const check = (entry: TensorEntry, axes: number): void => {
    checkAxes(path, entry, axes);
    checkExtent(path, entry, 0, samples, fits);
  };
  for (const entry of tensors.values()) if (LAYER.test(entry.name)) check(entry, 2);
  const columns = new Map<string, RecordedColumn>();
  const labels: string[] = [];
  for (const entry of tensors.values()) {
    const [, kind, name] = FACTOR.exec(entry.name) ?? [];
    if (name === undefined || columns.has(name)) continue;
    check(entry, 1);
    columns.set(name, arrayColumn(files, file, entry));
    if (kind === 'labels') labels.push(name);
  }
  const split = tensors.get('split');
  if (split !== undefined) check(split, 1);
  return { samples, layers, columns, labels, split: split ? arrayColumn(files, file, split) : null };
};

const where = (path: string, { name }: TensorEntry): string => `${path}, array ${shown(name)}`;

const checkAxes = (path: string, entry: TensorEntry, axes: number): void => {
  // Labels may be text, which is read otherwise.
  if (entry.unreadable !== undefined && axes !== 1) {
    throw inputFault(entry.unreadable, where(path, entry), 'Save it as float32');
  }
  const { shape } = entry;
  if (shape.length === axes && shape.every((extent) => extent > 0)) return;
  const meant = ['', 'samples', 'samples x dimensions', 'samples x views x dimensions'][axes];
  throw inputFault(
    `has the shape [${shape.join(', ')}] in place of ${meant}`,
    where(path, entry),
    axes === 2 && shape.length > 2 ? 'Pool tokens or positions before you save it' : REMEDY,
  );
};

const checkExtent = (path: string, entry: TensorEntry, axis: number, extent: number, of: string): void => {
  const own = entry.shape[axis];
  if (own === extent) return;
  throw inputFault(
    `has ${own} ${axis === 0 ? 'samples' : 'dimensions'} beside ${extent} ${of}`,
    where(path, entry),
    'Save arrays of the same samples',
  );
};

const checkNames = (layers: readonly RecordedLayer[]): void => {
  const seen = new Set<string>();
  for (const { name, where: place } of layers) {
    if (seen.has(name)) throw inputFault(`is another layer ${shown(name)}`, place, 'Rename it');
    seen.add(name);
  }
};
