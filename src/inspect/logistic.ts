import * as tf from '@tensorflow/tfjs-core';
import { type Backend, float64, type Program, type TensorData } from '../runtime/index.ts';
import { minimise, type Objective } from './lbfgs.ts';
import { type DoubleMatrix, type Matrix, matrix } from './matrix.ts';
import type { Products } from './products.ts';
import { type Whitening, whiten } from './whitening.ts';

/**
 * Multinomial logistic regression as scikit-learn's `LogisticRegression(C=1)`:
 *   minimise  sum_i -ln softmax(W^T x_i + b)[y_i]  +  1/2 ||W||^2,   b not penalised.
 * Two classes have a single weight vector (the logit of the second against the first).
 */
export interface LogisticModel {
  /** W as [dimensions, logits]; logits = classes, or 1 for two classes. */
  readonly weights: DoubleMatrix;
  readonly intercept: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface LogisticOptions {
  /**
   * Ends the fit when the mean loss is estimated to be no further than this above its minimum: half the squared length of
   * the gradient in coordinates where the Hessian at the start is the identity, over the samples.
   */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly signal?: AbortSignal;
}

export const LOGISTIC_DEFAULTS: LogisticOptions = { tolerance: 1e-7, maxIterations: 300 };

const logitsOf = (classes: number): number => (classes === 2 ? 1 : classes);

/**
 * Loss and gradients at weights u and intercept b, in whitened coordinates: x holds X L^-T, and the penalty 1/2 ||W||^2 of
 * W = L^-T u is 1/2 u . M u.
 */
const objectiveOf = (single: boolean, diagonal: boolean) => (inputs: Record<string, tf.Tensor>) => {
  const { x, target, u, b, penalty } = inputs as Record<string, tf.Tensor2D>;
  const scores = tf.add(tf.matMul(x, u), b) as tf.Tensor2D;
  const logits = single ? tf.concat2d([tf.zerosLike(scores), scores], 1) : scores;
  const normaliser = tf.logSumExp(logits, 1, true);
  const residual = tf.sub(tf.exp(tf.sub(logits, normaliser)), target) as tf.Tensor2D;
  const shown = single ? tf.slice2d(residual, [0, 1], [x.shape[0], 1]) : residual;
  const penalised = diagonal ? tf.mul(penalty, u) : tf.matMul(penalty, u);
  const likelihood = tf.sub(tf.sum(normaliser), tf.sum(tf.mul(logits, target)));
  return {
    loss: tf.add(likelihood, tf.mul(tf.sum(tf.mul(u, penalised)), 0.5)),
    gradient: tf.add(tf.matMul(x, shown, true, false), penalised),
    interceptGradient: tf.sum(shown, 0, true),
  };
};

const oneHot = (labels: Int32Array, classes: number): TensorData => {
  const data = new Float64Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) data[i * classes + labels[i]] = 1;
  return float64([labels.length, classes], data);
};

/**
 * Fits probes on one set of centred columns. The whitened columns are held once; every fit (another task, shuffled
 * labels) reuses them and the compiled objective of its number of classes.
 */
export class LogisticFitter {
  private readonly programs = new Map<number, Promise<Program>>();
  private readonly samples: number;
  private readonly columns: number;
  private readonly x: TensorData;

  private constructor(
    private readonly backend: Backend,
    private readonly products: Products,
    private readonly whitening: Whitening,
  ) {
    const { rows, columns, data } = whitening.whitened;
    this.samples = rows;
    this.columns = columns;
    this.x = float64([rows, columns], data);
  }

  /** `centred`: samples x dimensions with column means 0. */
  static async open(backend: Backend, products: Products, centred: Matrix): Promise<LogisticFitter> {
    return new LogisticFitter(backend, products, await whiten(products, centred));
  }

  /** `labels` in 0 .. classes - 1, every class present. */
  async fit(
    labels: Int32Array,
    classes: number,
    options: LogisticOptions = LOGISTIC_DEFAULTS,
  ): Promise<LogisticModel> {
    const logits = logitsOf(classes);
    const split = this.columns * logits;
    const start = new Float64Array(split + logits);
    const { point, iterations, converged } = await minimise(await this.objective(labels, classes), start, {
      gradientTolerance: Math.sqrt(2 * options.tolerance * this.samples),
      maxIterations: options.maxIterations,
      signal: options.signal,
    });
    const scale = this.interceptScale();
    const { unwhiten } = this.whitening;
    return {
      weights: await unwhiten(this.products, matrix(this.columns, logits, point.slice(0, split))),
      intercept: point.slice(split).map((value) => value * scale),
      iterations,
      converged,
    };
  }

  async dispose(): Promise<void> {
    for (const program of this.programs.values()) await (await program).dispose();
    this.programs.clear();
  }

  /** Brings the curvature along the intercept to 1 as well. */
  private interceptScale(): number {
    return 1 / Math.sqrt(this.whitening.curvature * this.samples);
  }

  private async objective(labels: Int32Array, classes: number): Promise<Objective> {
    const logits = logitsOf(classes);
    const split = this.columns * logits;
    const program = await this.program(classes);
    const scale = this.interceptScale();
    const fixed = { x: this.x, target: oneHot(labels, classes), penalty: this.whitening.penalty };
    return async (point) => {
      const { loss, gradient, interceptGradient } = await program.run({
        ...fixed,
        u: float64([this.columns, logits], point.slice(0, split)),
        b: float64(
          [1, logits],
          point.slice(split).map((value) => value * scale),
        ),
      });
      const total = new Float64Array(point.length);
      total.set(gradient.data);
      total.set(
        Float64Array.from(interceptGradient.data, (value) => value * scale),
        split,
      );
      return { value: loss.data[0], gradient: total };
    };
  }

  private program(classes: number): Promise<Program> {
    const logits = logitsOf(classes);
    const { penalty } = this.whitening;
    let program = this.programs.get(classes);
    if (program === undefined) {
      const shapes = {
        x: this.x.shape,
        target: [this.samples, classes],
        u: [this.columns, logits],
        b: [1, logits],
        penalty: penalty.shape,
      };
      const inputs = Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: 'float32' }]);
      const diagonal = penalty.shape[1] === 1;
      program = this.backend.compile(objectiveOf(logits === 1, diagonal), Object.fromEntries(inputs), {
        precision: 'float64',
      });
      this.programs.set(classes, program);
    }
    return program;
  }
}

/** The most probable class of every row of `scores` = X W (without the intercept). */
export const predictClasses = (scores: Matrix, intercept: Float64Array): Int32Array => {
  const predictions = new Int32Array(scores.rows);
  for (let i = 0; i < scores.rows; i++) {
    const score = (k: number) => scores.data[i * scores.columns + k] + intercept[k];
    if (scores.columns === 1) {
      predictions[i] = score(0) > 0 ? 1 : 0;
      continue;
    }
    let best = 0;
    for (let k = 1; k < scores.columns; k++) if (score(k) > score(best)) best = k;
    predictions[i] = best;
  }
  return predictions;
};
