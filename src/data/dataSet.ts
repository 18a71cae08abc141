import type { TensorData } from '../runtime/index.ts';

/** A known attribute of every sample: label, superclass, digit, background, group, synthetic coordinate. */
export type Factor =
  | {
      readonly name: string;
      readonly kind: 'categorical';
      readonly values: Int32Array;
      readonly classes: readonly string[];
    }
  | { readonly name: string; readonly kind: 'continuous'; readonly values: Float64Array };

/** What is known of the samples of a split, besides their values. */
export interface LabelledSet {
  /** `train`, `validation`, `test`, or the name of a shift. */
  readonly name: string;
  readonly size: number;
  readonly factors: readonly Factor[];
}

/** One split of a data set, in memory. */
export interface DataSet extends LabelledSet {
  /** One sample: [features], or [height, width, channels] with values in [0, 1]. */
  readonly shape: readonly number[];
  /** Samples `from` up to `to` without augmentation, as a [to - from, ...shape] tensor. */
  read(from: number, to: number): TensorData;
}

/**
 * Exact moments instead of samples: for independent factors, everything that the spectral loss needs.
 * `directions` is V, row j = v_j. Feature weights are gains along v_j.
 */
export interface Population {
  readonly strengths: Float64Array;
  /** V as [features, features], row-major, row j = v_j. */
  readonly directions: Float64Array;
  /** A_j = E[x x+] along v_j, over both views. */
  readonly positiveMoment: Float64Array;
  /** E[x x] along v_j in the first and in the second view, and B_j, the mean of both. */
  readonly viewMoments: readonly [first: Float64Array, second: Float64Array];
  readonly secondMoment: Float64Array;
  /**
   * Joint atoms of (h_j, view 1, view 2) for every coordinate: [atoms, features] each, with their probabilities
   * (columns sum to 1). Null when the distribution has no finite support (Gaussian factors or noise).
   */
  readonly atoms: {
    readonly count: number;
    readonly factor: Float64Array;
    readonly first: Float64Array;
    readonly second: Float64Array;
    readonly probability: Float64Array;
  } | null;
}

/** Labelled samples of a task, which the encoder was not trained on, and samples to report on. */
export interface TaskData {
  readonly train: DataSet;
  readonly test: DataSet;
}

export interface Data {
  readonly train: DataSet;
  /** Labelled samples that the encoder is not trained on; null when none are held out. */
  readonly validation: DataSet | null;
  readonly test: DataSet;
  /** Shifted test sets, named after `shifts` of the experiment. */
  readonly shifts: readonly DataSet[];
  /** By name, the tasks with labelled samples of their own. */
  readonly taskData: ReadonlyMap<string, TaskData>;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** SHA-256 of the content that the run depends on, hexadecimal. */
  readonly hash: string;
  /** Present for synthetic data with `sampling: population`; then train and test have no samples (size 0). */
  readonly population: Population | null;
}

/** The inputs of one training step, by name. */
export interface Batch {
  /** [views * batch, ...shape], view-major: all first views, then all second views. Row i and row batch + i are a pair. */
  readonly x: TensorData;
  /** int32 [batch]: the training label, when the loss has one. */
  readonly labels?: TensorData;
}

/**
 * Training batches. Batch `step` of `epoch` depends only on the seed, the epoch and the step, so a resumed run sees
 * the same batches as an uninterrupted one. Made on worker threads in advance.
 */
export interface BatchSource {
  readonly stepsPerEpoch: number;
  batch(epoch: number, step: number): Promise<Batch>;
  close(): Promise<void>;
}
