import type { Measure } from './analysis.ts';
import type { FilePart } from './filePart.ts';
import type { WeightMeasure } from './weightMeasures.ts';

/** How a convolution's kernel becomes a matrix: outputs x (inputs * positions), or one matrix for each position. */
export type ConvolutionView = 'reshape' | 'slices';

/** What a weight matrix does in the model, as far as its name and shape show. */
export type LayerKind = 'dense' | 'convolution' | 'embedding' | 'attention' | 'recurrent';

/** A weight matrix of a checkpoint: a tensor, or a part of one. */
export interface WeightLayer {
  /** The tensor's name, with the part in brackets if there are several: `attn.in_proj_weight[q]`. */
  readonly name: string;
  readonly tensor: string;
  readonly kind: LayerKind;
  /** Shape of the whole tensor. */
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly matrix: readonly [rows: number, columns: number];
  /** How many matrices of that size: the positions of a convolution seen as slices, else 1. */
  readonly slices: number;
  readonly parameters: number;
  /** Path of the block it belongs to (`encoder.layer.3`), and the same with the counter replaced (`encoder.layer.*`). */
  readonly block: string;
  readonly repeated: string | null;
  /** Why its matrix is not the one that the model multiplies with, if it is not. */
  readonly note?: string;
}

/** A bias, a norm's gain or another tensor of one dimension. */
export interface WeightVector {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly parameters: number;
}

/** A tensor that is not analysed, and why. */
export interface SkippedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly reason: string;
}

/** A checkpoint as its header describes it: no tensor was read. */
export interface CheckpointSummary {
  readonly file: string;
  /** The files that it is read from, itself first, each with its version. */
  readonly parts: readonly FilePart[];
  /** Identifies the versions of all these files together. */
  readonly version: string;
  readonly format: string;
  /** Size of all these files together; a missing one counts nothing. */
  readonly bytes: number;
  /** Parameters of the model, tied ones counted once; without optimiser state. */
  readonly parameters: number;
  readonly layers: readonly WeightLayer[];
  readonly vectors: readonly WeightVector[];
  readonly skipped: readonly SkippedTensor[];
  /** What prevents weights from being analysed, one line per cause: packed integers, quantisations that are not read. */
  readonly warnings: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What each measure of a layer's spectrum is, in one line. */
  readonly definitions: Readonly<Record<WeightMeasure, string>>;
}

/**
 * Statistics of the values of a tensor, or of the part of it that is a layer. Shares refer to all values;
 * moments to the finite ones.
 */
export interface ValueStatistics {
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zero: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Population standard deviation. */
  readonly standardDeviation: number | null;
}

/** Counts over the entries of a layer, by rows and columns of all its matrices together. */
export interface EntryCounts {
  readonly rows: number;
  readonly columns: number;
  /** Rows that hold only zeros. */
  readonly zeroRows: number;
  readonly zeroColumns: number;
  /** Equal for the same values in the same order, and practically never for others. */
  readonly fingerprint: string;
}

/** The spectrum of one weight layer. */
export interface LayerSpectrum {
  readonly layer: string;
  /** An estimate has the largest values and an error bound; the exact spectrum can be requested. */
  readonly method: 'exact' | 'estimate';
  /** Descending. All of them when exact (for slices, those of all slices together), the largest few for an estimate. */
  readonly singularValues: readonly number[];
  /** For an estimate: error bounds of each given value, and of the distribution function of all. */
  readonly error: { readonly values: readonly number[]; readonly distribution: number } | null;
  /** Estimate only: points (sigma, share of values at or below it) of the whole distribution. */
  readonly distribution: readonly (readonly [sigma: number, share: number])[] | null;
  /** Singular values of the matrix with its entries in random order; descending. Exact only. */
  readonly shuffled: readonly number[] | null;
  readonly metrics: Readonly<Partial<Record<WeightMeasure, Measure>>>;
  readonly statistics: ValueStatistics;
  readonly entries: EntryCounts;
}
