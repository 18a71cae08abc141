import type { ExtensionContext } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../shown/log.ts';

/** The services that checkpoint editors use. */
export interface EditorWorkplace {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: Engine;
  readonly checkpoints: CheckpointLibrary;
  /** Reports a failure to the user. */
  readonly report: (error: unknown) => void;
}
