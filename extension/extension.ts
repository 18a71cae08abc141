import { commands, type ExtensionContext, l10n, Uri, window, workspace } from 'vscode';
import { CheckpointLibrary } from './checkpoints/checkpointLibrary.ts';
import { registerCommands } from './commands/index.ts';
import { reportError } from './commands/report.ts';
import { followContext } from './contextKeys.ts';
import { CheckpointEditors } from './editors/checkpointEditors.ts';
import { Engine } from './engine/engine.ts';
import { registerCheckpointLenses } from './inline/checkpointLenses.ts';
import { ExperimentDiagnostics } from './inline/experimentDiagnostics.ts';
import { registerExperimentLenses } from './inline/experimentLenses.ts';
import { registerInspectionLenses } from './inline/inspectionLenses.ts';
import { Recordings } from './inline/recordings.ts';
import { Panels } from './panels/panels.ts';
import { LayerHighlight } from './runs/layerHighlight.ts';
import { RunLibrary } from './runs/runLibrary.ts';
import type { Services } from './services.ts';
import { createLog } from './shown/log.ts';
import { showWarning } from './shown/messages.ts';
import { Trainings } from './training/trainings.ts';
import { RunsTree } from './views/runsTree.ts';
import { StatusBar } from './views/statusBar.ts';
import { TRAINING_VIEW, TrainingView } from './views/trainingView.ts';

const MINUTE = 60_000;

/** The API for other extensions. */
export interface PentimentoApi {
  /**
   * Choose Layer, like the command: asks for a layer of a run, ranked for a task, writes it to the run and returns its
   * name. Undefined if nothing was picked, or, with a message, if the workspace is not trusted.
   */
  chooseLayer(question?: { readonly run?: string; readonly task?: string }): Promise<string | undefined>;
  /** The layers selected in the runs of the workspace, one for each task; `task` is null for a run without tasks. */
  selectedLayers(): Promise<
    readonly { readonly run: string; readonly layer: string; readonly task: string | null }[]
  >;
  /** Process id of the engine; undefined while none runs. */
  enginePid(): number | undefined;
  /** Milliseconds that activation took. */
  readonly activationMs: number;
}

/** Registers everything and does no work: runs are read, and the engine is started, on demand. */
export const activate = (context: ExtensionContext): PentimentoApi => {
  const begun = performance.now();
  const log = createLog('Pentimento');
  const engine = new Engine({
    entry: Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath,
    log,
    idleMs: () => MINUTE * workspace.getConfiguration('pentimento').get('engine.idleMinutes', 5),
  });
  const runs = new RunLibrary();
  const checkpoints = new CheckpointLibrary(engine);
  const trainings = new Trainings(engine);
  const highlight = new LayerHighlight();
  const pageFailed = (message: string): void => log.error(`Page: ${message}`);
  const panels = new Panels(context, runs, highlight, pageFailed, engine);
  const diagnostics = new ExperimentDiagnostics();
  const report = (error: unknown): void => reportError({ log, diagnostics }, error);
  const editors = new CheckpointEditors({ context, log, engine, checkpoints, report });
  const trainingView = new TrainingView(context, trainings, highlight, pageFailed);
  const services: Services = {
    context,
    log,
    engine,
    runs,
    trainings,
    highlight,
    panels,
    checkpoints,
    diagnostics,
    editors,
    trainingView,
  };
  const tree = new RunsTree(runs, checkpoints, trainings);
  const statusBar = new StatusBar(runs, trainings);
  context.subscriptions.push(
    log,
    engine,
    runs,
    checkpoints,
    trainings,
    highlight,
    panels,
    diagnostics,
    trainingView,
    tree,
    statusBar,
    window.createTreeView('pentimento.runsView', { treeDataProvider: tree, showCollapseAll: true }),
    window.registerWebviewViewProvider(TRAINING_VIEW, trainingView),
    editors,
    registerExperimentLenses(runs, trainings),
    registerInspectionLenses(runs),
    registerCheckpointLenses(checkpoints, new Recordings(engine, runs)),
    followContext(runs),
    engine.onDidCrash(({ reason, jobs }) => announceCrash(services, reason, jobs)),
  );
  for (const command of registerCommands(services)) context.subscriptions.push(command);
  import('./panels/openingPanels.ts')
    .then(({ openOpeningPanels }) => openOpeningPanels(panels, context.workspaceState, report))
    .catch((error: unknown) => report(error));
  return apiOf(services, performance.now() - begun);
};

/** What other extensions and tests may use. */
const apiOf = ({ runs, engine }: Services, activationMs: number): PentimentoApi => ({
  // Like the command: a refusal or failure is a message, and the result is undefined.
  chooseLayer: async (question) => commands.executeCommand('pentimento.chooseLayer', question),
  selectedLayers: async () =>
    (await runs.all()).flatMap(({ uri, selections }) =>
      selections.map(({ layer, task }) => ({ run: uri.toString(), layer, task })),
    ),
  enginePid: () => engine.pid,
  activationMs,
});

const announceCrash = ({ log }: Services, reason: string, jobs: number): void => {
  const showLog = l10n.t('Show Log');
  const message =
    jobs > 0
      ? l10n.t(
          'The Pentimento engine stopped unexpectedly ({0}) and restarts. It repeats its jobs; a training continues from its last saved state.',
          reason,
        )
      : l10n.t('The Pentimento engine stopped unexpectedly ({0}). It restarts when it is needed.', reason);
  log.warn(message);
  void showWarning(message, showLog).then((answer) => {
    if (answer === showLog) log.show();
  });
};
