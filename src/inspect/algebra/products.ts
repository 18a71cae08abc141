import * as tf from '@tensorflow/tfjs-core';
import type { Backend, Program } from '../../runtime/index.ts';
import { type Representation, rowsOf, toTensor } from '../../sources/index.ts';
import { type Matrix, matrix } from '../../spectrum/index.ts';

/** Rows per product: bounds the float64 copies of float32 representations. */
const CHUNK = 4096;

/**
 * Matrix products in float64 on the backend (in float32 on eager tfjs, which has no doubles), for matrices that are too
 * large for src/spectrum. Programs are cached by shape until `dispose`.
 */
export class Products {
  private readonly programs = new Map<string, Promise<Program>>();

  constructor(private readonly backend: Backend) {}

  /** left^T right, summed over their common rows: [left.columns, right.columns]. */
  async cross(left: Representation, right: Representation): Promise<Matrix> {
    const sum = new Float64Array(left.columns * right.columns);
    for (let from = 0; from < left.rows; from += CHUNK) {
      const to = Math.min(from + CHUNK, left.rows);
      const part = await this.multiply(rowsOf(left, from, to), rowsOf(right, from, to), true, false);
      for (let i = 0; i < sum.length; i++) sum[i] += part[i];
    }
    return matrix(left.columns, right.columns, sum);
  }

  /** left right^T, an inner product for every pair of rows: [left.rows, right.rows]. */
  async inner(left: Representation, right: Representation): Promise<Matrix> {
    return matrix(left.rows, right.rows, await this.multiply(left, right, false, true));
  }

  /** left right: [left.rows, right.columns]. */
  async times(left: Representation, right: Representation): Promise<Matrix> {
    return matrix(left.rows, right.columns, await this.multiply(left, right, false, false));
  }

  /** The smaller of a a^T and a^T a, which have the same eigenvalues up to zeros. */
  smallGram(a: Representation): Promise<Matrix> {
    return a.rows < a.columns ? this.inner(a, a) : this.cross(a, a);
  }

  async dispose(): Promise<void> {
    const programs = await Promise.all(this.programs.values());
    this.programs.clear();
    await Promise.all(programs.map((program) => program.dispose()));
  }

  private async multiply(
    left: Representation,
    right: Representation,
    transposeLeft: boolean,
    transposeRight: boolean,
  ): Promise<Float64Array> {
    const a = [left.rows, left.columns];
    const b = [right.rows, right.columns];
    const key = `${a}|${b}|${transposeLeft}|${transposeRight}`;
    let program = this.programs.get(key);
    if (program === undefined) {
      program = this.backend.compile(
        (inputs) => ({
          product: tf.matMul(inputs.a as tf.Tensor2D, inputs.b as tf.Tensor2D, transposeLeft, transposeRight),
        }),
        { a: { shape: a, dtype: 'float32' }, b: { shape: b, dtype: 'float32' } },
        { precision: 'float64', takesTurns: true },
      );
      this.programs.set(key, program);
    }
    const { product } = await (await program).run({ a: toTensor(left), b: toTensor(right) });
    return product.data instanceof Float64Array ? product.data : Float64Array.from(product.data);
  }
}
