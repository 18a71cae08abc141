import type { NpyArray } from '../../src/checkpoint/index.ts';
import { encodeNpz } from '../unit/checkpoint/npyFiles.ts';

/** Data files made byte by byte. */

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** An IDX file of unsigned bytes. */
export const idx = (shape: readonly number[], values: ArrayLike<number>): Buffer =>
  Buffer.from([0, 0, 8, shape.length, ...shape.flatMap(bigEndian), ...Array.from(values)]);

/** CIFAR-10, binary: a label and 32 x 32 x 3 bytes per record. */
export const cifar10 = (labels: readonly number[]): Buffer =>
  Buffer.concat(labels.map((label) => Buffer.from([label, ...Array(3072).fill(label)])));

export const matrix = (rows: number, columns: number, value: (at: number) => number): NpyArray => ({
  dtype: 'float32',
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, (_, at) => value(at)),
});

export const integers = (values: readonly number[]): NpyArray => ({
  dtype: 'int32',
  shape: [values.length],
  data: Int32Array.from(values),
});

export const npz = (arrays: Record<string, NpyArray>): Promise<Uint8Array> =>
  encodeNpz(new Map(Object.entries(arrays)));
