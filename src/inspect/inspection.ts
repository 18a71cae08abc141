import type { Experiment } from '../experiment/index.ts';
import type { Analysis, OnProgress } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { Source, ViewSizes } from '../sources/index.ts';
import type { Products } from './algebra/products.ts';

/** What is asked about a source, besides its layers. */
export type Asked = Pick<Experiment, 'downstream' | 'probes' | 'groups'>;

export interface InspectOptions {
  readonly source: Source;
  readonly asked: Asked;
  readonly backend: Backend;
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
  readonly products: Products;
  readonly views: ViewSizes;
  readonly untrained: boolean;
}

/** The part of the document that is measured. */
export type Findings = Pick<Analysis, 'definitions' | 'layers' | 'untrained' | 'similarity'>;
