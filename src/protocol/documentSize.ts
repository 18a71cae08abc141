import { type Fault, inputFault } from './fault.ts';

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE ** 2;

/** Limit of a `run.json`, in bytes. Here, because checking whether one is sound needs it without the schemas. */
export const RUN_LIMIT = 4 * MEGABYTE;
/** Limit of an experiment file, in characters: real ones have a few thousand. */
export const EXPERIMENT_LIMIT = MEGABYTE;

/** `472 MB`, `64 KB`. */
const sizeWords = (bytes: number): string =>
  bytes < MEGABYTE ? `${Math.ceil(bytes / KILOBYTE)} KB` : `${Number((bytes / MEGABYTE).toPrecision(3))} MB`;

/** The fault of a document that is larger than the limit of its kind. */
export const tooLarge = (bytes: number, limit: number, path: string, remedy: string): Fault =>
  inputFault(`is ${sizeWords(bytes)} large; Pentimento reads up to ${sizeWords(limit)}`, path, remedy);
