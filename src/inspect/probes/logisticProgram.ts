import * as tf from '@tensorflow/tfjs-core';
import { type Backend, float32, float64, type Program, type TensorData } from '../../runtime/index.ts';
import type { FitTask } from './fitTasks.ts';
import type { Evaluated } from './lbfgs.ts';
import type { FitColumns, Whitening } from './whitening.ts';

/** float32 is twice as fast, and exact enough for `tolerance` from about 1e-5. */
export type Precision = 'float32' | 'float64';

/** Two classes have one logit, that of the second against the first. */
export const logitsOf = (classes: number): number => (classes === 2 ? 1 : classes);

/** Columns with the penalty of one C. */
export interface PenalisedColumns {
  readonly columns: FitColumns;
  readonly c: number;
  readonly whitening: Whitening;
}

/** Evaluates losses and gradients of several fits on the same columns at once; a point is [u, b] of one fit. */
export interface LogisticProgram {
  evaluate(
    points: ReadonlyMap<number, Float64Array>,
    penalised: PenalisedColumns,
  ): Promise<ReadonlyMap<number, Evaluated>>;
  dispose(): Promise<void>;
}

/** Compiled when it is first needed, and again only for a whitening of another form. */
export const logisticProgram = (
  backend: Backend,
  { centred, narrow: single }: FitColumns,
  tasks: readonly FitTask[],
  precision: Precision,
): LogisticProgram => {
  const columns = logitColumns(tasks);
  const { rows, columns: dimensions } = centred;
  const tensor = precision === 'float64' ? float64 : narrow;
  const u = tensor([dimensions, columns.total], new Float64Array(dimensions * columns.total));
  const b = tensor([1, columns.total], new Float64Array(columns.total));
  const fixed: Record<string, TensorData> = {
    x:
      precision === 'float64'
        ? float64([rows, dimensions], centred.data)
        : float32([rows, dimensions], single),
    u,
    b,
    ...labelFeeds(tasks, columns.blocks, rows, tensor),
  };
  const compile = async (penalised: PenalisedColumns): Promise<Compiled> => {
    const { inverse } = penalised.whitening;
    const feeds = {
      ...fixed,
      inverse: tensor([inverse.rows, inverse.columns], inverse.data),
      strength: tensor([1, 1], Float64Array.of(1 / penalised.c)),
    };
    const isSameForm = compiled !== null && compiled.feeds.inverse.shape[1] === inverse.columns;
    if (!isSameForm) await compiled?.program.dispose();
    const specs = Object.entries(feeds).map(([name, { shape }]) => [
      name,
      { shape, dtype: 'float32' as const },
    ]);
    const program = isSameForm
      ? compiled!.program
      : await backend.compile(objectiveOf(columns.blocks), Object.fromEntries(specs), {
          precision,
          takesTurns: true,
        });
    return { penalised, feeds, program };
  };
  let compiled: Compiled | null = null;
  return {
    async evaluate(points, penalised) {
      if (compiled?.penalised !== penalised) compiled = await compile(penalised);
      const { feeds, program } = compiled;
      const { interceptScale } = penalised.whitening;
      const rescaled = (intercepts: Float64Array) => intercepts.map((value) => value * interceptScale);
      for (const [k, point] of points) {
        const split = dimensions * columns.counts[k];
        columns.place(u.data, k, point.subarray(0, split));
        columns.place(b.data, k, rescaled(point.subarray(split)));
      }
      const results = await program.run(feeds);
      return new Map(
        [...points].map(([k, { length }]) => {
          const gradient = new Float64Array(length);
          const split = dimensions * columns.counts[k];
          gradient.set(columns.pick(results.gradient.data, k));
          gradient.set(rescaled(columns.pick(results.interceptGradient.data, k)), split);
          return [k, { value: results.losses.data[columns.order[k]], gradient }];
        }),
      );
    },
    dispose: async () => compiled?.program.dispose(),
  };
};

/** A program with the feeds of one penalty. */
interface Compiled {
  readonly penalised: PenalisedColumns;
  readonly feeds: Readonly<Record<string, TensorData>>;
  readonly program: Program;
}

type ToTensor = (shape: readonly number[], values: Float64Array) => TensorData;

const narrow: ToTensor = (shape, values) => float32(shape, Float32Array.from(values));

/** Fits with the same number of logits, which are computed as one tensor. */
interface Block {
  readonly fits: readonly number[];
  readonly logits: number;
  /** Its first column. */
  readonly start: number;
}

/** The logits of all fits are columns of one matrix, so that two products serve all of them. */
interface LogitColumns {
  readonly total: number;
  readonly blocks: readonly Block[];
  /** The number of columns of each fit, and its place in the order of the blocks. */
  readonly counts: readonly number[];
  readonly order: readonly number[];
  /** Writes the columns of fit k, rows x counts[k], into those of all fits. */
  place(all: TensorData['data'], k: number, own: Float64Array): void;
  pick(all: TensorData['data'], k: number): Float64Array;
}

const logitColumns = (tasks: readonly FitTask[]): LogitColumns => {
  const counts = tasks.map(({ classes }) => logitsOf(classes));
  const starts = new Array<number>(tasks.length);
  const order = new Array<number>(tasks.length);
  const blocks: Block[] = [];
  let [total, placed] = [0, 0];
  for (const logits of new Set(counts)) {
    const fits = counts.flatMap((count, k) => (count === logits ? [k] : []));
    blocks.push({ fits, logits, start: total });
    for (const k of fits) {
      starts[k] = total;
      order[k] = placed++;
      total += logits;
    }
  }
  return {
    total,
    blocks,
    counts,
    order,
    place(all, k, own) {
      const count = counts[k];
      for (let from = 0, to = starts[k]; from < own.length; from += count, to += total) {
        for (let at = 0; at < count; at++) all[to + at] = own[from + at];
      }
    },
    pick(all, k) {
      const count = counts[k];
      const own = new Float64Array((all.length / total) * count);
      for (let to = 0, from = starts[k]; to < own.length; from += total, to += count) {
        for (let at = 0; at < count; at++) own[to + at] = all[from + at];
      }
      return own;
    },
  };
};

/** Targets of every block as [samples, fits, classes], times the weights, and these where some differ from 1. */
const labelFeeds = (
  tasks: readonly FitTask[],
  blocks: readonly Block[],
  samples: number,
  tensor: ToTensor,
): Record<string, TensorData> =>
  Object.fromEntries(
    blocks.flatMap(({ fits }, index) => {
      const { classes } = tasks[fits[0]];
      const target = new Float64Array(samples * fits.length * classes);
      const weight = new Float64Array(samples * fits.length).fill(1);
      fits.forEach((k, at) => {
        const { labels, weights: own } = tasks[k];
        for (let i = 0; i < samples; i++) {
          const row = i * fits.length + at;
          if (own !== null) weight[row] = own[i];
          target[row * classes + labels[i]] = weight[row];
        }
      });
      const all = fits.every((k) => tasks[k].weights === null);
      return [
        [`target${index}`, tensor([samples, fits.length, classes], target)],
        ...(all ? [] : [[`weight${index}`, tensor([samples, fits.length, 1], weight)]]),
      ];
    }),
  );

/** In whitened coordinates: W = L^-T u, and the gradient along u is L^-1 times that along W. `strength` is 1 / C. */
const objectiveOf = (blocks: readonly Block[]) => (inputs: Record<string, tf.Tensor>) => {
  const { x, u, b, inverse, strength } = inputs as Record<string, tf.Tensor2D>;
  // One dimension has a 1 x 1 inverse, for which both are the same.
  const diagonal = inverse.shape[1] === 1;
  const w = (diagonal ? tf.mul(inverse, u) : tf.matMul(inverse, u, true)) as tf.Tensor2D;
  const scores = tf.add(tf.matMul(x, w), b) as tf.Tensor2D;
  const penalised = tf.mul(w, strength) as tf.Tensor2D;
  const penalties = tf.mul(tf.sum(tf.mul(w, penalised), 0, true), 0.5) as tf.Tensor2D;
  const samples = x.shape[0];
  const found = blocks.map(({ fits, logits, start }, index) => {
    const columns = fits.length * logits;
    const own = tf.slice2d(scores, [0, start], [samples, columns]);
    const { losses, residual } = likelihood(
      tf.reshape(own, [samples, fits.length, logits]) as tf.Tensor3D,
      inputs[`target${index}`] as tf.Tensor3D,
      inputs[`weight${index}`] as tf.Tensor3D | undefined,
    );
    const ownPenalties = tf.sum(
      tf.reshape(tf.slice2d(penalties, [0, start], [1, columns]), [fits.length, logits]),
      1,
    );
    return {
      losses: tf.add(losses, ownPenalties) as tf.Tensor1D,
      residual: tf.reshape(residual, [samples, columns]) as tf.Tensor2D,
    };
  });
  const residuals = found.map(({ residual }) => residual);
  const residual = residuals.length === 1 ? residuals[0] : tf.concat2d(residuals, 1);
  const gradient = tf.add(tf.matMul(x, residual, true, false), penalised) as tf.Tensor2D;
  return {
    losses: found.length === 1 ? found[0].losses : tf.concat1d(found.map(({ losses }) => losses)),
    gradient: diagonal ? tf.mul(inverse, gradient) : tf.matMul(inverse, gradient),
    interceptGradient: tf.sum(residual, 0, true),
  };
};

/**
 * -sum_i weight_i ln softmax(scores_i)[y_i] of every fit, and the residual weight (softmax - target) on the existing logits.
 * `target` is already times the weight.
 */
const likelihood = (scores: tf.Tensor3D, target: tf.Tensor3D, weight: tf.Tensor3D | undefined) => {
  const weighted = (values: tf.Tensor3D): tf.Tensor3D =>
    weight === undefined ? values : tf.mul(values, weight);
  const single = scores.shape[2] === 1;
  const logits = single ? tf.concat3d([tf.zerosLike(scores), scores], 2) : scores;
  const normaliser = tf.logSumExp(logits, 2, true) as tf.Tensor3D;
  const residual = tf.sub(weighted(tf.exp(tf.sub(logits, normaliser))), target) as tf.Tensor3D;
  const explained = tf.sum(tf.mul(logits, target), 2, true) as tf.Tensor3D;
  return {
    losses: tf.reshape(tf.sum(tf.sub(weighted(normaliser), explained), 0), [scores.shape[1]]),
    residual: single ? tf.slice3d(residual, [0, 0, 1], [-1, -1, 1]) : residual,
  };
};
