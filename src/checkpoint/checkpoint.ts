import type { Allowance } from './bytes/allowance.ts';
import type { ByteSource } from './bytes/byteSource.ts';
import type { CheckpointFiles } from './openedFiles.ts';
import type { Scaling } from './quantised/scaling.ts';
import type { ReadRange } from './range.ts';
import type { StoredTensor } from './tensor.ts';
import type { TensorUse } from './use.ts';

/** Order of the axes of a convolution's kernel: PyTorch and ONNX, or Keras and TensorFlow. */
export type KernelLayout = 'OIHW' | 'HWIO';

/** One tensor as the file's header describes it. */
export interface TensorEntry {
  readonly name: string;
  /** As the format writes it, such as `BF16`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Size in the file, as stored (compressed, quantised). */
  readonly bytes: number;
  /** Size after inflating, if it is compressed. */
  readonly inflated?: number;
  /** Tensors with the same text are the same numbers, stored once (tied weights). */
  readonly storage?: string;
  /** OIHW by default. */
  readonly layout?: KernelLayout;
  /** How the file says that the tensor is used: the operator that takes it, the class of its layer. */
  readonly usedBy?: TensorUse;
  /** Training state, such as an optimiser's moments: not a parameter of the model. */
  readonly optimiser?: true;
  /** Why its values cannot be read here, in a few words: `is quantised as IQ2_XS`. `read` refuses it. */
  readonly unreadable?: string;
  /** How its numbers are scaled, if the format says so; scaling that only names reveal is found later. */
  readonly scaling?: Scaling;
  /** Why it is not a layer although it can be read: it scales other tensors, or is one of their tables. */
  readonly belongsTo?: string;
  /** Why its numbers, which are read as stored, are not weights: their scale is missing. */
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
  /** The files that it is read from, if it was opened by its path. */
  readonly files?: CheckpointFiles;
  read(name: string): Promise<StoredTensor>;
  /** How to read this tensor in parts; null or missing if it can only be read as a whole. */
  ranges?(name: string): ReadRange | null;
  /** The values of an array of text, which `read` refuses; null for any other. */
  texts?(name: string): Promise<readonly string[] | null>;
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
  /**
   * Decides by content: `head` is the first bytes (up to 4096), `source` the whole file. Never throws for
   * unexpected content.
   */
  isMine(head: Uint8Array, source: ByteSource): boolean | Promise<boolean>;
  /**
   * Takes ownership of the source: closes it when the checkpoint is closed, and when opening fails. The memory
   * kept is subtracted from the allowance, which the files of a set share.
   */
  open(source: ByteSource, openSibling: OpenSibling, allowance?: Allowance): Promise<Checkpoint>;
}
