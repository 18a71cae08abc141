import { type Fault, inputFault } from './fault.ts';

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE ** 2;

/** Of a `run.json`, in bytes; whoever only looks whether one is sound needs it without the schemas. */
export const RUN_LIMIT = 4 * MEGABYTE;
/** Of an experiment file, in characters: those that people write have some thousand. */
export const EXPERIMENT_LIMIT = MEGABYTE;

/** `472 MB`, `64 KB`. */
const sizeWords = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.ceil(bytes / KILOBYTE)} KB` : `${Number((bytes / MEGABYTE).toPrecision(3))} MB`;

/** The fault of a document that is larger than what is read of its kind. */
export const tooLarge = (bytes: number, limit: number, path: string, remedy: string): Fault =>
  inputFault(`is ${sizeWords(bytes)} large; Pentimento reads up to ${sizeWords(limit)}`, path, remedy);
