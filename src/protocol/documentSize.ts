import { type Fault, inputFault } from './fault.ts';
import { formatBinaryBytes } from './numbers.ts';

const MEGABYTE = 1024 ** 2;

/** Limit of a `run.json`, in bytes. Here, because checking whether one is sound needs it without the schemas. */
export const RUN_LIMIT = 4 * MEGABYTE;
/** Limit of an experiment file, in characters: real ones have a few thousand. */
export const EXPERIMENT_LIMIT = MEGABYTE;

/** The fault of a document that is larger than the limit of its kind. */
export const tooLarge = (bytes: number, limit: number, path: string, remedy: string): Fault =>
  inputFault(
    `is ${formatBinaryBytes(bytes)} large; Pentimento reads up to ${formatBinaryBytes(limit)}`,
    path,
    remedy,
  );
