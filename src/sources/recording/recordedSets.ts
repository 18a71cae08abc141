import type { Checkpoint, StoredTensor, TensorEntry } from '../../checkpoint/index.ts';
import { type Factor, type LabelledSet, openStream, permutation } from '../../data/index.ts';
import { formatCount, inputFault, shown } from '../../protocol/index.ts';
import type { SourceSplits } from '../source.ts';
import type { RecordingDescription } from './description.ts';
import type { RecordedArrays } from './recordedArrays.ts';

/** A split of a recording: which of its samples, in their order. */
export interface RecordedSet extends LabelledSet {
  readonly rows: Int32Array;
}

/** What an inspection says where the recording says nothing. */
export interface Splitting {
  readonly seed: number;
  /** Share of the samples that are the test split. */
  readonly testShare: number;
}

/** More classes are numbers, or names of the samples. */
const MOST_CLASSES = 10_000;

/**
 * The labelled samples of a recording in the splits that it names: `train`, `test`, `validation` if there is one, and
 * shifts; without `split` a seeded part of the samples is the test split.
 * @throws Fault (input) for labels that cannot be classes, and for a recording without training or test samples.
 */
export const recordedSets = async (
  checkpoint: Checkpoint,
  arrays: RecordedArrays,
  description: RecordingDescription,
  splitting: Splitting,
): Promise<SourceSplits> => {
  const factors: Factor[] = [];
  const order = [...(description.factors ?? []), ...arrays.factors.keys()];
  for (const name of new Set(order)) {
    const array = arrays.factors.get(name);
    if (array === undefined) continue;
    const stored = await checkpoint.read(array.name);
    factors.push(factorOf(name, stored, array, { path: checkpoint.path, description }));
  }
  const rows = await rowsBySplit(checkpoint, arrays, description, splitting);
  const setOf = (name: string): RecordedSet => ({
    name,
    size: rows.get(name)!.length,
    rows: rows.get(name)!,
    factors: factors.map((factor) => chosenOf(factor, rows.get(name)!)),
  });
  for (const name of ['train', 'test']) {
    if (!rows.has(name)) {
      throw inputFault(
        `has no ${name} samples`,
        `${checkpoint.path}, array "split"`,
        'Use 0 for train and 1 for test, or name the numbers in "splits" of the metadata',
      );
    }
  }
  const shifts = [...rows.keys()].filter((name) => !['train', 'validation', 'test'].includes(name));
  return {
    train: setOf('train'),
    validation: rows.has('validation') ? setOf('validation') : null,
    test: setOf('test'),
    shifts: shifts.map(setOf),
    taskData: new Map(),
  };
};

/** Floats are continuous, everything else classes. */
const factorOf = (
  name: string,
  { dtype, data }: StoredTensor,
  array: TensorEntry,
  { path, description }: { readonly path: string; readonly description: RecordingDescription },
): Factor => {
  const where = `${path}, array ${shown(array.name)}`;
  if (/float/.test(dtype)) {
    const values = Float64Array.from(data);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw inputFault(`holds ${values[bad]} at sample ${bad}`, where, 'Give every sample a number');
    return { name, kind: 'continuous', values };
  }
  const named = description.classes?.[name];
  const values = Array.from(data as ArrayLike<number>);
  if (named !== undefined) {
    const beyond = values.findIndex((value) => !(value >= 0 && value < named.length));
    if (beyond >= 0) {
      throw inputFault(
        `holds class ${values[beyond]} at sample ${beyond}, beside ${named.length} names of classes`,
        where,
        'Name every class',
      );
    }
    return { name, kind: 'categorical', values: Int32Array.from(values), classes: named };
  }
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length > MOST_CLASSES) {
    throw inputFault(
      `has ${formatCount(distinct.length)} classes, more than ${formatCount(MOST_CLASSES)}`,
      where,
      'Save numbers as floats: they are then predicted as they are',
    );
  }
  const place = new Map(distinct.map((value, at) => [value, at]));
  return {
    name,
    kind: 'categorical',
    values: Int32Array.from(values, (value) => place.get(value)!),
    classes: distinct.map(String),
  };
};

const chosenOf = (factor: Factor, rows: Int32Array): Factor =>
  factor.kind === 'continuous'
    ? { ...factor, values: Float64Array.from(rows, (row) => factor.values[row]) }
    : { ...factor, values: rows.map((row) => factor.values[row]) };

const DEFAULT_SPLITS = ['train', 'test', 'validation'];

const rowsBySplit = async (
  checkpoint: Checkpoint,
  { samples, split }: RecordedArrays,
  { splits = DEFAULT_SPLITS }: RecordingDescription,
  { seed, testShare }: Splitting,
): Promise<Map<string, Int32Array>> => {
  if (split === null) {
    const order = permutation(samples, openStream(seed, 'test split'));
    const count = Math.min(samples - 1, Math.max(1, Math.round(testShare * samples)));
    return new Map([
      ['train', order.slice(count).sort()],
      ['test', order.slice(0, count).sort()],
    ]);
  }
  const { data } = await checkpoint.read(split.name);
  const rows = new Map<string, number[]>();
  for (let row = 0; row < samples; row++) {
    const name = splits[data[row]];
    if (name === undefined) {
      throw inputFault(
        `holds ${data[row]} at sample ${row}, beside ${splits.length} names of splits`,
        `${checkpoint.path}, array "split"`,
        'Name the numbers in "splits" of the metadata',
      );
    }
    const own = rows.get(name);
    if (own === undefined) rows.set(name, [row]);
    else own.push(row);
  }
  return new Map([...rows].map(([name, own]) => [name, Int32Array.from(own)]));
};
