import type { Data, DataSet } from '../data/index.ts';
import type { LayerSplits } from './probes/predictions.ts';
import { type Reader, readSplit } from './reader.ts';
import type { Representations } from './representation.ts';
import type { TappedLayer } from './tappedLayer.ts';

/** What is read. */
export interface SplitData extends Pick<Data, 'validation' | 'test' | 'shifts'> {
  /** Null when there are no probes to fit. */
  readonly train: Data['train'] | null;
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
  reader: Reader,
  layers: readonly TappedLayer[],
  { train, validation, test, shifts }: SplitData,
  signal: AbortSignal | undefined,
  report: (message: string) => void,
): Promise<Splits> => {
  const read = (dataSet: DataSet) => {
    report(`reading ${dataSet.name}`);
    return readSplit(reader, layers, dataSet, signal);
  };
  const tests: Representations[] = [];
  for (const dataSet of [test, ...shifts]) tests.push(await read(dataSet));
  return {
    train: train === null ? new Map() : await read(train),
    validation: validation === null ? null : await read(validation),
    tests,
  };
};

/** How many data sets are read. */
export const splitCount = ({ train, validation, shifts }: SplitData): number =>
  1 + shifts.length + Number(train !== null) + Number(validation !== null);

/** All splits at one layer. */
export const splitsAt = ({ train, validation, tests }: Splits, layer: string): LayerSplits => ({
  train: train.get(layer)!,
  validation: validation?.get(layer) ?? null,
  tests: tests.map((split) => split.get(layer)!),
});
