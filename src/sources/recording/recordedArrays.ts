import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';

/** One layer: its samples x dimensions array, and the arrays of its augmented views. */
export interface RecordedLayer {
  readonly name: string;
  readonly array: TensorEntry;
  /** [samples, views, dimensions]. */
  readonly views: TensorEntry | null;
  /** The same of other samples, with more views of each, for LiDAR. */
  readonly objects: TensorEntry | null;
}

/** The arrays of a recording, by what their names say. */
export interface RecordedArrays {
  readonly samples: number;
  /** In order from the input. */
  readonly layers: readonly RecordedLayer[];
  /** Of `labels/` and `groups/`, by the name after it. */
  readonly factors: ReadonlyMap<string, TensorEntry>;
  readonly split: TensorEntry | null;
}

const REMEDY = 'Name the arrays as docs/recordings.md says';
const LAYER = /^layers\/(\d+)\.(.+)$/s;
const FACTOR = /^(?:labels|groups)\/(.+)$/s;

/**
 * Finds the arrays of a recording: `layers/000.NAME`, `labels/NAME`, `groups/NAME`, `split`, `views/000.NAME` and
 * `objects/000.NAME`; others are left alone.
 * @throws Fault (input) for a file without layers, and for arrays whose shapes do not fit.
 */
export const recordedArrays = ({ path, tensors }: Checkpoint): RecordedArrays => {
  const found = [...tensors.values()].flatMap((array) => {
    const [, order, name] = LAYER.exec(array.name) ?? [];
    return name === undefined ? [] : [{ order: Number(order), name, array }];
  });
  if (found.length === 0) {
    throw inputFault('has no array "layers/000.NAME"', path, REMEDY);
  }
  const layers = found
    .sort((a, b) => a.order - b.order)
    .map(({ name, array }): RecordedLayer => {
      const rest = array.name.slice('layers/'.length);
      checkAxes(path, array, 2);
      const beside = (folder: string): TensorEntry | null => {
        const own = tensors.get(`${folder}/${rest}`);
        if (own === undefined) return null;
        checkAxes(path, own, 3);
        checkExtent(path, own, 2, array.shape[1], `dimensions of ${shown(array.name)}`);
        return own;
      };
      return { name, array, views: beside('views'), objects: beside('objects') };
    });
  checkNames(path, layers);
  const [first] = layers;
  const [samples] = first.array.shape;
  const fits = `samples of ${shown(first.array.name)}`;
  for (const { array } of layers) checkExtent(path, array, 0, samples, fits);
  const factors = new Map<string, TensorEntry>();
  for (const array of tensors.values()) {
    const name = FACTOR.exec(array.name)?.[1];
    if (name === undefined || factors.has(name)) continue;
    checkAxes(path, array, 1);
    checkExtent(path, array, 0, samples, fits);
    factors.set(name, array);
  }
  const split = tensors.get('split') ?? null;
  if (split !== null) {
    checkAxes(path, split, 1);
    checkExtent(path, split, 0, samples, fits);
  }
  return { samples, layers, factors, split };
};

const where = (path: string, { name }: TensorEntry): string => `${path}, array ${shown(name)}`;

const checkAxes = (path: string, array: TensorEntry, axes: number): void => {
  if (array.unreadable !== undefined) {
    const remedy = axes === 1 ? 'Save classes as integers' : 'Save it as float32';
    throw inputFault(array.unreadable, where(path, array), remedy);
  }
  const { shape } = array;
  if (shape.length === axes && shape.every((extent) => extent > 0)) return;
  const meant = ['', 'samples', 'samples x dimensions', 'samples x views x dimensions'][axes];
  throw inputFault(
    `has the shape [${shape.join(', ')}] in place of ${meant}`,
    where(path, array),
    axes === 2 && shape.length > 2 ? 'Pool tokens or positions before you save it' : REMEDY,
  );
};

const checkExtent = (path: string, array: TensorEntry, axis: number, extent: number, of: string): void => {
  const own = array.shape[axis];
  if (own === extent) return;
  throw inputFault(
    `has ${own} ${axis === 0 ? 'samples' : 'dimensions'} beside ${extent} ${of}`,
    where(path, array),
    'Save arrays of the same samples',
  );
};

const checkNames = (path: string, layers: readonly RecordedLayer[]): void => {
  const seen = new Set<string>();
  for (const { name, array } of layers) {
    if (seen.has(name)) throw inputFault(`is another layer ${shown(name)}`, where(path, array), 'Rename it');
    seen.add(name);
  }
};
