import type { Backend } from '../../runtime/index.ts';
import { type Matrix, matrix, rowOf } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { indexOfLargest } from '../largest.ts';
import { minimise } from './lbfgs.ts';
import { Lockstep } from './lockstep.ts';
import { compileLogistic, type LogisticTask, logitsOf } from './logisticProgram.ts';
import { whiten } from './whitening.ts';

/**
 * Multinomial logistic regression as scikit-learn's `LogisticRegression(C=1)`:
 *   minimise  sum_i -ln softmax(W^T x_i + b)[y_i]  +  1/2 ||W||^2,   b not penalised.
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
  readonly signal?: AbortSignal;
}

export const LOGISTIC_DEFAULTS: LogisticOptions = { tolerance: 1e-6, maxIterations: 300 };

/** Fits every task on the same columns, together. `centred`: samples x dimensions with column means 0. */
export const fitLogistic = async (
  backend: Backend,
  products: Products,
  centred: Matrix,
  tasks: readonly LogisticTask[],
  options: LogisticOptions = LOGISTIC_DEFAULTS,
): Promise<LogisticModel[]> => {
  if (tasks.length === 0) return [];
  const { tolerance, maxIterations, signal } = options;
  const whitening = await whiten(products, centred);
  const program = await compileLogistic(backend, whitening, tasks);
  const lockstep = new Lockstep(tasks.length, (points) => program.evaluate(points));
  const fit = async ({ classes }: LogisticTask, k: number): Promise<LogisticModel> => {
    const logits = logitsOf(classes);
    const split = centred.columns * logits;
    const { point, iterations, converged } = await minimise(
      lockstep.objective(k),
      new Float64Array(split + logits),
      { gradientTolerance: Math.sqrt(2 * tolerance * centred.rows), maxIterations, signal },
    ).finally(() => lockstep.finish(k));
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

/** The most probable class of every row of `scores` = X W (without the intercept). */
export const predictClasses = (scores: Matrix, intercept: Float64Array): Int32Array =>
  Int32Array.from({ length: scores.rows }, (_, i) => {
    const logits = rowOf(scores, i).map((score, k) => score + intercept[k]);
    // A single logit competes with a logit of 0 for the first class.
    return indexOfLargest(logits.length === 1 ? [0, logits[0]] : logits);
  });
