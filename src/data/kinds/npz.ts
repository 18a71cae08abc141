import { resolve } from 'node:path';
import { type NpyArray, readNpz } from '../../checkpoint/index.ts';
import type { DataSpec } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import type { Factor } from '../dataSet.ts';
import { continuous } from '../factors.ts';
import { type SampleStore, sharedBytes, sharedFloats } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import { categoricalColumn, classesOf } from './columnFactor.ts';
import type { Splits } from './splits.ts';

interface NpzFile {
  readonly path: string;
  readonly store: SampleStore;
  /** Factors by name, not yet numbered, because their classes are those of training and test set together. */
  readonly columns: ReadonlyMap<string, NpyArray>;
}

const REMEDY = 'Save x (samples first), y and one array per factor with numpy.savez';

/** A name as it is, or quoted if it is not a word: it may be empty, or a path. */
const plainly = (name: string): string => (/^\w+$/.test(name) ? name : shown(name));

const describe = (shape: readonly number[]): string => `(${shape.join(', ')})`;

/** [size, features], [size, height, width] or [size, height, width, 1 or 3]. */
const sampleShape = (shape: readonly number[], where: string): readonly number[] => {
  if (shape[0] === 0) throw inputFault('holds no samples', where, REMEDY);
  if (shape.length === 2) return shape.slice(1);
  if (shape.length === 3) return [...shape.slice(1), 1];
  if (shape.length === 4 && (shape[3] === 1 || shape[3] === 3)) return shape.slice(1);
  throw inputFault(
    `has the shape ${describe(shape)}`,
    where,
    'Use (samples, features), (samples, height, width) or (samples, height, width, 1 or 3)',
  );
};

const checkValues = (values: ArrayLike<number>, perSample: number, isImage: boolean, where: string): void => {
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    const sample = Math.floor(at / perSample);
    if (!Number.isFinite(value)) {
      throw inputFault(`sample ${sample} holds ${value}`, where, 'Remove samples that are not finite');
    }
    if (isImage && (value < 0 || value > 1)) {
      throw inputFault(
        `sample ${sample} of the images holds ${value}, outside 0 to 1`,
        where,
        'Store images as uint8, or as floats from 0 to 1',
      );
    }
  }
};

const toStore = (x: NpyArray, where: string): SampleStore => {
  if (x.dtype === 'string') throw inputFault('holds text, not numbers', where, REMEDY);
  const shape = sampleShape(x.shape, where);
  const size = x.shape[0];
  const isImage = shape.length === 3;
  if (isImage && x.dtype === 'uint8') {
    const values = sharedBytes(x.data.length);
    values.set(x.data);
    return { kind: 'bytes', size, shape, values };
  }
  checkValues(x.data, x.data.length / size, isImage, where);
  const values = sharedFloats(x.data.length);
  values.set(x.data);
  return { kind: 'floats', size, shape, values };
};

const openFile = async (path: string): Promise<NpzFile> => {
  const arrays = await readNpz(path);
  const x = arrays.get('x');
  if (x === undefined) throw inputFault('has no array x', path, REMEDY);
  const store = toStore(x, `${path}, array x`);
  const columns = new Map<string, NpyArray>();
  for (const [name, array] of arrays) {
    if (name === 'x') continue;
    const where = `${path}, array ${plainly(name)}`;
    if (array.shape.length !== 1) {
      throw inputFault(`has the shape ${describe(array.shape)}, not one value per sample`, where, REMEDY);
    }
    if (array.shape[0] !== store.size) {
      throw inputFault(`has ${array.shape[0]} values for the ${store.size} samples of x`, where, REMEDY);
    }
    const factor = name === 'y' ? 'label' : name;
    if (columns.has(factor)) {
      throw inputFault('has both y and label, which are the same factor', path, 'Rename one of the two');
    }
    columns.set(factor, array);
  }
  return { path, store, columns };
};

const isFloat = ({ dtype }: NpyArray): boolean => dtype.startsWith('float') || dtype === 'bfloat16';

const textOf = (array: NpyArray): string[] => Array.from(array.data as ArrayLike<number | string>, String);

const arrayName = (factor: string): string => plainly(factor === 'label' ? 'y' : factor);

const arrayOf = (file: NpzFile, factor: string): string => `${file.path}, array ${arrayName(factor)}`;

const factorFor = (name: string, file: NpzFile, array: NpyArray, classes: readonly string[]): Factor => {
  const where = arrayOf(file, name);
  if (isFloat(array)) {
    const values = Float64Array.from(array.data as ArrayLike<number>);
    checkValues(values, 1, false, where);
    return continuous(name, values);
  }
  return categoricalColumn(name, textOf(array), classes, (value, sample) =>
    inputFault(
      `sample ${sample} has the class ${value}, which is in neither train nor test`,
      where,
      'Add such samples to the training file, or drop them here',
    ),
  );
};

/** The array of the same factor in another file, which must exist and have the same kind. */
const counterpart = (name: string, like: NpyArray, file: NpzFile): NpyArray => {
  const array = file.columns.get(name);
  if (array === undefined) {
    throw inputFault(
      `has no array ${arrayName(name)}, which the training file has`,
      file.path,
      'Give every file the same arrays',
    );
  }
  if (isFloat(array) !== isFloat(like)) {
    throw inputFault(
      `is ${array.dtype} here and ${like.dtype} in the training file`,
      arrayOf(file, name),
      'Use whole numbers or text for classes, floats for continuous factors, in every file',
    );
  }
  return array;
};

const checkShape = (file: NpzFile, like: NpzFile): void => {
  if (file.store.shape.join() === like.store.shape.join()) return;
  throw inputFault(
    `has samples of shape ${describe(file.store.shape)}, the training file ${describe(like.store.shape)}`,
    `${file.path}, array x`,
    'Give all samples one shape',
  );
};

/**
 * Arrays x (vectors, or images as bytes or in [0, 1]) and y (the factor `label`); any further array is a factor with
 * its name: categorical for integers, booleans or text, continuous for floats.
 */
export const loadNpz = async (
  spec: Extract<DataSpec, { kind: 'npz' }>,
  baseDirectory: string,
): Promise<Splits> => {
  const train = await openFile(resolve(baseDirectory, spec.train));
  const test = await openFile(resolve(baseDirectory, spec.test));
  const classes = new Map(
    [...train.columns].map(([name, array]) => {
      const other = counterpart(name, array, test);
      return [name, isFloat(array) ? [] : classesOf([...textOf(array), ...textOf(other)])];
    }),
  );
  const toDataSet = (name: string, file: NpzFile): StoredDataSet => {
    checkShape(file, train);
    const factors = [...train.columns].map(([factor, array]) =>
      factorFor(factor, file, counterpart(factor, array, file), classes.get(factor) ?? []),
    );
    return storedDataSet(name, file.store, factors);
  };
  return {
    train: toDataSet('train', train),
    test: toDataSet('test', test),
    shift: async (shift, where) => {
      if (shift.data === undefined) {
        throw inputFault('gives no other file', where, 'Add "data", the path of an .npz file');
      }
      return toDataSet(shift.name, await openFile(resolve(baseDirectory, shift.data)));
    },
  };
};
