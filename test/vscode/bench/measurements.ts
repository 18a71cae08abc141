/** The measurements of one start of VS Code, which are passed to the runner as JSON. */

/** When a page had its first figures, in ms after the command that opened it, and the times of earlier steps. */
export interface Opening {
  readonly page: string;
  readonly run: string;
  /**
   * `first` of its kind in this window, or `later`; `in front` of a panel of its kind, on another run; or `shown
   * again`, when its tab was shown again.
   */
  readonly time: 'first' | 'later' | 'in front' | 'shown again';
  /** VS Code had created the webview's frame, and started to load its document. */
  readonly created: number;
  /** VS Code had delivered the document: the time after this is the extension's. */
  readonly document: number;
  /** The page's script ran, and asked for what it shows. */
  readonly asked: number;
  /** That had arrived. */
  readonly content: number;
  /** The figures were in the document; the next frame shows them. */
  readonly drawn: number;
}

export interface FrameRateOf {
  readonly page: string;
  readonly input: 'hover' | 'arrow keys';
  /** Animation frames counted. */
  readonly frames: number;
  /** Median rate, in frames per second. */
  readonly framesPerSecond: number;
  /** Interval in ms that 95 % of the frames stay below. */
  readonly slowInterval: number;
}

export interface Measurements {
  /** The time of the extension's own `activate`, in ms. */
  readonly activation: number;
  /** What VS Code itself reports (Show Running Extensions): loading the module, and `activate`, in ms. */
  readonly activationReported: number;
  readonly openings: readonly Opening[];
  readonly frameRates: readonly FrameRateOf[];
  /** Whether an engine process ran at any checked time. */
  readonly engineRan: boolean;
}
