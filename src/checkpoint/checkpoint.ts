import type { StoredTensor } from './tensor.ts';

/** One tensor as the file's header describes it. */
export interface TensorEntry {
  readonly name: string;
  /** As the format spells it, such as `BF16`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Range of its bytes in the file: [begin, end). */
  readonly begin: number;
  readonly end: number;
}

/** An open checkpoint file: its header is in memory, its tensors stay on disk until they are read. */
export interface Checkpoint {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  read(name: string): Promise<StoredTensor>;
  close(): Promise<void>;
}
