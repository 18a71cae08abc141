import type { LabelledSet } from '../data/index.ts';
import {
  type Representations,
  representation,
  rowsOf,
  type SourceLayer,
  type SourceReader,
} from '../sources/index.ts';
import type { LayerSplits } from './probes/predictions.ts';

/** The sets that are read. */
export interface SplitData {
  /** Null when there are no probes to fit. */
  readonly train: LabelledSet | null;
  readonly validation: LabelledSet | null;
  readonly test: LabelledSet;
  readonly shifts: readonly LabelledSet[];
}

/** Representations of every split at every layer. */
export interface Splits {
  readonly train: Representations;
  /** Null when no samples were held out of training. */
  readonly validation: Representations | null;
  /** The test split first, then the shifts. */
  readonly tests: readonly Representations[];
}

export const readSplits = async (
  reader: SourceReader,
  layers: readonly SourceLayer[],
  { train, validation, test, shifts }: SplitData,
  signal: AbortSignal | undefined,
  report: (message: string) => void,
): Promise<Splits> => {
  const read = (set: LabelledSet) => {
    report(`reading ${set.name}`);
    return readSet(reader, layers, set, signal);
  };
  const tests: Representations[] = [];
  for (const set of [test, ...shifts]) tests.push(await read(set));
  return {
    train: train === null ? new Map() : await read(train),
    validation: validation === null ? null : await read(validation),
    tests,
  };
};

/** Streams a whole set through the reader. */
const readSet = async (
  reader: SourceReader,
  layers: readonly SourceLayer[],
  set: LabelledSet,
  signal: AbortSignal | undefined,
): Promise<Representations> => {
  const { size } = set;
  const collected = new Map(layers.map(({ name, dimensions }) => [name, representation(size, dimensions)]));
  for (let from = 0; from < size; from += reader.chunk) {
    signal?.throwIfAborted();
    const to = Math.min(from + reader.chunk, size);
    for (const [name, part] of await reader.read(set, from, to)) {
      const whole = collected.get(name);
      if (whole !== undefined) rowsOf(whole, from, to).data.set(part.data);
    }
  }
  return collected;
};

/** How many sets are read. */
export const splitCount = ({ train, validation, shifts }: SplitData): number =>
  1 + shifts.length + Number(train !== null) + Number(validation !== null);

/** All splits at one layer. */
export const splitsAt = ({ train, validation, tests }: Splits, layer: string): LayerSplits => ({
  train: train.get(layer)!,
  validation: validation?.get(layer) ?? null,
  tests: tests.map((split) => split.get(layer)!),
});
