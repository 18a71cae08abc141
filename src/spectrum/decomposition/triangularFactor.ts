import { type Matrix, matrix } from '../matrix.ts';
import { columnsFrom, paddedCount, withKernel } from '../wasm/reflectionKernel.ts';
import { reflection } from './householder.ts';

/** Rows folded into R at a time: few enough for a block to stay in the second-level cache. */
const FOLD = 32;

/**
 * R of s A = Q R for a tall A, or of s A^T for a wide one; square with the smaller side. Blocks of rows are
 * folded into R one after the other. `check` is called before each and throws to stop.
 */
export function triangularFactor(a: Matrix, s: number, check: () => void): Matrix {
  const wide = a.rows < a.columns;
  const [n, rows] = wide ? [a.rows, a.columns] : [a.columns, a.rows];
  const count = paddedCount(n);
  const size = n * count + count * FOLD + FOLD + 2;
  return withKernel(size, (kernel, data) => {
    const r = data.subarray(0, n * count);
    const block = data.subarray(r.length, r.length + count * FOLD);
    const v = data.subarray(r.length + block.length + 1);
    for (let from = 0; from < rows; from += FOLD) {
      check();
      const height = Math.min(FOLD, rows - from);
      if (height < FOLD) block.fill(0);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < height; i++) {
          block[j * FOLD + i] = s * a.data[wide ? j * rows + from + i : (from + i) * n + j];
        }
      }
      for (let k = 0; k < n; k++) {
        // Only row k of R and the block change under reflection k.
        const row = r.subarray(k * count, (k + 1) * count);
        const column = block.subarray(k * FOLD, (k + 1) * FOLD);
        v[0] = row[k];
        v.set(column, 1);
        const { factor, alpha } = reflection(v);
        column.fill(0);
        row[k] = 0;
        const first = columnsFrom(k);
        if (factor !== 0) {
          const end = block.byteOffset + block.byteLength;
          const start = block.byteOffset + 8 * first * FOLD;
          const top = row.byteOffset + 8 * first;
          kernel.reflect(start, end, 8 * FOLD, 8 * FOLD, v.byteOffset + 8, top, factor, v[0]);
        }
        row[k] = alpha;
      }
    }
    const factor = matrix(n, n);
    for (let k = 0; k < n; k++) factor.data.set(r.subarray(k * count, k * count + n), k * n);
    return factor;
  });
}
