import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openRowSum, type RowSum } from '../../../src/layers/rowSum.ts';

/** The built worker; TypeScript sources have no thread. */
const workerFile = fileURLToPath(new URL('../../../dist/rowSumWorker.js', import.meta.url));

const open: RowSum[] = [];
const opened = (columns: number, file: string): RowSum => {
  const sum = openRowSum(columns, file);
  open.push(sum);
  return sum;
};
afterEach(async () => {
  for (const sum of open.splice(0)) await sum.close();
});

const ROWS = 128;
const BLOCKS = 5;

/** Rows i of the Hadamard matrix of order 1024, (-1)^(bits of i & j), column j by 2^-j: orthogonal columns. */
const hadamardRows = (columns: number, block: number): Float32Array =>
  Float32Array.from({ length: ROWS * columns }, (_, k) => {
    const [i, j] = [block * ROWS + Math.floor(k / columns), k % columns];
    let bits = i & j;
    let sign = 1;
    for (; bits > 0; bits &= bits - 1) sign = -sign;
    return sign * 2 ** -j;
  });

describe.each([
  ['in a thread of its own', workerFile],
  ['in this thread, where no worker was built', '/nowhere.js'],
])('rows summed %s', (_, file) => {
  it('give the singular values of the whole', async () => {
    expect(existsSync(workerFile)).toBe(true);
    const columns = 4;
    const sum = opened(columns, file);
    for (let block = 0; block < 8; block++) {
      const rows = hadamardRows(columns, block);
      const before = rows.slice();
      await sum.add(rows, null);
      expect(rows).toEqual(before);
    }
    const { values, errorBounds } = await sum.values();
    // Each column has 1024 entries of one size.
    expect([...values]).toEqual([32, 16, 8, 4].map((value) => expect.closeTo(value, 12)));
    expect(Math.max(...errorBounds)).toBeLessThan(1e-10);
  });

  it('give those of another matrix, the same for the same seeds, when their entries are shuffled', async () => {
    const columns = 4;
    const shuffled = async (seed: number): Promise<Float64Array> => {
      const sum = opened(columns, file);
      for (let block = 0; block < BLOCKS; block++) await sum.add(hadamardRows(columns, block), seed + block);
      return (await sum.values()).values;
    };
    const values = await shuffled(7);
    expect(await shuffled(7)).toEqual(values);
    expect(await shuffled(8)).not.toEqual(values);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expect(squares).toBeCloseTo(BLOCKS * ROWS * (1 + 1 / 4 + 1 / 16 + 1 / 64), 9);
  });
});

describe('a thread that fails', () => {
  it('says so to what waits for it, and to what comes after', async () => {
    const sum = opened(2, workerFile);
    // Rows after a block that was not of 128 cannot be summed.
    await sum.add(new Float32Array(6), null);
    await sum.add(new Float32Array(6), null);
    await expect(sum.values()).rejects.toThrow('rows after a block that was not of 128');
    await expect(sum.values()).rejects.toThrow('rows after a block that was not of 128');
  });
});
