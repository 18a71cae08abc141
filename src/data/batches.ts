import type { Experiment } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import type { TensorData } from '../runtime/index.ts';
import type { BatchPlan } from './batchPlan.ts';
import type { Batch, BatchSource, Data } from './dataSet.ts';
import { categoricalFactor } from './factors.ts';
import { openStream, permutation } from './random.ts';
import { storeOf } from './storedDataSet.ts';
import { defaultWorkers, openViewMaker, type ViewMaker } from './viewMaker.ts';

export interface BatchOptions {
  /** Augmented copies of every sample in a batch. */
  readonly views: 1 | 2;
  /** The factor whose values become `labels`. */
  readonly labelFactor?: string;
  /** Worker threads; 0 makes batches in this thread. Default: none for vectors, for which workers do not pay off. */
  readonly workers?: number;
}

/** Batches prepared in advance: enough to hide one slow batch. */
const AHEAD = 3;

const checkSize = ({ batchSize }: Experiment, size: number): void => {
  if (size === 0) {
    throw inputFault(
      'population holds exact moments and no samples to make batches of',
      '/data/sampling',
      'Set it to "sampled", or use the spectral loss',
    );
  }
  if (batchSize > size) {
    throw inputFault(
      `asks for ${batchSize} samples of a training set of ${size}`,
      '/batchSize',
      `Use at most ${size}`,
    );
  }
};

/** The order of the last requested epoch; successive requests are nearly always for the same one. */
const orderBook = (seed: number, size: number) => {
  let kept: { epoch: number; order: Int32Array } | null = null;
  return (epoch: number): Int32Array => {
    if (kept?.epoch !== epoch) {
      kept = { epoch, order: permutation(size, openStream(seed, 'order', epoch)) };
    }
    return kept.order;
  };
};

/** Prepares a few batches in advance, so that a step rarely waits. */
class Prefetched implements BatchSource {
  readonly stepsPerEpoch: number;
  private readonly pending = new Map<number, Promise<Batch>>();
  private readonly make: (epoch: number, step: number) => Promise<Batch>;
  private readonly maker: Promise<ViewMaker>;
  private readonly last: number;

  constructor(
    stepsPerEpoch: number,
    epochs: number,
    maker: Promise<ViewMaker>,
    make: (epoch: number, step: number) => Promise<Batch>,
  ) {
    this.stepsPerEpoch = stepsPerEpoch;
    this.last = epochs * stepsPerEpoch - 1;
    this.maker = maker;
    this.make = make;
  }

  private start(index: number): Promise<Batch> {
    const started = this.pending.get(index);
    if (started !== undefined) return started;
    const batch = this.make(Math.floor(index / this.stepsPerEpoch), index % this.stepsPerEpoch);
    // A batch prepared in advance may never be requested; its failure is then irrelevant.
    batch.catch(() => {});
    this.pending.set(index, batch);
    return batch;
  }

  async batch(epoch: number, step: number): Promise<Batch> {
    if (step < 0 || step >= this.stepsPerEpoch) {
      throw new RangeError(`step ${step} of ${this.stepsPerEpoch}`);
    }
    const index = epoch * this.stepsPerEpoch + step;
    for (const other of [...this.pending.keys()]) {
      if (other < index || other > index + AHEAD) this.pending.delete(other);
    }
    const batch = this.start(index);
    // In this thread, preparing batches in advance gains nothing.
    const ahead = (await this.maker).workers === 0 ? 0 : AHEAD;
    for (let next = index + 1; next <= Math.min(index + ahead, this.last); next++) this.start(next);
    this.pending.delete(index);
    return batch;
  }

  async close(): Promise<void> {
    this.pending.clear();
    await (await this.maker).close();
  }
}

/**
 * Training batches over the training set in a fresh seeded order each epoch; the samples that do not fill a last batch
 * are left out of the epoch. Epochs and steps count from 0.
 * @throws Fault at `/batchSize` (larger than the training set) or `/loss/label` (unknown or continuous factor).
 */
export const openBatches = (experiment: Experiment, data: Data, options: BatchOptions): BatchSource => {
  const { seed, batchSize, augmentation, epochs } = experiment;
  const { train } = data;
  checkSize(experiment, train.size);
  const store = storeOf(train);
  const label =
    options.labelFactor === undefined ? null : categoricalFactor(train, options.labelFactor, '/loss/label');

  const plan: BatchPlan = { seed, store, augmentation, views: options.views };
  const maker = openViewMaker(options.workers ?? (train.shape.length === 3 ? defaultWorkers() : 0));
  const orderOf = orderBook(seed, train.size);
  const make = async (epoch: number, step: number): Promise<Batch> => {
    const samples = orderOf(epoch).slice(step * batchSize, (step + 1) * batchSize);
    const values = await (await maker).make({ plan, epoch, samples });
    const shape = [options.views * batchSize, ...train.shape];
    const x: TensorData = { dtype: 'float32', shape, data: values };
    if (label === null) return { x };
    const labels = samples.map((sample) => label.values[sample]);
    return { x, labels: { dtype: 'int32', shape: [batchSize], data: labels } };
  };
  return new Prefetched(Math.floor(train.size / batchSize), epochs, maker, make);
};
