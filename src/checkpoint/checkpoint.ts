import type { Allowance } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import type { CheckpointFiles } from './openedFiles.ts';
import type { Scaling } from './quantised/scaling.ts';
import type { ReadRange } from './range.ts';
import type { StoredTensor } from './tensor.ts';
import type { TensorUse } from './use.ts';

/** How the axes of a convolution's kernel lie: PyTorch and ONNX, or Keras and TensorFlow. */
export type KernelLayout = 'OIHW' | 'HWIO';

/** One tensor as the file's header describes it. */
export interface TensorEntry {
  readonly name: string;
  /** As the format spells it, such as `BF16`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** What it takes in the file, as stored (compressed, quantised). */
  readonly bytes: number;
  /** What reading it inflates to, where it is compressed. */
  readonly inflated?: number;
  /** Tensors with the same text are the same numbers, stored once (tied weights). */
  readonly storage?: string;
  /** OIHW unless said. */
  readonly layout?: KernelLayout;
  /** What the file says that the tensor is used for: the operator that takes it, the class of its layer. */
  readonly usedBy?: TensorUse;
  /** State of the training, such as an optimiser's moments: not a weight of the model. */
  readonly optimiser?: true;
  /** Why its values cannot be read here, in a few words: `is quantised as IQ2_XS`. `read` refuses it. */
  readonly unreadable?: string;
  /** How the format says that its numbers are scaled; where names say so, it is found out later. */
  readonly scaling?: Scaling;
  /** Why it is no weight although it can be read: it scales others, or is a table of theirs. */
  readonly belongsTo?: string;
  /** Why its numbers, which are read as they are stored, are no weights: their scale is missing. */
  readonly unscaled?: string;
}

/** An open checkpoint: its header is in memory, its tensors stay on disk until they are read. */
export interface Checkpoint {
  readonly path: string;
  /** For people: `safetensors`, `PyTorch`, `ONNX`. */
  readonly format: string;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The files that it is read from, of one that was opened by its path. */
  readonly files?: CheckpointFiles;
  read(name: string): Promise<StoredTensor>;
  /** How this tensor is read in parts; null or no such member where it can only be read whole. */
  ranges?(name: string): ReadRange | null;
  close(): Promise<void>;
}

/**
 * Opens a file that a checkpoint names: a shard, external data. The name is relative to the checkpoint's folder;
 * one that leaves it is refused.
 */
export type OpenSibling = (name: string) => Promise<ByteSource>;

/** One file format. */
export interface CheckpointFormat {
  readonly name: string;
  /** By content: `head` are the first bytes (up to 4096), `source` the whole file. Never throws for strange content. */
  isMine(head: Uint8Array, source: ByteSource): boolean | Promise<boolean>;
  /**
   * Takes the source over: closes it when the checkpoint is closed, and when opening fails. What is kept of it is
   * taken off the allowance, which the files of a set share.
   */
  open(source: ByteSource, openSibling: OpenSibling, allowance?: Allowance): Promise<Checkpoint>;
}
