import { type Matrix, matrix } from '../matrix.ts';
import { columnsFrom, paddedCount, type ReflectionKernel, withKernel } from '../wasm/reflectionKernel.ts';
import { reflection } from './householder.ts';

/** Rows folded into R at a time: few enough for a block to stay in the second-level cache. */
const FOLD = 32;

const sizeOf = (n: number): number => n * paddedCount(n) + paddedCount(n) * FOLD + FOLD + 2;

/** Bytes that folding rows of n columns takes. */
export const foldBytes = (n: number): number => 8 * (sizeOf(n) + n * n);

/** R with n columns as it grows, and a block of rows to fold into it, in the kernel's memory. */
class Fold {
  /** FOLD rows, column by column. */
  readonly block: Float64Array;
  private readonly r: Float64Array;
  private readonly v: Float64Array;
  private readonly count: number;

  constructor(
    private readonly n: number,
    private readonly kernel: ReflectionKernel,
    data: Float64Array,
  ) {
    this.count = paddedCount(n);
    this.r = data.subarray(0, n * this.count);
    this.block = data.subarray(this.r.length, this.r.length + this.count * FOLD);
    this.v = data.subarray(this.r.length + this.block.length + 1);
  }

  /** Continues from an R of earlier rows. */
  begin(factor: Matrix): void {
    const { n, count, r } = this;
    for (let k = 0; k < n; k++) r.set(factor.data.subarray(k * n, (k + 1) * n), k * count);
  }

  /** Folds the block into R, which leaves it zero. */
  fold(): void {
    const { n, count, r, block, v } = this;
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
        this.kernel.reflect(start, end, 8 * FOLD, 8 * FOLD, v.byteOffset + 8, top, factor, v[0]);
      }
      row[k] = alpha;
    }
  }

  factor(): Matrix {
    const { n, count, r } = this;
    const factor = matrix(n, n);
    for (let k = 0; k < n; k++) factor.data.set(r.subarray(k * count, k * count + n), k * n);
    return factor;
  }
}

/**
 * R of s A = Q R for a tall A, or of s A^T for a wide one; square with the smaller side. Blocks of rows are
 * folded into R in turn. `check` is called before each and throws to stop.
 */
export function triangularFactor(a: Matrix, s: number, check: () => void): Matrix {
  const wide = a.rows < a.columns;
  const [n, rows] = wide ? [a.rows, a.columns] : [a.columns, a.rows];
  return withKernel(sizeOf(n), (kernel, data) => {
    const fold = new Fold(n, kernel, data);
    for (let from = 0; from < rows; from += FOLD) {
      check();
      const height = Math.min(FOLD, rows - from);
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < height; i++) {
          fold.block[j * FOLD + i] = s * a.data[wide ? j * rows + from + i : (from + i) * n + j];
        }
      }
      fold.fold();
    }
    return fold.factor();
  });
}

/** The same for s A with rows of n columns that arrive block by block, row-major, and are not kept. */
export async function triangularFactorOf(
  blocks: AsyncIterable<ArrayLike<number>>,
  n: number,
  s: number,
): Promise<Matrix> {
  let factor = matrix(n, n);
  for await (const values of blocks) {
    const before = factor;
    const rows = values.length / n;
    factor = withKernel(sizeOf(n), (kernel, data) => {
      const fold = new Fold(n, kernel, data);
      fold.begin(before);
      for (let from = 0; from < rows; from += FOLD) {
        const height = Math.min(FOLD, rows - from);
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < height; i++) fold.block[j * FOLD + i] = s * values[(from + i) * n + j];
        }
        fold.fold();
      }
      return fold.factor();
    });
  }
  return factor;
}
