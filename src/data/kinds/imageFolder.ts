import { resolve } from 'node:path';
import type { DataSpec } from '../../experiment/index.ts';
import { inputFault, libraryReason } from '../../protocol/index.ts';
import type { Factor } from '../dataSet.ts';
import { sharedBytes } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import {
  categoricalColumn,
  classesOf,
  continuousColumn,
  isContinuous,
  type TextColumn,
} from './columnFactor.ts';
import { type ImageRow, readRows } from './metadata.ts';
import type { Splits } from './splits.ts';

type FolderSpec = Extract<DataSpec, { kind: 'image-folder' }>;

/** Images decoded at the same time; sharp uses its own threads for each. */
const AT_ONCE = 4;

/** An attribute of every image, and the values that it takes over all splits. */
interface Attribute {
  readonly name: string;
  /** Null for a continuous attribute. */
  readonly classes: readonly string[] | null;
}

const columnOf = (rows: readonly ImageRow[], name: string): TextColumn =>
  rows.map(({ attributes }) => attributes.get(name) ?? '');

/**
 * Attributes that are factors. A column of text or integers in which no value ever repeats (a file name, a running
 * number) identifies the image but does not describe it; the label is always kept.
 */
const attributesOf = (rows: readonly ImageRow[]): Attribute[] =>
  [...rows[0].attributes.keys()].flatMap((name): Attribute[] => {
    const column = columnOf(rows, name);
    if (name !== 'label' && isContinuous(column)) return [{ name, classes: null }];
    const classes = classesOf(column);
    return name !== 'label' && classes.length === rows.length ? [] : [{ name, classes }];
  });

const factorFor = ({ name, classes }: Attribute, rows: readonly ImageRow[]): Factor => {
  const column = columnOf(rows, name);
  if (classes === null) return continuousColumn(name, column);
  return categoricalColumn(name, column, classes, (value) => new Error(`class ${value} of ${name}`));
};

/** Resized to cover a square, cropped in the middle, as bytes with interleaved channels. */
const decode = async (path: string, { size, channels }: FolderSpec): Promise<Uint8Array> => {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(path).resize(size, size, { fit: 'cover' }).flatten();
    return await image
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
  } catch (error) {
    throw inputFault(
      `is not a readable image (${libraryReason(error)})`,
      path,
      'Replace or remove it',
      error,
    );
  }
};

const decodeAll = async (rows: readonly ImageRow[], spec: FolderSpec): Promise<Uint8Array> => {
  const length = spec.size * spec.size * spec.channels;
  const values = sharedBytes(rows.length * length);
  let next = 0;
  const drain = async () => {
    while (next < rows.length) {
      const at = next++;
      values.set(await decode(rows[at].path, spec), at * length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  return values;
};

/**
 * Images of any common format, split/class/image or described by a metadata.csv, as [size, size, channels] bytes in
 * memory: resized to cover the square and centre-cropped, transparency on black. Factors: `label` and every attribute
 * column that is not an identifier: fractional numbers are continuous, everything else is categorical.
 */
export const loadImageFolder = async (spec: FolderSpec, baseDirectory: string): Promise<Splits> => {
  const folder = resolve(baseDirectory, spec.path);
  const metadata = spec.metadata === undefined ? null : resolve(baseDirectory, spec.metadata);
  const rows = await readRows(folder, metadata);
  const attributes = rows.length === 0 ? [] : attributesOf(rows);
  const load = async (name: string, split: string, where: string): Promise<StoredDataSet> => {
    const chosen = rows.filter((row) => row.split === split);
    if (chosen.length === 0) {
      const splits = [...new Set(rows.map((row) => row.split))].sort();
      throw inputFault(
        `names the split ${JSON.stringify(split)}, but ${folder} has ${splits.join(', ') || 'none'}`,
        where,
        'Use an existing split',
      );
    }
    const shape = [spec.size, spec.size, spec.channels];
    const store = {
      kind: 'bytes',
      size: chosen.length,
      shape,
      values: await decodeAll(chosen, spec),
    } as const;
    return storedDataSet(
      name,
      store,
      attributes.map((attribute) => factorFor(attribute, chosen)),
    );
  };
  return {
    train: await load('train', spec.trainSplit, '/data/trainSplit'),
    test: await load('test', spec.testSplit, '/data/testSplit'),
    shift: async (shift, where) => {
      if (shift.split === undefined) throw inputFault('gives no other split', where, 'Add "split"');
      return load(shift.name, shift.split, `${where}/split`);
    },
  };
};
