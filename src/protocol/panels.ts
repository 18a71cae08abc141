import type { Analysis } from './analysis.ts';
import type { Selection } from './documents.ts';
import type { FigureFormat, FigureStyle, SavedFigure } from './figures.ts';
import type { PackedAnalysis } from './packedAnalysis.ts';
import type { Recommendation, TheoryDocument, TheoryQuestion } from './recommendation.ts';
import type { Metric } from './run.ts';

/** Every message between the extension host and its webviews. The type arguments are never sent: they type the calls. */
export interface Request<Params, Result> {
  readonly method: string;
  readonly _?: [Params, Result];
}
export interface Notification<Params> {
  readonly method: string;
  readonly _?: Params;
}

/** A run and the state of it that is shown. This is all that a panel keeps across a reload. */
export interface PanelSubject {
  /** The run's folder, as a URI. */
  readonly run: string;
  readonly state: string;
}

/** What a panel needs to draw itself again. */
export interface PanelState {
  readonly version: 2;
  /** One run, the two that are compared, or all that a mean is over. */
  readonly subjects: readonly PanelSubject[];
  readonly layer: string | null;
}

/** One run at one state, as the figures read it. */
export interface PanelRun extends PanelSubject {
  readonly name: string;
  /** Of a model that was not trained here: there are no epochs. */
  readonly isInspection?: true;
  /** The same for runs whose experiments differ only in the seed and in words about them. */
  readonly settings: string;
  /** With the long lists that the page draws; the others are empty. */
  readonly analysis: Analysis;
  /** Whether a probe was fitted for any downstream task. */
  readonly probed: boolean;
  readonly recommendations: readonly Recommendation[];
  readonly selections: readonly Selection[];
  /** The states of the run that were analysed, in training order. */
  readonly analysed: readonly AnalysedState[];
}

/** A run on its way to the page. */
export interface SentRun extends Omit<PanelRun, 'analysis'> {
  readonly analysis: PackedAnalysis;
}

export interface AnalysedState {
  readonly state: string;
  /** `Epoch 3`, or `Latest`. */
  readonly label: string;
}

export type PanelContent =
  | { readonly kind: 'runs'; readonly runs: readonly SentRun[]; readonly layer: string | null }
  /** Why there is nothing to draw, in one line, and the command that fixes it if there is one. */
  | {
      readonly kind: 'nothing';
      readonly message: string;
      readonly action: 'inspect' | 'train' | 'showLog' | null;
      /** What would be drawn, so that a reload requests it again; without it the panel keeps what it showed. */
      readonly subjects?: readonly PanelSubject[];
    };

/** The training that is shown live. */
export interface LiveTraining {
  readonly run: string;
  readonly name: string;
  readonly state:
    | 'preparing'
    | 'running'
    | 'inspecting'
    | 'paused'
    | 'cancelling'
    | 'finished'
    | 'cancelled'
    | 'failed';
  /** What went wrong, in one line. */
  readonly failure: string | null;
  readonly backend: string;
  readonly epochs: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly samplesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly inspected: readonly AnalysedState[];
}

export interface LiveTrainingContent {
  readonly training: LiveTraining | null;
  readonly metrics: readonly Metric[];
}

/** Webview to host. */
export const READY: Request<undefined, PanelContent> = { method: 'ready' };
export const TRAINING_READY: Request<undefined, LiveTrainingContent> = { method: 'trainingReady' };
/** The analysis at one inspected epoch of the live training; null when it can no longer be read. */
export const READ_ANALYSIS: Request<PanelSubject, PackedAnalysis | null> = { method: 'readAnalysis' };
/** What theory predicts for a linear network, or one line that says why it cannot. */
export const ASK_THEORY: Request<TheoryQuestion, TheoryDocument | { readonly problem: string }> = {
  method: 'askTheory',
};
/** Another state of the run at `place` in the content: the same run may be shown at two places. */
export const SHOW_STATE: Notification<PanelSubject & { readonly place: number }> = {
  method: 'showState',
};
export const CHOOSE_LAYER: Notification<{ readonly run: string; readonly layer: string | null }> = {
  method: 'chooseLayer',
};
export const SAVE_FIGURE: Notification<SavedFigure> = { method: 'saveFigure' };
/** The commands that a page may ask for: the host runs no others. */
export const RUN_ACTIONS = [
  'inspect',
  'train',
  'showLog',
  'pause',
  'continue',
  'cancel',
  'resume',
  'openSpectra',
  'newExperiment',
] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];
export const RUN_ACTION: Notification<{ readonly action: RunAction }> = { method: 'runAction' };
/** A script of the page failed. */
export const PAGE_FAILED: Notification<{ readonly message: string }> = { method: 'pageFailed' };

/** Host to webview. */
export const SHOW_CONTENT: Notification<PanelContent> = { method: 'showContent' };
export const SHOW_TRAINING: Notification<LiveTraining | null> = { method: 'showTraining' };
/**
 * New lines; each replaces any with the same or a later step, because after a crash the training restarts from its
 * saved state.
 */
export const ADD_METRICS: Notification<readonly Metric[]> = { method: 'addMetrics' };
/** A figure of the page by its index in `LIST_FIGURES`, in a format; without a style, in that of the page. */
export interface FigureRequest {
  readonly figure: number;
  readonly format: FigureFormat;
  readonly style?: Partial<FigureStyle>;
}
export const EXPORT_FIGURE: Request<FigureRequest, SavedFigure> = { method: 'exportFigure' };
/** The titles of the figures, from top to bottom. */
export const LIST_FIGURES: Request<undefined, readonly string[]> = { method: 'listFigures' };

/** Both ways: the layer that is highlighted everywhere. */
export const HIGHLIGHT_LAYER: Notification<{ readonly layer: string | null }> = { method: 'highlightLayer' };
