import type { ExtensionContext } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../shown/log.ts';

/** What the editors of checkpoints work with. */
export interface EditorWorkplace {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: Engine;
  readonly checkpoints: CheckpointLibrary;
  /** Tells the user of a failure. */
  readonly report: (error: unknown) => void;
}
