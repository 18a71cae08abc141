/** Start data of the worker that reads an HDF5 file. */
export interface Hdf5Setup {
  /** Bytes of the file. */
  readonly size: number;
  /** One Int32: PENDING while the worker waits for bytes, then READY or FAILED. */
  readonly control: SharedArrayBuffer;
  /** Receives the bytes that it waits for. */
  readonly window: SharedArrayBuffer;
  /** Limits of the library's memory in bytes, for listing the file and for reading values. */
  readonly memoryLimit: number;
  readonly readLimit: number;
}

export const PENDING = 0;
export const READY = 1;
export const FAILED = 2;

/** The library's numbers of datatype classes. */
export const H5T = { INTEGER: 0, FLOAT: 1, STRING: 3, OPAQUE: 5, ENUM: 8 } as const;

/** What is wrong with the file, as a text that can follow its name; other errors of the worker are internal. */
export class Hdf5Refusal extends Error {}

export interface Hdf5Group {
  readonly kind: 'group';
  /** Without a slash at either end; the root is the empty text. */
  readonly path: string;
  /** The requested attributes that are text; a scalar has one text. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

export interface Hdf5Dataset {
  readonly kind: 'dataset';
  readonly path: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  /** Null for a dataset with a type but no values. */
  readonly shape: readonly number[] | null;
  /** Number of the datatype's class (H5T_class_t). */
  readonly typeClass: number;
  /** Bytes of one element. */
  readonly size: number;
  readonly signed: boolean;
  readonly little: boolean;
  /** Names and values of an enumeration, else null. */
  readonly members: Readonly<Record<string, number>> | null;
  readonly chunks: readonly number[] | null;
  readonly filters: readonly { readonly id: number; readonly name: string }[];
  readonly virtual: boolean;
  /** Identifies the object in the file: any number of links may lead to it. */
  readonly object: string;
}

/** A dataset whose header the library refuses. */
export interface Hdf5Damage {
  readonly kind: 'damaged';
  readonly path: string;
}

export type Hdf5Object = Hdf5Group | Hdf5Dataset | Hdf5Damage;

export type Hdf5Request =
  | { readonly kind: 'list' }
  | { readonly kind: 'read'; readonly dataset: Hdf5Dataset };

export type Hdf5Reply =
  | { readonly kind: 'want'; readonly offset: number; readonly length: number }
  /** A part of the list; the last part is sent as `listed`. */
  | { readonly kind: 'some'; readonly objects: readonly Hdf5Object[] }
  | { readonly kind: 'listed'; readonly objects: readonly Hdf5Object[] }
  /** Little-endian, row-major. */
  | { readonly kind: 'values'; readonly bytes: Uint8Array }
  /** `what` continues the file's name. After a fatal one the worker is unusable. */
  | { readonly kind: 'failed'; readonly what: string; readonly fatal: boolean };
