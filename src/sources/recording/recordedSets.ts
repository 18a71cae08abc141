import {
  classesOf,
  type Factor,
  isContinuous,
  type LabelledSet,
  openStream,
  permutation,
} from '../../data/index.ts';
import { formatCount, inputFault } from '../../protocol/index.ts';
import type { Sampled, SourceSplits } from '../source.ts';
import type { RecordingDescription } from './description.ts';
import { heldCounts, heldOf } from './heldSamples.ts';
import type { ColumnValues, RecordedColumn } from './recordedColumns.ts';

/** A split of a recording: which of its samples, in their order. */
export interface RecordedSet extends LabelledSet {
  readonly rows: Int32Array;
}

/** The splits of a recording, or the parts of them that are held, and all of its samples. */
interface RecordedSplits {
  readonly splits: SourceSplits;
  readonly sampled: Sampled | null;
  readonly all: RecordedSet;
  /** Those of the whole test split, ascending. */
  readonly test: Int32Array;
}

/** What an inspection says where the recording says nothing. */
export interface Splitting {
  readonly seed: number;
  /** Share of the samples that are the test split. */
  readonly testShare: number;
  /** All samples are both splits, whatever is said of them: they are only embedded. */
  readonly isUnsplit?: boolean;
  /** The most samples that are held, of all splits together. Default: all. */
  readonly most?: number;
}

/** What is known of the samples of a recording besides their layers. */
export interface RecordedSamples {
  readonly samples: number;
  readonly columns: ReadonlyMap<string, RecordedColumn>;
  readonly split: RecordedColumn | null;
  /** From the names of files: the split of each sample. */
  readonly splitNames: readonly string[] | null;
}

/** More classes are numbers, or names of the samples. */
const MOST_CLASSES = 10_000;

/**
 * The labelled samples of a recording in the splits that it names: `train`, `test`, `validation` if there is one, and
 * shifts; without splits a seeded part of the samples is the test split. Of splits with more samples than are held, seeded
 * parts.
 * @throws Fault (input) for labels that cannot be classes, and for a recording without training or test samples.
 */
export const recordedSets = async (
  recorded: RecordedSamples,
  description: RecordingDescription,
  splitting: Splitting,
): Promise<RecordedSplits> => {
  const factors: Factor[] = [];
  const order = [...(description.factors ?? []), ...recorded.columns.keys()];
  for (const name of new Set(order)) {
    const column = recorded.columns.get(name);
    if (column === undefined) continue;
    factors.push(factorOf(name, await valuesOf(column, recorded.samples), column.where, description));
  }
  const whole = await rowsBySplit(recorded, description, splitting);
  const sizes = new Map([...whole].map(([name, own]) => [name, own.length]));
  const held = heldCounts(sizes, splitting.most ?? Number.POSITIVE_INFINITY);
  const rows = new Map(
    [...whole].map(([name, own]) => [name, heldOf(own, held.get(name)!, splitting.seed, name)]),
  );
  const isSampled = [...sizes].some(([name, size]) => held.get(name)! < size);
  const setOf = (name: string): RecordedSet => ({
    name,
    size: rows.get(name)!.length,
    rows: rows.get(name)!,
    factors: factors.map((factor) => chosenOf(factor, rows.get(name)!)),
  });
  const shifts = [...rows.keys()].filter((name) => !['train', 'validation', 'test'].includes(name));
  return {
    splits: {
      train: setOf('train'),
      validation: rows.has('validation') ? setOf('validation') : null,
      test: setOf('test'),
      shifts: shifts.map(setOf),
      taskData: new Map(),
    },
    sampled: isSampled ? { sizes } : null,
    all: { name: 'all', size: recorded.samples, rows: allRows(recorded.samples), factors },
    test: whole.get('test')!,
  };
};

const allRows = (samples: number): Int32Array => Int32Array.from({ length: samples }, (_, row) => row);

/** The values of a column, one for each sample. */
const valuesOf = async (column: RecordedColumn, samples: number): Promise<ColumnValues> => {
  const found = await column.read();
  const { length } = found.values;
  if (length === samples) return found;
  throw inputFault(
    `has ${length} values beside ${samples} samples`,
    column.where,
    'Give every sample one value, in the order of the samples',
  );
};

/** Floats are continuous, and so is text of which every value is a number and one is no integer; others are classes. */
const factorOf = (
  name: string,
  column: ColumnValues,
  where: string,
  description: RecordingDescription,
): Factor => {
  if (column.kind === 'texts') {
    return isContinuous(column.values)
      ? { name, kind: 'continuous', values: Float64Array.from(column.values, Number) }
      : categorical(name, column.values, classesOf(column.values), where);
  }
  if (column.isFloating) {
    const values = Float64Array.from(column.values);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw inputFault(`holds ${values[bad]} at sample ${bad}`, where, 'Give every sample a number');
    return { name, kind: 'continuous', values };
  }
  const values = Array.from(column.values);
  const named = description.classes?.[name];
  if (named === undefined) {
    const distinct = [...new Set(values)].sort((a, b) => a - b);
    return categorical(name, values.map(String), distinct.map(String), where);
  }
  const beyond = values.findIndex((value) => !(value >= 0 && value < named.length));
  if (beyond < 0) return { name, kind: 'categorical', values: Int32Array.from(values), classes: named };
  throw inputFault(
    `holds class ${values[beyond]} at sample ${beyond}, beside ${named.length} names of classes`,
    where,
    'Name every class',
  );
};

const categorical = (
  name: string,
  values: readonly string[],
  classes: readonly string[],
  where: string,
): Factor => {
  if (classes.length > MOST_CLASSES) {
    throw inputFault(
      `has ${formatCount(classes.length)} classes, more than ${formatCount(MOST_CLASSES)}`,
      where,
      'Save numbers as floats: they are then predicted as they are',
    );
  }
  const place = new Map(classes.map((label, at) => [label, at]));
  return {
    name,
    kind: 'categorical',
    values: Int32Array.from(values, (value) => place.get(value)!),
    classes,
  };
};

const chosenOf = (factor: Factor, rows: Int32Array): Factor =>
  factor.kind === 'continuous'
    ? { ...factor, values: Float64Array.from(rows, (row) => factor.values[row]) }
    : { ...factor, values: rows.map((row) => factor.values[row]) };

const DEFAULT_SPLITS = ['train', 'test', 'validation'];

/** What people call the three splits that have a meaning here. */
const SPLIT_NAMES: ReadonlyMap<string, string> = new Map([
  ['training', 'train'],
  ['val', 'validation'],
  ['valid', 'validation'],
  ['dev', 'validation'],
  ['testing', 'test'],
  ['eval', 'test'],
]);

/** The samples of each split, in their order. */
const rowsBySplit = async (
  recorded: RecordedSamples,
  description: RecordingDescription,
  splitting: Splitting,
): Promise<Map<string, Int32Array>> => {
  const { samples } = recorded;
  if (splitting.isUnsplit === true) {
    return new Map(['train', 'test'].map((name) => [name, allRows(samples)]));
  }
  const named = await splitOfEach(recorded, description);
  if (named === null) return seededSplit(samples, splitting);
  const rows = new Map<string, number[]>();
  for (const [row, said] of named.names.entries()) {
    const name = SPLIT_NAMES.get(said.toLowerCase()) ?? said;
    const own = rows.get(name);
    if (own === undefined) rows.set(name, [row]);
    else own.push(row);
  }
  // Without a test split, the validation samples take its place: they are those that nothing was fitted on.
  if (!rows.has('test') && rows.has('validation')) {
    rows.set('test', rows.get('validation')!);
    rows.delete('validation');
  }
  const missing = ['train', 'test'].find((name) => !rows.has(name));
  if (missing === undefined) return new Map([...rows].map(([name, own]) => [name, Int32Array.from(own)]));
  throw inputFault(
    `has no ${missing} samples`,
    named.where,
    'Use 0 for train and 1 for test, or the names train and test',
  );
};

/** A seeded part of the samples is the test split. */
const seededSplit = (samples: number, { seed, testShare }: Splitting): Map<string, Int32Array> => {
  if (samples < 2) throw inputFault('has one sample', '/recording', 'Record several samples');
  const order = permutation(samples, openStream(seed, 'test split'));
  const count = Math.min(samples - 1, Math.max(1, Math.round(testShare * samples)));
  return new Map([
    ['train', order.slice(count).sort()],
    ['test', order.slice(0, count).sort()],
  ]);
};

interface NamedSplits {
  readonly names: readonly string[];
  readonly where: string;
}

const splitOfEach = async (
  { samples, split, splitNames }: RecordedSamples,
  { splits = DEFAULT_SPLITS }: RecordingDescription,
): Promise<NamedSplits | null> => {
  if (split === null) return splitNames && { names: splitNames, where: '/layout/files' };
  const { where } = split;
  const column = await valuesOf(split, samples);
  // Of a table, numbers are text too.
  const isNumbered = column.kind === 'texts' && column.values.every((value) => /^\d+$/.test(value));
  if (column.kind === 'texts' && !isNumbered) return { names: column.values, where };
  const names = Array.from(column.values as ArrayLike<number | string>, (value, row) => {
    const name = splits[Number(value)];
    if (name !== undefined) return name;
    throw inputFault(
      `holds ${value} at sample ${row}, beside ${splits.length} names of splits`,
      where,
      'Name the numbers in "splits" of the metadata',
    );
  });
  return { names, where };
};
