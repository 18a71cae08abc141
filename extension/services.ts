import type { ExtensionContext } from 'vscode';
import type { CheckpointLibrary } from './checkpoints/checkpointLibrary.ts';
import type { CheckpointEditors } from './editors/checkpointEditors.ts';
import type { Engine } from './engine/engine.ts';
import type { ExperimentDiagnostics } from './inline/experimentDiagnostics.ts';
import type { Panels } from './panels/panels.ts';
import type { LayerHighlight } from './runs/layerHighlight.ts';
import type { RunLibrary } from './runs/runLibrary.ts';
import type { Log } from './shown/log.ts';
import type { Trainings } from './training/trainings.ts';
import type { TrainingView } from './views/trainingView.ts';

/** What lives as long as the extension, for use by every command. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: Engine;
  readonly runs: RunLibrary;
  readonly trainings: Trainings;
  readonly highlight: LayerHighlight;
  readonly panels: Panels;
  readonly checkpoints: CheckpointLibrary;
  readonly diagnostics: ExperimentDiagnostics;
  readonly editors: CheckpointEditors;
  readonly trainingView: TrainingView;
}
