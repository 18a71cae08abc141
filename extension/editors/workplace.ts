import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Engine } from '../engine/engine.ts';

/** What the editors of checkpoints work with. */
export interface EditorWorkplace {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly engine: Engine;
  /** Tells the user of a failure. */
  readonly report: (error: unknown) => void;
}
