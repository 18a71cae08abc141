import { expect, it } from 'vitest';
import { Workspace } from './cli.ts';

const workspace = new Workspace();

const ROWS = 2 ** 19;
const COLUMNS = 33;
const scaleOf = (column: number): number => 2 ** -(column % 4);

const parity = (bits: number): number => {
  let odd = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) odd ^= 1;
  return odd;
};

/**
 * Column j: row j of the Hadamard matrix of order 2^19, (-1)^(bits of i & j), times 2^-(j mod 4), in BF16. Columns are
 * orthogonal, so the singular values are their lengths, sqrt(2^19) 2^-(j mod 4).
 */
const tallFile = (): Uint8Array => {
  const values = new Uint16Array(ROWS * COLUMNS);
  const bits = Array.from({ length: COLUMNS }, (_, j) => {
    const [half] = new Uint16Array(Float32Array.of(scaleOf(j)).buffer, 2, 1);
    return half;
  });
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < COLUMNS; j++) values[i * COLUMNS + j] = bits[j] | (parity(i & j) << 15);
  }
  const tensor = { dtype: 'BF16', shape: [ROWS, COLUMNS], data_offsets: [0, values.byteLength] };
  const header = Buffer.from(JSON.stringify({ 'embed.weight': tensor }).padEnd(96));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, Buffer.from(values.buffer)]);
};

it('sums a tall matrix and its shuffled copy by blocks of rows, in threads of their own', async () => {
  workspace.write('tall.safetensors', tallFile());
  const { layers } = await workspace.json('spectra', 'tall.safetensors');
  const [{ singularValues, shuffled, notes, statistics }] = layers as [
    {
      singularValues: number[];
      shuffled: number[];
      notes: Record<string, string>;
      statistics: Record<string, number>;
    },
  ];
  const expected = Array.from({ length: COLUMNS }, (_, j) => Math.sqrt(ROWS) * scaleOf(j)).sort(
    (a, b) => b - a,
  );
  expect(singularValues).toHaveLength(COLUMNS);
  for (const [k, value] of singularValues.entries()) expect(value / expected[k]).toBeCloseTo(1, 12);
  expect(notes.spectralNorm).toMatch(/^from the Gram matrix, summed by blocks of rows/);
  expect(statistics).toMatchObject({ count: ROWS * COLUMNS, min: -1, max: 1, zero: 0, nan: 0 });
  // The copy has the same entries, so the same sum of squares, without the structure of the columns.
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
  expect(squares(shuffled) / squares(expected)).toBeCloseTo(1, 12);
  expect(shuffled[0]).toBeLessThan(0.95 * expected[0]);
});
