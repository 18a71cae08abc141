import type { TensorEntry } from '../checkpoint.ts';

/** A tensor as it is listed, and where it lies. There may be many: this is all that is kept of one. */
export interface SafetensorsEntry extends TensorEntry {
  /** Range of its bytes in the file: [begin, end). */
  readonly begin: number;
  readonly end: number;
  /** Byte of the file that its description begins at. */
  readonly at: number;
}
