import type { Recording } from './recording.ts';
import type { Value } from './value.ts';

/** Attributes of a tfjs kernel call; each kernel knows its own. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Records one tfjs kernel: `inputs` in the order of the kernel's signature. */
export interface Kernel {
  /** Names of the inputs in the call, in order; null for kernels that take a list. */
  readonly inputs: readonly string[] | null;
  record(recording: Recording, inputs: readonly Value[], attributes: Attributes): Value | Value[];
}

export const kernel = (
  inputs: readonly string[] | null,
  record: (recording: Recording, inputs: readonly Value[], attributes: Attributes) => Value | Value[],
): Kernel => ({ inputs, record });
