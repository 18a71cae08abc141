import type { Backend } from '../../runtime/index.ts';
import { type Matrix, matrix } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { minimise } from './lbfgs.ts';
import { Lockstep } from './lockstep.ts';
import {
  compileLogistic,
  type LogisticTask,
  logitsOf,
  type PenalisedColumns,
  type Precision,
} from './logisticProgram.ts';
import { type FitColumns, type Whitening, whiten } from './whitening.ts';

/**
 * Multinomial logistic regression as scikit-learn's `LogisticRegression(C)`:
 *   minimise  sum_i -ln softmax(W^T x_i + b)[y_i]  +  ||W||^2 / 2C,   b not penalised.
 * Two classes have a single weight vector (the logit of the second against the first).
 */
export interface LogisticModel {
  /** W as [dimensions, logits]; logits = classes, or 1 for two classes. */
  readonly weights: Matrix;
  readonly intercept: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface LogisticOptions {
  /**
   * Ends a fit when the estimated excess of the mean loss over its minimum is at most this: half the squared length of
   * the gradient in coordinates where the Hessian at the start is about the identity, over the samples.
   */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly precision: Precision;
  readonly signal?: AbortSignal;
}

export const LOGISTIC_DEFAULTS: LogisticOptions = {
  tolerance: 1e-6,
  maxIterations: 300,
  precision: 'float64',
};

export const penalise = async (
  products: Products,
  columns: FitColumns,
  c: number,
): Promise<PenalisedColumns> => ({
  columns,
  c,
  whitening: await whiten(products, columns, c),
});

/** Fits every task on the same columns, together, from the models in `starts` where there are some. */
export const fitLogistic = async (
  backend: Backend,
  penalised: PenalisedColumns,
  tasks: readonly LogisticTask[],
  options: LogisticOptions = LOGISTIC_DEFAULTS,
  starts: readonly LogisticModel[] = [],
): Promise<LogisticModel[]> => {
  if (tasks.length === 0) return [];
  const { tolerance, maxIterations, precision, signal } = options;
  const { whitening } = penalised;
  const { centred } = penalised.columns;
  const program = await compileLogistic(backend, penalised, tasks, precision);
  const lockstep = new Lockstep(tasks.length, (points) => program.evaluate(points));
  const points = await Promise.all(
    tasks.map(({ classes }, k) => startOf(whitening, starts[k] ?? null, centred.columns, logitsOf(classes))),
  );
  const fit = async ({ classes }: LogisticTask, k: number): Promise<LogisticModel> => {
    const logits = logitsOf(classes);
    const split = centred.columns * logits;
    const { point, iterations, converged } = await minimise(lockstep.objective(k), points[k], {
      gradientTolerance: Math.sqrt(2 * tolerance * centred.rows),
      maxIterations,
      signal,
    }).finally(() => lockstep.finish(k));
    return {
      weights: await whitening.unwhiten(matrix(centred.columns, logits, point.slice(0, split))),
      intercept: point.slice(split).map((value) => value * whitening.interceptScale),
      iterations,
      converged,
    };
  };
  try {
    const fits = await Promise.allSettled(tasks.map(fit));
    return fits.map((settled) => {
      if (settled.status === 'rejected') throw settled.reason;
      return settled.value;
    });
  } finally {
    await program.dispose();
  }
};

const startOf = async (
  whitening: Whitening,
  start: LogisticModel | null,
  dimensions: number,
  logits: number,
): Promise<Float64Array> => {
  const point = new Float64Array((dimensions + 1) * logits);
  if (start === null) return point;
  point.set((await whitening.whiten(start.weights)).data);
  const intercept = start.intercept.map((value) => value / whitening.interceptScale);
  point.set(intercept, dimensions * logits);
  return point;
};

/** The most probable class of every row of `scores` = X W (without the intercept), from `start` on in the columns. */
export const predictClasses = (scores: Matrix, intercept: Float64Array, start = 0): Int32Array => {
  const classes = new Int32Array(scores.rows);
  for (let i = 0; i < scores.rows; i++) {
    const offset = i * scores.columns + start;
    // A single logit competes with a logit of 0 for the first class.
    let largest = intercept.length === 1 ? 0 : Number.NEGATIVE_INFINITY;
    for (let k = 0; k < intercept.length; k++) {
      const logit = scores.data[offset + k] + intercept[k];
      if (logit <= largest) continue;
      largest = logit;
      classes[i] = intercept.length === 1 ? 1 : k;
    }
  }
  return classes;
};

/**
 * -log2 softmax(scores + intercept)[label] of every sample, in bits, with the columns of `predictClasses`; infinite for a
 * label of -1, a class that the probe does not know.
 */
export const lossesInBits = (
  scores: Matrix,
  { intercept }: LogisticModel,
  labels: Int32Array,
  start = 0,
): Float64Array => {
  const first = intercept.length === 1 ? 1 : 0;
  const logits = new Float64Array(intercept.length + first);
  return Float64Array.from(labels, (label, i) => {
    if (label < 0) return Number.POSITIVE_INFINITY;
    // A single logit competes with a logit of 0 for the first class.
    let largest = first === 1 ? 0 : Number.NEGATIVE_INFINITY;
    for (let k = first; k < logits.length; k++) {
      logits[k] = scores.data[i * scores.columns + start + k - first] + intercept[k - first];
      largest = Math.max(largest, logits[k]);
    }
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    return (Math.log(sum) + largest - logits[label]) / Math.LN2;
  });
};
