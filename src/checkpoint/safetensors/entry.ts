import type { TensorEntry } from '../checkpoint.ts';

/** A listed tensor with its place. There may be many, so nothing else is kept. */
export interface SafetensorsEntry extends TensorEntry {
  /** Range of its bytes in the file: [begin, end). */
  readonly begin: number;
  readonly end: number;
  /** Offset of its description in the file. */
  readonly at: number;
}
