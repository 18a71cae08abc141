/** What one start of VS Code measures; it leaves this for the runner as JSON. */

/** When a page had its first figures, in ms after the command that opened it, and on the way there. */
export interface Opening {
  readonly page: string;
  readonly run: string;
  /**
   * `first` of its kind in this window, or `later`; `in front` of a panel of its kind, on another run; or `shown again`,
   * when its tab came back.
   */
  readonly time: 'first' | 'later' | 'in front' | 'shown again';
  /** VS Code had made the webview's frame, and began to load its document. */
  readonly created: number;
  /** VS Code had delivered the document: what comes after is the extension's. */
  readonly document: number;
  /** The page's script had arrived. */
  readonly script: number;
  /** The figures stood in the document; the next frame shows them. */
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
  /** What the extension's own `activate` took, in ms. */
  readonly activation: number;
  /** What VS Code itself reports (Show Running Extensions): loading the module, and `activate`, in ms. */
  readonly activationReported: number;
  readonly openings: readonly Opening[];
  readonly frameRates: readonly FrameRateOf[];
  /** Whether an engine process ran at any time that was looked at. */
  readonly engineRan: boolean;
}
