import type { Backend } from '../../runtime/index.ts';
import { type Matrix, matrix } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { FitTask } from './fitTasks.ts';
import { minimise } from './lbfgs.ts';
import { Lockstep } from './lockstep.ts';
import {
  type LogisticProgram,
  logisticProgram,
  logitsOf,
  type PenalisedColumns,
  type Precision,
} from './logisticProgram.ts';
import { type FitColumns, whiten } from './whitening.ts';

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
   * Ends a fit when the estimated excess of the mean loss over its minimum is at most this times the loss (times 1 for a loss above 1):
   * half the squared length of the gradient in coordinates where the Hessian at the start is about the identity, over the samples.
   * Where classes can be told apart entirely, loss and Hessian are near 0, and so is the gradient of a fit that has yet to begin.
   */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly precision: Precision;
  readonly signal?: AbortSignal;
}

export const LOGISTIC_DEFAULTS: LogisticOptions = {
  tolerance: 1e-7,
  maxIterations: 1000,
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

/** The columns with the penalty of any C, each made once. */
export const penalties = (
  products: Products,
  columns: FitColumns,
): ((c: number) => Promise<PenalisedColumns>) => {
  const known = new Map<number, Promise<PenalisedColumns>>();
  return (c) => {
    const penalised = known.get(c) ?? penalise(products, columns, c);
    known.set(c, penalised);
    return penalised;
  };
};

/** Fits of the same tasks on the same columns, with any penalty. */
export interface LogisticFits {
  /** All tasks together, from the models in `starts` where there are some. */
  fit(penalised: PenalisedColumns, starts?: readonly (LogisticModel | undefined)[]): Promise<LogisticModel[]>;
  dispose(): Promise<void>;
}

export const openLogisticFits = (
  backend: Backend,
  columns: FitColumns,
  tasks: readonly FitTask[],
  options: LogisticOptions = LOGISTIC_DEFAULTS,
): LogisticFits => {
  const program = logisticProgram(backend, columns, tasks, options.precision);
  return {
    fit: (penalised, starts = []) => fitTogether(program, penalised, tasks, options, starts),
    dispose: () => program.dispose(),
  };
};

/** Fits every task on the same columns, with one penalty, from the models in `starts` where there are some. */
export const fitLogistic = async (
  backend: Backend,
  penalised: PenalisedColumns,
  tasks: readonly FitTask[],
  options: LogisticOptions = LOGISTIC_DEFAULTS,
  starts: readonly (LogisticModel | undefined)[] = [],
): Promise<LogisticModel[]> => {
  const fits = openLogisticFits(backend, penalised.columns, tasks, options);
  try {
    return await fits.fit(penalised, starts);
  } finally {
    await fits.dispose();
  }
};

const fitTogether = async (
  program: LogisticProgram,
  penalised: PenalisedColumns,
  tasks: readonly FitTask[],
  { tolerance, maxIterations, signal }: LogisticOptions,
  starts: readonly (LogisticModel | undefined)[],
): Promise<LogisticModel[]> => {
  if (tasks.length === 0) return [];
  const { whitening } = penalised;
  const { centred } = penalised.columns;
  const lockstep = new Lockstep(tasks.length, (points) => program.evaluate(points, penalised));
  const points = await startsOf(penalised, tasks, starts);
  const fit = async ({ classes }: FitTask, k: number): Promise<LogisticModel> => {
    const logits = logitsOf(classes);
    const split = centred.columns * logits;
    const { point, iterations, converged } = await minimise(lockstep.objective(k), points[k], {
      gradientTolerance: (value) => Math.sqrt(2 * tolerance * Math.min(centred.rows, value)),
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
  const fits = await Promise.allSettled(tasks.map(fit));
  return fits.map((settled) => {
    if (settled.status === 'rejected') throw settled.reason;
    return settled.value;
  });
};

/** The first point of every fit, [u, b]: that of its start, or 0. Fits may share a start. */
const startsOf = async (
  { whitening, columns: { centred } }: PenalisedColumns,
  tasks: readonly FitTask[],
  starts: readonly (LogisticModel | undefined)[],
): Promise<Float64Array[]> => {
  const known = new Map<LogisticModel, Float64Array>();
  for (const start of new Set(starts)) {
    if (start === undefined) continue;
    const { data } = await whitening.whiten(start.weights);
    const point = new Float64Array(data.length + start.intercept.length);
    point.set(data);
    point.set(
      start.intercept.map((value) => value / whitening.interceptScale),
      data.length,
    );
    known.set(start, point);
  }
  return tasks.map(({ classes }, k) => {
    const start = starts[k];
    return start === undefined
      ? new Float64Array((centred.columns + 1) * logitsOf(classes))
      : known.get(start)!.slice();
  });
};

/**
 * The most probable class of row i of `scores` = X W (without the intercept), whose columns for this model begin at `start`. A
 * single logit competes with a logit of 0 for the first class.
 */
export const predictClass = (scores: Matrix, i: number, intercept: Float64Array, start: number): number => {
  const offset = i * scores.columns + start;
  if (intercept.length === 1) return scores.data[offset] + intercept[0] > 0 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < intercept.length; k++) {
    if (scores.data[offset + k] + intercept[k] > scores.data[offset + best] + intercept[best]) best = k;
  }
  return best;
};

/** -log2 softmax(scores + intercept)[label] of row i, in bits; infinite for a label of -1, a class that the probe does not know. */
export const lossInBits = (
  scores: Matrix,
  i: number,
  intercept: Float64Array,
  start: number,
  label: number,
): number => {
  if (label < 0) return Number.POSITIVE_INFINITY;
  const offset = i * scores.columns + start;
  const logit = (k: number): number => scores.data[offset + k] + intercept[k];
  if (intercept.length === 1) {
    const against = label === 1 ? -logit(0) : logit(0);
    // ln(1 + e^x) without overflow.
    return (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)))) / Math.LN2;
  }
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < intercept.length; k++) largest = Math.max(largest, logit(k));
  let sum = 0;
  for (let k = 0; k < intercept.length; k++) sum += Math.exp(logit(k) - largest);
  return (Math.log(sum) + largest - logit(label)) / Math.LN2;
};
