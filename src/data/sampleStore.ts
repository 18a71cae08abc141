import { composeDigitOnClothes } from './composition.ts';
import { fromCoordinates } from './coordinates.ts';

/**
 * The samples of one data set, as plain values over SharedArrayBuffers: a worker thread that receives a store reads
 * the same memory, without a copy.
 */
export type SampleStore = ByteStore | FloatStore | CompositionStore | CoordinateStore;

/** Images as bytes, [size, height, width, channels]; 255 means 1. */
interface ByteStore {
  readonly kind: 'bytes';
  readonly size: number;
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Samples as floats, [size, ...shape]. */
interface FloatStore {
  readonly kind: 'floats';
  readonly size: number;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Originals of digits-on-clothes, which are composed on reading, so that the digit can be removed. */
export interface CompositionStore {
  readonly kind: 'composition';
  readonly size: number;
  readonly shape: readonly [32, 32, 1];
  readonly strength: number;
  /** [size, 16, 16] */
  readonly digits: Uint8Array;
  /** [size, 28, 28] */
  readonly clothes: Uint8Array;
}

/** Synthetic samples by their factors, so that augmentations can act on every feature by itself. */
export interface CoordinateStore {
  readonly kind: 'coordinates';
  readonly size: number;
  readonly shape: readonly [number];
  readonly distribution: 'rademacher' | 'gaussian';
  readonly strengths: Float64Array;
  /** V as [features, features], row j = v_j; null for the axes. */
  readonly directions: Float64Array | null;
  /** h as [size, features]. */
  readonly factors: Float64Array;
}

export const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));
export const sharedFloats = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));
export const sharedDoubles = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(8 * length));

/** Number of values of one sample. */
export const sampleLength = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

const rowOf = <T extends { subarray(from: number, to: number): T }>(values: T, row: number, length: number) =>
  values.subarray(row * length, (row + 1) * length);

/** phi_j h_j of one synthetic sample. */
export const coordinatesOf = (store: CoordinateStore, sample: number): Float64Array =>
  rowOf(store.factors, sample, store.strengths.length).map((factor, j) => store.strengths[j] * factor);

/** One sample of digits-on-clothes, with or without its digit. */
export const compositionOf = (store: CompositionStore, sample: number, strength: number): Float32Array =>
  composeDigitOnClothes(
    rowOf(store.digits, sample, 16 * 16),
    rowOf(store.clothes, sample, 28 * 28),
    strength,
  );

/** One sample without augmentation. The caller may change the result. */
export const readSample = (store: SampleStore, sample: number): Float32Array => {
  switch (store.kind) {
    case 'bytes': {
      const bytes = rowOf(store.values, sample, sampleLength(store.shape));
      const values = new Float32Array(bytes.length);
      for (let at = 0; at < values.length; at++) values[at] = bytes[at] / 255;
      return values;
    }
    case 'floats':
      return rowOf(store.values, sample, sampleLength(store.shape)).slice();
    case 'composition':
      return compositionOf(store, sample, store.strength);
    case 'coordinates':
      return fromCoordinates(coordinatesOf(store, sample), store.directions);
  }
};
