import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Checkpoint, StoredTensor, TensorEntry } from '../../../src/checkpoint/index.ts';

export interface ExpectedLayer {
  readonly matrix: readonly [number, number];
  /** Row-major, one for each slice. */
  readonly values: readonly (readonly number[])[];
  readonly singularValues: readonly number[];
}

const pathOf = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

export const WEIGHTS = pathOf('weights.safetensors');
export const EXPECTED = JSON.parse(readFileSync(pathOf('weights.json'), 'utf8')) as Readonly<
  Record<'shared' | 'reshape' | 'slices', Readonly<Record<string, ExpectedLayer>>>
>;

export const expectedIn = (convolution: 'reshape' | 'slices'): Readonly<Record<string, ExpectedLayer>> => ({
  ...EXPECTED.shared,
  ...EXPECTED[convolution],
});

export type Described = Partial<TensorEntry> & Pick<TensorEntry, 'name' | 'shape'>;

/** A checkpoint that only has a header. */
export const headerOnly = (tensors: readonly Described[]): Checkpoint => ({
  path: 'model.pt',
  format: 'PyTorch',
  metadata: new Map(),
  tensors: new Map(tensors.map((entry) => [entry.name, { dtype: 'float32', bytes: 0, ...entry }])),
  read: (): Promise<StoredTensor> => Promise.reject(new Error('nothing to read')),
  close: async () => {},
});
