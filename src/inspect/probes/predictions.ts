import type { Backend } from '../../runtime/index.ts';
import type { Representation } from '../../sources/index.ts';
import type { Products } from '../algebra/products.ts';
import type { ProbeTask } from './task.ts';

/** Representations of one layer: the training split and, in the order of `ProbeTask.sets`, every test set. */
export interface LayerSplits {
  readonly train: Representation;
  /** Null when no samples were held out of training. */
  readonly validation: Representation | null;
  readonly tests: readonly Representation[];
}

export interface ProbeContext {
  readonly backend: Backend;
  readonly products: Products;
  readonly signal?: AbortSignal;
}

/** Independent fits, each of which predicts a part of the samples. */
interface Draws {
  readonly count: number;
  readonly ofRanked: (sample: number) => number;
  readonly ofTest: (sample: number) => number;
}

/** What the probes of one task and method predict at a layer. */
export interface Predictions {
  /** By test set, by a probe that was fitted on the training split. */
  readonly bySet: readonly Int32Array[];
  /** Of the samples that layers are ranked by; null when there are none. */
  readonly ranked: Int32Array | null;
  /** -log2 of the probability of each of their labels, in bits; null for a probe without probabilities. */
  readonly losses: Float64Array | null;
  /** On the first test set, by probes that were fitted on shuffled labels. */
  readonly shuffled: readonly Int32Array[];
  /** Of a probe that is fitted on several draws of labelled samples: which one predicts a sample. */
  readonly draws?: Draws;
  /** C that was chosen by the ranked samples; null for a probe without one. */
  readonly c: number | null;
  readonly note?: string;
}

/** One way to probe: all tasks on the same representations. */
export type ProbeMethodOf = (
  splits: LayerSplits,
  tasks: readonly ProbeTask[],
  context: ProbeContext,
) => Promise<Predictions[]>;
