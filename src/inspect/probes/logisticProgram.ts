import * as tf from '@tensorflow/tfjs-core';
import { type Backend, float64, type TensorData } from '../../runtime/index.ts';
import { toTensor } from '../representation.ts';
import type { Evaluated } from './lbfgs.ts';
import type { Whitening } from './whitening.ts';

/** One fit: labels in 0 .. classes - 1, every class present. */
export interface LogisticTask {
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Two classes have one logit, that of the second against the first. */
export const logitsOf = (classes: number): number => (classes === 2 ? 1 : classes);

/** Evaluates losses and gradients of several fits on the same columns at once; a point is [u, b] of one fit. */
export interface LogisticProgram {
  evaluate(points: ReadonlyMap<number, Float64Array>): Promise<ReadonlyMap<number, Evaluated>>;
  dispose(): Promise<void>;
}

export const compileLogistic = async (
  backend: Backend,
  { whitened, penalty, interceptScale }: Whitening,
  tasks: readonly LogisticTask[],
): Promise<LogisticProgram> => {
  const columns = logitColumns(tasks);
  const dimensions = whitened.columns;
  const u = new Float64Array(dimensions * columns.total);
  const b = new Float64Array(columns.total);
  const feeds: Record<string, TensorData> = {
    x: toTensor(whitened),
    u: float64([dimensions, columns.total], u),
    b: float64([1, columns.total], b),
    penalty,
    ...Object.fromEntries(tasks.map((task, k) => [`target${k}`, oneHot(task)])),
  };
  const specs = Object.entries(feeds).map(([name, { shape }]) => [
    name,
    { shape, dtype: 'float32' as const },
  ]);
  const program = await backend.compile(objectiveOf(columns), Object.fromEntries(specs), {
    precision: 'float64',
  });
  const rescaled = (intercepts: Float64Array) => intercepts.map((value) => value * interceptScale);
  return {
    async evaluate(points) {
      for (const [k, point] of points) {
        const split = dimensions * columns.counts[k];
        columns.place(u, k, point.subarray(0, split));
        columns.place(b, k, rescaled(point.subarray(split)));
      }
      const { losses, gradient, interceptGradient } = await program.run(feeds);
      return new Map(
        [...points].map(([k, { length }]) => {
          const own = new Float64Array(length);
          const split = dimensions * columns.counts[k];
          own.set(columns.pick(gradient.data, k));
          own.set(rescaled(columns.pick(interceptGradient.data, k)), split);
          return [k, { value: losses.data[k], gradient: own }];
        }),
      );
    },
    dispose: () => program.dispose(),
  };
};

/** The logits of all fits are columns of one matrix, so that two products serve all of them. */
interface LogitColumns {
  readonly total: number;
  /** The number of columns of each fit, and where they begin. */
  readonly counts: readonly number[];
  readonly starts: readonly number[];
  /** Writes the columns of fit k, rows x counts[k], into those of all fits. */
  place(all: Float64Array, k: number, own: Float64Array): void;
  pick(all: ArrayLike<number>, k: number): Float64Array;
}

const logitColumns = (tasks: readonly LogisticTask[]): LogitColumns => {
  const counts = tasks.map(({ classes }) => logitsOf(classes));
  const starts = counts.map((_, k) => counts.slice(0, k).reduce((sum, count) => sum + count, 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  /** Index of entry `at` of fit k among those of all fits. */
  const placeOf = (k: number, at: number) =>
    Math.floor(at / counts[k]) * total + starts[k] + (at % counts[k]);
  return {
    total,
    counts,
    starts,
    place(all, k, own) {
      for (let at = 0; at < own.length; at++) all[placeOf(k, at)] = own[at];
    },
    pick: (all, k) =>
      Float64Array.from({ length: (all.length / total) * counts[k] }, (_, at) => all[placeOf(k, at)]),
  };
};

/** In whitened coordinates: x holds X L^-T and the penalty 1/2 ||W||^2 of W = L^-T u is 1/2 u . M u. */
const objectiveOf =
  ({ counts, starts }: LogitColumns) =>
  (inputs: Record<string, tf.Tensor>) => {
    const { x, u, b, penalty } = inputs as Record<string, tf.Tensor2D>;
    const scores = tf.add(tf.matMul(x, u), b) as tf.Tensor2D;
    const diagonal = penalty.shape[1] === 1;
    const penalised = (diagonal ? tf.mul(penalty, u) : tf.matMul(penalty, u)) as tf.Tensor2D;
    const penalties = tf.mul(tf.sum(tf.mul(u, penalised), 0, true), 0.5) as tf.Tensor2D;
    const fits = counts.map((count, k) => {
      const own = tf.slice2d(scores, [0, starts[k]], [scores.shape[0], count]);
      const { loss, residual } = likelihood(own, inputs[`target${k}`] as tf.Tensor2D);
      const ownPenalty = tf.sum(tf.slice2d(penalties, [0, starts[k]], [1, count]));
      return { loss: tf.add(loss, ownPenalty), residual };
    });
    const residuals = fits.map(({ residual }) => residual);
    const residual = residuals.length === 1 ? residuals[0] : tf.concat2d(residuals, 1);
    return {
      losses: tf.stack(fits.map(({ loss }) => loss)),
      gradient: tf.add(tf.matMul(x, residual, true, false), penalised),
      interceptGradient: tf.sum(residual, 0, true),
    };
  };

/** -sum_i ln softmax(scores_i)[y_i] of one fit, and the residual softmax - target on the existing logits. */
const likelihood = (scores: tf.Tensor2D, target: tf.Tensor2D) => {
  const single = scores.shape[1] === 1;
  const logits = single ? tf.concat2d([tf.zerosLike(scores), scores], 1) : scores;
  const normaliser = tf.logSumExp(logits, 1, true);
  const residual = tf.sub(tf.exp(tf.sub(logits, normaliser)), target) as tf.Tensor2D;
  return {
    loss: tf.sub(tf.sum(normaliser), tf.sum(tf.mul(logits, target))),
    residual: single ? tf.slice2d(residual, [0, 1], [scores.shape[0], 1]) : residual,
  };
};

const oneHot = ({ labels, classes }: LogisticTask): TensorData => {
  const data = new Float64Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) data[i * classes + labels[i]] = 1;
  return float64([labels.length, classes], data);
};
