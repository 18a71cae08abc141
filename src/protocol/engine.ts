import type { CheckpointSummary, ConvolutionView, LayerSpectrum } from './checkpoint.ts';
import type { CheckpointExport } from './checkpointPage.ts';
import type { TensorValues } from './health.ts';
import type { Criterion, Recommendation, TheoryDocument, TheoryQuestion } from './recommendation.ts';
import type { Metric, Progress, RunRecord } from './run.ts';

/**
 * What the extension host asks of the engine, a child process, over JSON-RPC. Every job is a request of its name with
 * `params`; its `progress` values come as progress notifications under the token sent with the request, and
 * cancelling the request reaches the running step. A failure that the user can act on is returned as an error whose
 * data is `FaultData`. Folders and files are absolute paths.
 */
export interface EngineJobs {
  readonly train: {
    readonly params: TrainParams;
    readonly progress: TrainEvent;
    readonly result: TrainResult;
  };
  readonly inspect: {
    readonly params: InspectParams;
    readonly progress: Progress;
    readonly result: InspectResult;
  };
  /** The inspection file of a recording or a model: the one beside it, or a new one. */
  readonly inspectionFile: {
    readonly params: InspectionFileParams;
    readonly progress: never;
    readonly result: InspectionFileResult;
  };
  /** From the header of the file. A fault if it is no recording. */
  readonly describeRecording: {
    readonly params: { readonly file: string };
    readonly progress: never;
    readonly result: RecordingSummary;
  };
  readonly inspectFile: {
    readonly params: InspectFileParams;
    readonly progress: Progress;
    readonly result: InspectResult;
  };
  readonly recommend: {
    readonly params: RecommendParams;
    readonly progress: never;
    readonly result: Recommendation;
  };
  readonly theory: {
    readonly params: TheoryQuestion;
    readonly progress: never;
    readonly result: TheoryDocument;
  };
  readonly exportLayer: {
    readonly params: HandOverParams;
    readonly progress: Progress;
    readonly result: HandOverResult;
  };
  /** Fits the final head of a task on the layer, and writes both with a model card. */
  readonly fit: {
    readonly params: HandOverParams & { readonly task: string };
    readonly progress: Progress;
    readonly result: FitResult;
  };
  readonly report: {
    readonly params: ReportParams;
    readonly progress: never;
    readonly result: { readonly bytes: number };
  };
  readonly embed: {
    readonly params: HandOverParams & { readonly split: 'train' | 'test' };
    readonly progress: Progress;
    readonly result: HandOverResult;
  };
  readonly describeCheckpoint: {
    readonly params: { readonly file: string; readonly convolution: ConvolutionView };
    readonly progress: never;
    readonly result: CheckpointSummary;
  };
  readonly exportCheckpoint: {
    readonly params: ExportCheckpointParams;
    readonly progress: Progress;
    readonly result: { readonly bytes: number };
  };
  /** What is counted in the tensors of real numbers that are not weight matrices. */
  readonly tensorValues: {
    readonly params: TensorValuesParams;
    readonly progress: never;
    readonly result: readonly TensorValues[];
  };
  readonly layerSpectrum: {
    readonly params: LayerSpectrumParams;
    readonly progress: never;
    readonly result: LayerSpectrum;
  };
}
export type EngineJob = keyof EngineJobs;

/**
 * What computes. `auto`: TensorFlow if it was installed, else native, or WebAssembly where there is no native binary. `eager` is for
 * comparison.
 */
export const BACKENDS = ['auto', 'native', 'webgpu', 'wasm', 'tensorflow', 'eager'] as const;
export type BackendChoice = (typeof BACKENDS)[number];

/** How a job computes; `gpuRuntime` is the folder that Install GPU Runtime filled, if any. */
export interface Computing {
  readonly backend: Exclude<BackendChoice, 'eager'>;
  /** 0: as many as there are cores. */
  readonly threads: number;
  readonly gpuRuntime?: string;
}

export interface TrainParams extends Computing {
  /** The experiment file; null to resume with the experiment that the run was started with. */
  readonly file: string | null;
  readonly folder: string;
  readonly resume: boolean;
  /** Epochs between two inspections during training; 0: none, null: about eight in all. */
  readonly inspectEvery: number | null;
}

/** What a training reports while it runs, in order. */
export type TrainEvent =
  | {
      readonly kind: 'begun';
      readonly record: RunRecord;
      readonly backend: string;
      readonly fromStep: number;
    }
  | { readonly kind: 'metric'; readonly metric: Metric; readonly samplesPerSecond: number | null }
  | { readonly kind: 'inspecting'; readonly epoch: number }
  | { readonly kind: 'inspected'; readonly epoch: number; readonly state: string }
  | { readonly kind: 'paused' | 'continued'; readonly step: number };

export interface TrainResult {
  readonly outcome: 'finished' | 'cancelled';
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | null;
  readonly seconds: number;
}

export interface InspectParams extends Computing {
  readonly folder: string;
  readonly state: string;
  /** Take layers, pooling, tasks, probes, groups and shifts from this experiment file. */
  readonly experiment?: string;
}

interface InspectionFileParams extends Computing {
  /** A recording or an ONNX model. */
  readonly path: string;
  /** Of a model: what it is run on. */
  readonly data?: string;
}

export interface InspectionFileResult {
  readonly file: string;
  /** What a new one was written with; null for one that was there. */
  readonly written: {
    readonly layers: readonly string[];
    readonly tasks: readonly string[];
    readonly assumed: readonly string[];
  } | null;
}

/** What a recording of activations holds. */
export interface RecordingSummary {
  readonly layers: number;
  readonly samples: number;
  /** Of the layer with the fewest, and of that with the most. */
  readonly dimensions: readonly [least: number, most: number];
  /** Names of the labels in it. */
  readonly labels: readonly string[];
  /** Whether its arrays have names that only recordings have. Of others, the shapes could be those of weights. */
  readonly isConventional: boolean;
}

interface InspectFileParams extends Computing {
  /** The inspection file. */
  readonly file: string;
  /** For the results. */
  readonly folder: string;
}

interface InspectResult {
  readonly layers: number;
  readonly tasks: readonly string[];
  readonly seconds: number;
}

interface RecommendParams {
  readonly folder: string;
  readonly state: string;
  readonly task?: string;
  readonly method?: string;
  readonly on?: string;
  readonly criterion?: Criterion;
  readonly within?: number;
}

interface HandOverParams extends Computing {
  readonly folder: string;
  readonly state: string;
  readonly layer: string;
  /** The file to write. */
  readonly file: string;
}

interface ReportParams {
  readonly folder: string;
  readonly state: string;
  /** The file to write. */
  readonly file: string;
}

export interface HandOverResult {
  readonly bytes: number;
  /** Shape of the input or of the representations, for people: `batch x 28 x 28 x 1`. */
  readonly shape: string;
}

interface FitResult {
  readonly bytes: number;
  /** Path of the model card. */
  readonly card: string;
  /** Of the test split: accuracy, or R² for a continuous factor; null if it has no samples. */
  readonly score: number | null;
}

interface ExportCheckpointParams {
  readonly file: string;
  readonly convolution: ConvolutionView;
  readonly format: CheckpointExport;
  /** The file to write. */
  readonly target: string;
  readonly cache?: string;
}

export interface LayerSpectrumParams {
  readonly file: string;
  /** The version in the checkpoint's summary: a spectrum of another version of the files is refused. */
  readonly version?: string;
  readonly layer: string;
  readonly convolution: ConvolutionView;
  /** `auto` estimates a matrix that would take too long. */
  readonly method: 'auto' | 'exact' | 'estimate';
  /** Folder of results kept between sessions; none are kept without it. */
  readonly cache?: string;
}

export interface TensorValuesParams {
  readonly file: string;
  /** The version in the checkpoint's summary: values of another version of the files are refused. */
  readonly version?: string;
  readonly convolution: ConvolutionView;
}

/** Pauses a training of this folder between two steps, or resumes it. Sent as notifications. */
export interface PauseParams {
  readonly folder: string;
}

/** A fault as it crosses the wire. */
export interface FaultData {
  readonly kind: 'input' | 'run';
  readonly what: string;
  readonly where: string;
  readonly remedy: string;
}
