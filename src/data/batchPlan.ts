import type { AugmentationSpec } from '../experiment/index.ts';
import { openStream } from './random.ts';
import { type SampleStore, sampleLength } from './sampleStore.ts';
import { drawView, operationsOfView } from './view.ts';

/** Everything that determines the views of a run, as plain values that can be sent to a worker thread. */
export interface BatchPlan {
  readonly seed: number;
  readonly store: SampleStore;
  readonly augmentation: readonly AugmentationSpec[];
  readonly views: 1 | 2;
}

export interface BatchTask {
  readonly plan: BatchPlan;
  readonly epoch: number;
  readonly samples: Int32Array;
}

/**
 * The views of some samples, view-major: [views * samples, ...shape]. The random numbers of a view are addressed by
 * (seed, epoch, sample, view), so it does not matter where or in which batch it is made.
 */
export const makeViews = ({ plan, epoch, samples }: BatchTask): Float32Array => {
  const length = sampleLength(plan.store.shape);
  const values = new Float32Array(plan.views * samples.length * length);
  for (let view = 0; view < plan.views; view++) {
    const operations = operationsOfView(plan.augmentation, view);
    samples.forEach((sample, row) => {
      const random = openStream(plan.seed, 'view', epoch, sample, view);
      values.set(drawView(plan.store, operations, sample, random), (view * samples.length + row) * length);
    });
  }
  return values;
};
