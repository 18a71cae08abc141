import type { ShiftSpec } from '../../experiment/index.ts';
import type { Population } from '../dataSet.ts';
import type { StoredDataSet } from '../storedDataSet.ts';

/** What a kind of data yields: its two splits, and what only some kinds provide. */
export interface Splits {
  readonly train: StoredDataSet;
  readonly test: StoredDataSet;
  /** The shifted test set that a shift describes; absent when the kind has none. */
  readonly shift?: (spec: ShiftSpec, where: string) => Promise<StoredDataSet>;
  readonly population?: Population;
}
