import type { LabelledSet, Population } from '../data/index.ts';
import type { Analysis, LayerAnalysis, LayerInfo } from '../protocol/index.ts';
import type { TensorData } from '../runtime/index.ts';
import type { Matrix } from '../spectrum/index.ts';
import type { Representation, Representations } from './representation.ts';

/** A point where the representation is read, and how it becomes a vector. */
export interface SourceLayer {
  readonly name: string;
  readonly part: LayerInfo['part'];
  readonly role: LayerAnalysis['role'];
  /** Length of the vector. */
  readonly dimensions: number;
  /** As in the document. */
  readonly pooling: string;
}

/** Sets of samples that have a representation at every layer. */
export interface SourceSplits {
  readonly train: LabelledSet;
  /** Labelled samples that the encoder has not learnt from; null when there are none apart. */
  readonly validation: LabelledSet | null;
  readonly test: LabelledSet;
  readonly shifts: readonly LabelledSet[];
  /** By name, the tasks with labelled samples of their own. */
  readonly taskData: ReadonlyMap<string, { readonly train: LabelledSet; readonly test: LabelledSet }>;
}

/** The linear classifier that the encoder was trained with. */
export interface Classifier {
  /** [classes, dimensions] */
  readonly weights: Matrix;
  readonly bias: Float64Array;
}

/** How many augmented views are read. */
export interface ViewSizes {
  /** Number of test samples with two views each. */
  readonly pairs: number;
  /** LiDAR: test samples, and views of each (rounded up to whole pairs). */
  readonly objects: number;
  readonly viewsPerObject: number;
}

export const VIEW_SIZES: ViewSizes = { pairs: 2000, objects: 256, viewsPerObject: 8 };

/** Augmented views of test samples at one layer. */
export interface ViewedLayer {
  /** Representations of the two views; row i of both is the same sample. */
  readonly first: Representation;
  readonly second: Representation;
  /** [objects * views, dimensions], the views of one object in consecutive rows. */
  readonly objects: Representation;
  readonly viewsPerObject: number;
}

/** Reads some layers of a source. */
export interface SourceReader {
  /** Samples to ask for at a time. */
  readonly chunk: number;
  /** Samples `from` up to `to` of a set of the source at every layer, in float32. */
  read(set: LabelledSet, from: number, to: number): Promise<Representations>;
  /** Null for a source without a second view of its samples. */
  views(sizes: ViewSizes, signal?: AbortSignal): Promise<ReadonlyMap<string, ViewedLayer> | null>;
  /** Of a source of exact moments: the layers for such inputs, [inputs, features]. */
  readInputs(x: TensorData): Promise<Representations>;
  dispose(): Promise<void>;
}

/** What stands for samples where moments are exact. */
export interface ExactMoments {
  readonly population: Population;
  /** Through which layers moments are propagated: linear ones, or those that act on each coordinate by itself. */
  readonly kind: 'linear' | 'diagonal';
  /** Of a diagonal network: the atoms of both views. */
  readonly atoms: { readonly first: TensorData; readonly second: TensorData } | null;
}

/** What is known of a source before it is measured. */
export interface Examination {
  /** SHA-256 of the samples, hexadecimal. */
  readonly hash: string;
  /** By name, why a layer is left out. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/** How far the examination of a source has come, and what it has found. */
export interface ExaminationState {
  /** Samples that were read. */
  readonly samples: number;
  /** SHA-256 of what was read, in parts. */
  readonly digests: readonly string[];
  /** By layer, the values that are no numbers: the first, its sample, and how many. */
  readonly unusual: readonly (readonly [layer: string, value: string, sample: number, count: number])[];
}

export interface ExamineOptions {
  readonly signal?: AbortSignal;
  /** Where an earlier examination ended. */
  readonly from?: ExaminationState | null;
  /** Called with the rows of the test split, all of them and in order, for a source whose splits are sampled. */
  readonly onTest?: (layer: string, rows: Representation) => Promise<void>;
  /** Called now and then, when everything that was read is in the state. */
  readonly onState?: (state: ExaminationState, samples: number) => Promise<void>;
}

/** Of a source with splits that are too large to be held: a seeded part of them is. */
export interface Sampled {
  /** By name, the sizes of the whole splits. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Where representations come from. An inspection asks no more than this, and does not know which kind it is. */
export interface Source {
  /** As the analysis names it. */
  readonly name: string;
  readonly seed: number;
  /** How far it was trained. */
  readonly epoch: number;
  readonly step: number;
  /** In order from the input. */
  readonly layers: readonly SourceLayer[];
  /** What gains are relative to; it need not be among the layers. */
  readonly input: SourceLayer;
  readonly splits: SourceSplits;
  /** What factors are: attributes of samples, or the coordinates that they are made of. */
  readonly factorSource: 'factor' | 'coordinate';
  /** Null when the splits are whole. */
  readonly sampled: Sampled | null;
  /** The factor that the encoder was trained to predict, or to tell apart. */
  readonly trainingLabel: string | null;
  /** Whether the head only rescales its dimensions, which standardising would undo. */
  readonly isRescaled: boolean;
  /** In place of samples. */
  readonly exact: ExactMoments | null;
  /** The feature weights that theory predicts for it. */
  readonly expected: Pick<Analysis, 'theory' | 'noTheory'>;
  /**
   * Before layers are read: what they are identified by, and which of them cannot be measured.
   * @throws Fault (input) if none can.
   */
  examine(options?: ExamineOptions): Promise<Examination>;
  /** What differs when the samples may be others, before any is read; null when that is not known. */
  readonly stamp: string | null;
  /** The classifier that reads this layer. */
  classifierOf(layer: string): Classifier | null;
  /** How many samples of one set are, value for value, also in another. */
  repeated(of: LabelledSet, another: LabelledSet): Promise<number>;
  open(layers: readonly SourceLayer[]): Promise<SourceReader>;
  /** Whether layers that are opened one by one take no longer than all together. */
  readonly isReadApart: boolean;
  /** The same with the parameters that training began with; null when they are not known. */
  readonly openUntrained: ((layers: readonly SourceLayer[]) => Promise<SourceReader>) | null;
  /** Whether that costs little beside what the training took. */
  readonly isUntrainedCheap: boolean;
}
