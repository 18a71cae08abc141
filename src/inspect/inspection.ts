import type { Experiment } from '../experiment/index.ts';
import type { Analysis, OnProgress } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { Source, ViewSizes } from '../sources/index.ts';
import type { Products } from './algebra/products.ts';
import type { FoundSoFar } from './foundSoFar.ts';
import type { LayerMoments } from './wholeMoments.ts';

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
  /** Keeps what is found until everything is. */
  readonly found?: FoundSoFar | null;
}

/** What analyses of samples and of exact moments work with. */
export interface Inspection extends Omit<InspectOptions, 'views' | 'untrained'> {
  readonly products: Products;
  readonly views: ViewSizes;
  readonly untrained: boolean;
  /** As in the document. */
  readonly dataHash: string;
  /** By layer, the moments of the whole test split, where the splits are sampled. */
  readonly moments: ReadonlyMap<string, LayerMoments>;
}

/** The part of the document that is measured. */
export type Findings = Pick<Analysis, 'definitions' | 'layers' | 'untrained' | 'similarity'>;
