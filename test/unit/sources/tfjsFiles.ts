import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { NpyArray } from '../../../src/checkpoint/index.ts';
import type { Source } from '../../../src/sources/index.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';
import { seededRandom } from '../../cli/seededRandom.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

export const scratch = scratchFolder();
export const SAMPLES = 8;

const random = seededRandom(5);
export const floats = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => 2 * random() - 1);

export const rowsOf = async (source: Source, layer: string): Promise<number[]> => {
  const { rows: places } = source.splits.train as typeof source.splits.train & { rows: Int32Array };
  const reader = await source.open(source.layers);
  const rows: number[] = [];
  for (const set of [source.splits.train, source.splits.test]) {
    const own = (set as typeof set & { readonly rows: Int32Array }).rows;
    const { data, columns } = (await reader.read(set, 0, set.size)).get(layer)!;
    for (const [i, place] of own.entries()) {
      for (let d = 0; d < columns; d++) rows[place * columns + d] = data[i * columns + d];
    }
  }
  await reader.dispose();
  expect(places.length).toBeGreaterThan(0);
  return rows;
};

export const difference = (found: readonly number[], expected: readonly number[]): number => {
  expect(found).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs), 1e-6);
  return Math.max(...expected.map((value, at) => Math.abs(value - found[at]))) / scale;
};

export const open = (model: string, data: string, layers: 'all' | string[] = 'all') =>
  openModel(model, {
    name: 'model',
    seed: 0,
    testShare: 0.25,
    layers,
    data: { kind: 'arrays', path: data, inputs: {} },
    threads: 1,
    baseDirectory: scratch,
  });

export const arraysFile = async (
  name: string,
  input: string,
  shape: readonly number[],
  data: Float32Array,
) => {
  const label = {
    dtype: 'int32' as const,
    shape: [SAMPLES],
    data: Int32Array.from({ length: SAMPLES }, (_, i) => i % 2),
  };
  const arrays = new Map<string, NpyArray>([
    [input, { dtype: 'float32', shape, data }],
    ['label', label],
  ]);
  writeFileSync(join(scratch, name), await encodeNpz(arrays));
};
