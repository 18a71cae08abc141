import type { CheckpointSummary, ConvolutionView, LayerKind, LayerSpectrum } from './checkpoint.ts';
import type { TensorValues } from './health.ts';
import type { Notification, Request } from './panels.ts';
import type { WeightMeasure } from './weightMeasures.ts';

/** What the depth profile shows, the figure of one measure over all layers. */
export interface ProfileState {
  readonly open: boolean;
  /** Null for the usual one of the checkpoint. */
  readonly measure: WeightMeasure | null;
  /** Null for the usual scale of the measure. */
  readonly log: boolean | null;
}

/** What the page of a checkpoint keeps across a reload. */
export interface CheckpointPageState {
  readonly version: 1;
  /** URIs of the checkpoint, and of the one it is compared with. */
  readonly files: readonly string[];
  readonly layer: string | null;
  /** Part of the names of the layers that are shown; empty for all. */
  readonly filter: string;
  /** The kind of the layers that are shown; null for all. */
  readonly kind: LayerKind | null;
  /** Whether only layers with an error or a warning are shown. */
  readonly warned: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  readonly grouped: boolean;
  /** Ids of the columns beside the name; null for the usual ones. */
  readonly columns: readonly string[] | null;
  readonly profile: ProfileState;
  readonly convolution: ConvolutionView;
}

/** A checkpoint, and the other one when two are compared; or why there is nothing to show, in one line. */
export type CheckpointPageContent =
  | {
      readonly kind: 'checkpoints';
      readonly checkpoints: readonly {
        readonly uri: string;
        readonly name: string;
        readonly summary: CheckpointSummary;
      }[];
      /** Counts the versions of the files: spectra of an older version do not belong to these checkpoints. */
      readonly version: number;
      /** Shown above the table: the file changed and cannot be read at the moment, so the last version is shown. */
      readonly notice: string | null;
      /** The layer that the page was opened for; without it the page stays where it was. */
      readonly layer?: string;
      /** Printed form of each measure. */
      readonly definitions?: Readonly<Partial<Record<WeightMeasure, string>>>;
    }
  | { readonly kind: 'nothing'; readonly message: string };

/** A spectrum that arrived, or one line with the reason why it did not. */
export interface CheckpointSpectrum {
  readonly version: number;
  /** Index in `checkpoints`. */
  readonly checkpoint: number;
  readonly layer: string;
  readonly convolution: ConvolutionView;
  readonly spectrum: LayerSpectrum | null;
  readonly problem: string | null;
}

/** What is counted in the tensors that are not weight matrices, for each checkpoint in turn. */
export interface CheckpointValues {
  readonly version: number;
  readonly checkpoints: readonly (readonly TensorValues[])[];
}

/** The layers to measure next, in this order; replaces the previous request. */
export interface WantedSpectra {
  readonly layers: readonly string[];
  readonly convolution: ConvolutionView;
}

export type CheckpointExport = 'csv' | 'json' | 'netron';

/** Webview to host. */
export const CHECKPOINT_READY: Request<CheckpointPageState | null, CheckpointPageContent> = {
  method: 'checkpointReady',
};
/** Other layers, because another view of convolutions was chosen. */
export const SHOW_CONVOLUTION: Request<{ readonly convolution: ConvolutionView }, CheckpointPageContent> = {
  method: 'showConvolution',
};
export const READ_VALUES: Request<{ readonly convolution: ConvolutionView }, CheckpointValues> = {
  method: 'readValues',
};
export const WANT_SPECTRA: Notification<WantedSpectra> = { method: 'wantSpectra' };
/** The exact spectrum of a layer that was estimated. */
export const WANT_EXACT: Notification<{ readonly layer: string; readonly convolution: ConvolutionView }> = {
  method: 'wantExact',
};
export const COMPARE_CHECKPOINT: Notification<undefined> = { method: 'compareCheckpoint' };
export const OPEN_CHECKPOINT_PANEL: Notification<undefined> = { method: 'openCheckpointPanel' };
/** Measures what is missing and writes everything. */
export const EXPORT_CHECKPOINT: Notification<{
  readonly format: CheckpointExport;
  readonly convolution: ConvolutionView;
}> = { method: 'exportCheckpoint' };

/** Host to webview. */
export const SHOW_CHECKPOINTS: Notification<CheckpointPageContent> = { method: 'showCheckpoints' };
/** A layer to go to. */
export const SHOW_WEIGHTS: Notification<{ readonly layer: string }> = { method: 'showWeights' };
export const CHECKPOINT_SPECTRUM: Notification<CheckpointSpectrum> = { method: 'checkpointSpectrum' };
