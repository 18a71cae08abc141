import type { Data } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import type { Model } from '../model/index.ts';
import type { Analysis, OnProgress } from '../protocol/index.ts';
import type { Backend, TensorData } from '../runtime/index.ts';
import type { Products } from './algebra/products.ts';
import type { TappedLayer } from './tappedLayer.ts';
import type { ViewSizes } from './views/views.ts';

export interface InspectOptions {
  readonly experiment: Experiment;
  readonly data: Data;
  readonly model: Model;
  /** Every variable of the model, by name. */
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly backend: Backend;
  /** The point of the training from which these variables are. */
  readonly epoch: number;
  readonly step: number;
  readonly onProgress?: OnProgress;
  /** Checked between chunks and fits; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How many augmented views to make; omitted ones keep the default. */
  readonly views?: Partial<ViewSizes>;
  /** Also probe the layers of an untrained encoder. Default: false. */
  readonly untrained?: boolean;
}

/** What analyses of samples and of exact moments work with. */
export interface Inspection extends Omit<InspectOptions, 'views' | 'untrained'> {
  readonly layers: readonly TappedLayer[];
  readonly products: Products;
  readonly views: ViewSizes;
  readonly untrained: boolean;
}

/** The part of the document that is measured. */
export type Findings = Pick<Analysis, 'definitions' | 'layers' | 'untrained' | 'similarity'>;
