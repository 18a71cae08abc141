import * as tf from '@tensorflow/tfjs-core';
import { openStream } from '../../data/index.ts';
import { type Backend, float32, type Program, type TensorData } from '../../runtime/index.ts';
import { type Matrix, matrix, scaled } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { FitTask } from './fitTasks.ts';
import { minimise, type Objective } from './lbfgs.ts';
import type { PenalisedColumns } from './logisticProgram.ts';
import { type Scores, scoresOf } from './logisticScores.ts';
import type { FitColumns } from './whitening.ts';

/** Units of the hidden layer. */
export const HIDDEN = 64;

/** A perceptron with one hidden layer: logits of x are W^T relu(V^T x + a) + b, one for each class. */
export interface MlpModel {
  /** V as [dimensions, HIDDEN]. */
  readonly hidden: Matrix;
  /** a. */
  readonly thresholds: Float64Array;
  /** W as [HIDDEN, classes]. */
  readonly weights: Matrix;
  /** b. */
  readonly intercept: Float64Array;
}

export interface MlpOptions {
  /** Ends a fit when the gradient of the objective, in the coordinates of the fit, is no longer than this. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly signal?: AbortSignal;
}

/** Fits on the same columns. */
export interface MlpFits {
  /** Each task from the same start. */
  fit(
    penalised: PenalisedColumns,
    tasks: readonly FitTask[],
    start: MlpModel,
    options: MlpOptions,
  ): Promise<MlpModel[]>;
  /** The objective and its gradient at a point [U, a, W, b], row by row. */
  evaluate(penalised: PenalisedColumns, task: FitTask): Objective;
  dispose(): Promise<void>;
}

/**
 * Each fit minimises, over the number n of samples,
 *   sum_i weight_i (-ln softmax(logits of x_i)[y_i])  +  (||V||^2 + ||W||^2) / 2C,   a and b not penalised,
 * in single precision. It does so along U with V = L^-T U / s, where whitened columns have variance 1 (`Whitening`; s is its
 * `interceptScale`): on the columns of a layer, which hardly differ, it would take several times as many iterations.
 * Fits run one by one, because one is enough work for the processor. A program is compiled for each number of classes.
 * Source: the objective of scikit-learn's `MLPClassifier` with alpha = 1 / C.
 */
export const openMlpFits = (backend: Backend, { centred, narrow }: FitColumns): MlpFits => {
  const { rows, columns: dimensions } = centred;
  const x = float32([rows, dimensions], narrow);
  const programs = new Map<string, Promise<Program>>();
  const programOf = (feeds: Readonly<Record<string, TensorData>>): Promise<Program> => {
    const key = `${feeds.target.shape} ${feeds.inverse.shape}`;
    const known = programs.get(key) ?? compile(backend, feeds);
    programs.set(key, known);
    return known;
  };
  const evaluate: MlpFits['evaluate'] = (penalised, task) => {
    const fixed = { x, target: targetOf(task), ...penaltyFeeds(penalised) };
    const shapes = shapesOf(dimensions, task.classes);
    return async (point) => {
      const feeds = { ...fixed, ...partsOf(point, shapes) };
      const results = await (await programOf(feeds)).run(feeds);
      const gradient = joined(Object.keys(shapes).map((name) => results[name].data));
      return { value: results.value.data[0], gradient };
    };
  };
  return {
    evaluate,
    async fit(penalised, tasks, start, { tolerance, ...options }) {
      const { whitening } = penalised;
      const first = scaled(await whitening.whiten(start.hidden), whitening.interceptScale);
      const point = joined([first.data, start.thresholds, start.weights.data, start.intercept]);
      const models: MlpModel[] = [];
      for (const task of tasks) {
        const found = await minimise(evaluate(penalised, task), point, {
          ...options,
          gradientTolerance: tolerance,
        });
        models.push(await modelOf(found.point, penalised, task.classes));
      }
      return models;
    },
    async dispose() {
      for (const program of programs.values()) await (await program).dispose();
    },
  };
};

/** The parts of a point, in their order. */
const shapesOf = (dimensions: number, classes: number) => ({
  hidden: [dimensions, HIDDEN],
  thresholds: [1, HIDDEN],
  weights: [HIDDEN, classes],
  intercept: [1, classes],
});

type Shapes = Readonly<Record<string, readonly number[]>>;

const compile = (backend: Backend, feeds: Readonly<Record<string, TensorData>>): Promise<Program> => {
  const specs = Object.entries(feeds).map(([name, { shape }]) => [
    name,
    { shape, dtype: 'float32' as const },
  ]);
  return backend.compile(objectiveOf, Object.fromEntries(specs), { takesTurns: true });
};

/** `inverse` is L^-1 / s; `strength` is 1 / C. */
const objectiveOf = (inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
  const { x, target, inverse, strength, hidden, thresholds, weights, intercept } = inputs as Record<
    string,
    tf.Tensor2D
  >;
  const objective = (u: tf.Tensor2D, a: tf.Tensor2D, w: tf.Tensor2D, b: tf.Tensor2D): tf.Scalar => {
    const v = (inverse.shape[1] === 1 ? tf.mul(inverse, u) : tf.matMul(inverse, u, true)) as tf.Tensor2D;
    const units = tf.relu(tf.add(tf.matMul(x, v), a)) as tf.Tensor2D;
    const logits = tf.add(tf.matMul(units, w), b);
    const loss = tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits, 1))));
    const squares = tf.add(tf.sum(tf.square(v)), tf.sum(tf.square(w)));
    return tf.div(tf.add(loss, tf.mul(tf.mul(squares, 0.5), strength)), x.shape[0]) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(objective as (...parts: tf.Tensor[]) => tf.Scalar)([
    hidden,
    thresholds,
    weights,
    intercept,
  ]);
  return { value, hidden: grads[0], thresholds: grads[1], weights: grads[2], intercept: grads[3] };
};

const penaltyFeeds = ({ c, whitening }: PenalisedColumns): Record<string, TensorData> => {
  const { rows, columns, data } = scaled(whitening.inverse, 1 / whitening.interceptScale);
  return {
    inverse: float32([rows, columns], new Float32Array(data)),
    strength: float32([], Float32Array.of(1 / c)),
  };
};

/** 1 at the label of each sample, times its weight. */
const targetOf = ({ labels, weights, classes }: FitTask): TensorData => {
  const target = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    target[i * classes + label] = weights?.[i] ?? 1;
  });
  return float32([labels.length, classes], target);
};

const partsOf = (point: Float64Array, shapes: Shapes): Record<string, TensorData> => {
  const parts: Record<string, TensorData> = {};
  let from = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const to = from + shape[0] * shape[1];
    parts[name] = float32(shape, new Float32Array(point.subarray(from, to)));
    from = to;
  }
  return parts;
};

const joined = (parts: readonly TensorData['data'][]): Float64Array => {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
};

const modelOf = async (
  point: Float64Array,
  { columns: { centred }, whitening }: PenalisedColumns,
  classes: number,
): Promise<MlpModel> => {
  let from = 0;
  const take = (length: number): Float64Array => {
    from += length;
    return point.slice(from - length, from);
  };
  const u = matrix(centred.columns, HIDDEN, take(centred.columns * HIDDEN));
  return {
    hidden: await whitening.unwhiten(scaled(u, 1 / whitening.interceptScale)),
    thresholds: take(HIDDEN),
    weights: matrix(HIDDEN, classes, take(HIDDEN * classes)),
    intercept: take(classes),
  };
};

/**
 * Normal weights with the variance 2 / inputs, so that the scale of activations is kept through the ReLU, and biases of 0.
 * They depend on the seed and on the shape only. Source: He et al. 2015.
 */
export const heStart = (dimensions: number, classes: number, seed: number): MlpModel => {
  const normal = (rows: number, columns: number, purpose: string): Matrix => {
    const random = openStream(seed, purpose);
    const deviation = Math.sqrt(2 / rows);
    return matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, () => deviation * random.gaussian()),
    );
  };
  return {
    hidden: normal(dimensions, HIDDEN, 'mlp hidden'),
    thresholds: new Float64Array(HIDDEN),
    weights: normal(HIDDEN, classes, 'mlp output'),
    intercept: new Float64Array(classes),
  };
};

/** W^T relu(V^T x + a) of several models for one set, without b. The hidden layers of all models are one product. */
export const mlpScores = async (
  products: Products,
  set: Matrix,
  models: readonly MlpModel[],
): Promise<Scores> => {
  const hidden = await scoresOf(
    products,
    set,
    models.map((model) => ({ weights: model.hidden })),
  );
  const starts: number[] = [];
  let total = 0;
  for (const { intercept } of models) {
    starts.push(total);
    total += intercept.length;
  }
  const scores = matrix(set.rows, total);
  models.forEach((model, k) => {
    addOutputs(scores, starts[k], hidden.scores, hidden.starts[k], model);
  });
  return { scores, starts };
};

/** Adds the outputs of one model, whose columns begin at `to` and those of its units at `from`. */
const addOutputs = (
  scores: Matrix,
  to: number,
  units: Matrix,
  from: number,
  { thresholds, weights }: MlpModel,
): void => {
  const classes = weights.columns;
  for (let i = 0; i < scores.rows; i++) {
    const own = i * scores.columns + to;
    for (let j = 0; j < HIDDEN; j++) {
      const unit = units.data[i * units.columns + from + j] + thresholds[j];
      if (unit <= 0) continue;
      for (let k = 0; k < classes; k++) scores.data[own + k] += unit * weights.data[j * classes + k];
    }
  }
};
