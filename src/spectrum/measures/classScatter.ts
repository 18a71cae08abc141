import { type Matrix, matrix, meanOfRows, rowOf } from '../matrix.ts';
import { gramOf, scaledRows } from '../product.ts';
import type { Rows } from '../wasm/gramKernel.ts';
import { Moments, sampleCount } from './moments.ts';

/** How samples of K classes scatter about their means. */
export interface ClassScatter {
  readonly samples: number;
  /** Samples of each class; classes without samples are left out everywhere here. */
  readonly counts: Float64Array;
  /** K x d. */
  readonly means: Matrix;
  readonly sampleMean: Float64Array;
  /** sum over samples of (z - mu_c)(z - mu_c)^T: not divided by anything. */
  readonly within: Matrix;
}

/**
 * Class means and within-class scatter of labelled samples that arrive in chunks. The within-class part is total
 * minus between-class scatter, so its relative error is 2.2e-16 times total / within.
 */
export class ClassMoments {
  readonly #total: Moments;
  readonly #sums: Matrix;
  readonly #counts: Float64Array;
  #origin: Float64Array | undefined;

  constructor(dimensions: number, classes: number) {
    this.#total = new Moments(dimensions);
    this.#sums = matrix(classes, dimensions);
    this.#counts = new Float64Array(classes);
  }

  /** Adds a chunk of samples x dimensions with the class (0..classes - 1) of each. */
  add(rows: Rows, labels: ArrayLike<number>): void {
    const { rows: classes, columns: d } = this.#sums;
    const count = sampleCount(rows, d);
    if (labels.length !== count) throw new RangeError(`${labels.length} labels for ${count} samples`);
    if (count === 0) return;
    this.#origin ??= meanOfRows(rows, d);
    const origin = this.#origin;
    for (let i = 0; i < count; i++) {
      const label = labels[i];
      if (!(label >= 0 && label < classes)) throw new RangeError(`label ${label} is not below ${classes}`);
      const sum = rowOf(this.#sums, label);
      for (let j = 0; j < d; j++) sum[j] += rows[i * d + j] - origin[j];
      this.#counts[label]++;
    }
    this.#total.add(rows);
  }

  scatter(): ClassScatter {
    const present = Array.from(this.#counts.keys()).filter((c) => this.#counts[c] > 0);
    const counts = Float64Array.from(present, (c) => this.#counts[c]);
    const means = matrix(present.length, this.#sums.columns);
    const sampleMean = this.#total.mean();
    const origin = this.#origin ?? sampleMean;
    for (const [k, c] of present.entries()) {
      const mean = rowOf(this.#sums, c).map((sum, j) => sum / counts[k] + origin[j]);
      means.data.set(mean, k * means.columns);
    }
    const offsets = scaledRows(lessRow(means, sampleMean), counts.map(Math.sqrt));
    const between = gramOf(offsets);
    const within = subtracted(this.#total.scatter(), between);
    return { samples: this.#total.count, counts, means, sampleMean, within };
  }
}

/** Class moments of a matrix of samples, at once. */
export function classScatterOf(samples: Matrix, labels: ArrayLike<number>): ClassScatter {
  let classes = 0;
  for (let i = 0; i < labels.length; i++) classes = Math.max(classes, labels[i] + 1);
  const moments = new ClassMoments(samples.columns, classes);
  moments.add(samples.data, labels);
  return moments.scatter();
}

/** The origin of class means: the mean of all samples, or the mean of the class means. */
export type Centre = 'samples' | 'classes';

/** M, K x d: class means minus the centre. Both centres are the same when the classes are balanced. */
export function centredMeans(scatter: ClassScatter, centre: Centre): Matrix {
  const { means } = scatter;
  return lessRow(means, centre === 'samples' ? scatter.sampleMean : meanOfRows(means.data, means.columns));
}

/** A with `row` subtracted from each of its rows. */
const lessRow = (a: Matrix, row: Float64Array): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((entry, k) => entry - row[k % a.columns]),
  );

const subtracted = (a: Matrix, b: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((entry, k) => entry - b.data[k]),
  );
