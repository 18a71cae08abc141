import * as tf from '@tensorflow/tfjs-core';
import { type Backend, float64, type Program, type TensorData } from '../runtime/index.ts';
import type { Evaluated } from './lbfgs.ts';
import type { Whitening } from './whitening.ts';

/** One fit: labels in 0 .. classes - 1, every class present. */
export interface LogisticTask {
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Two classes have one logit, of the second against the first. */
export const logitsOf = (classes: number): number => (classes === 2 ? 1 : classes);

/** Evaluates losses and gradients of several fits on the same columns at once; a point is [u, b] of one fit. */
export interface LogisticProgram {
  evaluate(points: ReadonlyMap<number, Float64Array>): Promise<ReadonlyMap<number, Evaluated>>;
  dispose(): Promise<void>;
}

/**
 * Loss and residual of one fit: -sum_i ln softmax(scores_i)[y_i], and softmax - target on the logits that are shown.
 */
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

/**
 * In whitened coordinates: x holds X L^-T and the penalty 1/2 ||W||^2 of W = L^-T u is 1/2 u . M u. The weights of all fits
 * stand side by side, [dimensions, all logits], so that two products serve them all.
 */
const objectiveOf = (tasks: readonly LogisticTask[]) => (inputs: Record<string, tf.Tensor>) => {
  const { x, u, b, penalty } = inputs as Record<string, tf.Tensor2D>;
  const scores = tf.add(tf.matMul(x, u), b) as tf.Tensor2D;
  const diagonal = penalty.shape[1] === 1;
  const penalised = (diagonal ? tf.mul(penalty, u) : tf.matMul(penalty, u)) as tf.Tensor2D;
  const penalties = tf.mul(tf.sum(tf.mul(u, penalised), 0, true), 0.5) as tf.Tensor2D;
  const losses: tf.Tensor[] = [];
  const residuals: tf.Tensor2D[] = [];
  let from = 0;
  for (const [k, { classes }] of tasks.entries()) {
    const logits = logitsOf(classes);
    const own = tf.slice2d(scores, [0, from], [scores.shape[0], logits]);
    const { loss, residual } = likelihood(own, inputs[`target${k}`] as tf.Tensor2D);
    losses.push(tf.add(loss, tf.sum(tf.slice2d(penalties, [0, from], [1, logits]))));
    residuals.push(residual);
    from += logits;
  }
  const residual = residuals.length === 1 ? residuals[0] : tf.concat2d(residuals, 1);
  return {
    losses: tf.stack(losses),
    gradient: tf.add(tf.matMul(x, residual, true, false), penalised),
    interceptGradient: tf.sum(residual, 0, true),
  };
};

const oneHot = ({ labels, classes }: LogisticTask): TensorData => {
  const data = new Float64Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) data[i * classes + labels[i]] = 1;
  return float64([labels.length, classes], data);
};

export const compileLogistic = async (
  backend: Backend,
  { whitened, penalty, interceptScale }: Whitening,
  tasks: readonly LogisticTask[],
): Promise<LogisticProgram> => {
  const d = whitened.columns;
  const starts = tasks.map((_, k) =>
    tasks.slice(0, k).reduce((sum, task) => sum + logitsOf(task.classes), 0),
  );
  const total = tasks.reduce((sum, task) => sum + logitsOf(task.classes), 0);
  const u = new Float64Array(d * total);
  const b = new Float64Array(total);
  const feeds: Record<string, TensorData> = {
    x: float64([whitened.rows, d], whitened.data),
    u: float64([d, total], u),
    b: float64([1, total], b),
    penalty,
    ...Object.fromEntries(tasks.map((task, k) => [`target${k}`, oneHot(task)])),
  };
  const specs = Object.entries(feeds).map(([name, { shape }]) => [
    name,
    { shape, dtype: 'float32' as const },
  ]);
  const program: Program = await backend.compile(objectiveOf(tasks), Object.fromEntries(specs), {
    precision: 'float64',
  });

  const place = (k: number, point: Float64Array): void => {
    const logits = logitsOf(tasks[k].classes);
    for (let at = 0; at < d * logits; at++) {
      u[Math.floor(at / logits) * total + starts[k] + (at % logits)] = point[at];
    }
    for (let c = 0; c < logits; c++) b[starts[k] + c] = point[d * logits + c] * interceptScale;
  };
  const gather = (k: number, gradient: ArrayLike<number>, interceptGradient: ArrayLike<number>) => {
    const logits = logitsOf(tasks[k].classes);
    const own = new Float64Array((d + 1) * logits);
    for (let at = 0; at < d * logits; at++) {
      own[at] = gradient[Math.floor(at / logits) * total + starts[k] + (at % logits)];
    }
    for (let c = 0; c < logits; c++) own[d * logits + c] = interceptGradient[starts[k] + c] * interceptScale;
    return own;
  };
  return {
    async evaluate(points) {
      for (const [k, point] of points) place(k, point);
      const { losses, gradient, interceptGradient } = await program.run(feeds);
      return new Map(
        [...points.keys()].map((k) => [
          k,
          { value: losses.data[k], gradient: gather(k, gradient.data, interceptGradient.data) },
        ]),
      );
    },
    dispose: () => program.dispose(),
  };
};
