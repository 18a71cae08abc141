import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** What a loss reads besides the output of the model. */
export interface LossBatch {
  /** Samples, not rows: the output has `views` rows per sample. */
  readonly batchSize: number;
  /** int32 [batchSize], when the loss needs labels. */
  readonly labels?: Tensor;
}

/** A training objective on the last layer's output [views * batchSize, dimensions], first views first. */
export interface Loss {
  readonly views: 1 | 2;
  readonly needsLabels: boolean;
  /** The factor that is the training label. */
  readonly label: string | null;
  value(output: Tensor, batch: LossBatch): Scalar;
}
