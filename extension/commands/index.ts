import { commands, type Disposable } from 'vscode';
import type { Services } from '../services.ts';
import { showError } from '../shown/messages.ts';
import { reportError } from './report.ts';
import { refuseUntrusted } from './trust.ts';

type Handler = (...args: never[]) => unknown;

/** A command whose code is loaded when it is first used: none is loaded on activation. */
const lazily =
  (load: () => Promise<Handler>) =>
  async (...args: never[]): Promise<unknown> =>
    (await load())(...args);

/** Every command by its name without the prefix. */
const handlers = (services: Services) => ({
  openSample: lazily(async () => (await import('./openSample.ts')).openSample(services)),
  newExperiment: lazily(async () => (await import('./newExperiment.ts')).newExperiment()),
  train: lazily(async () => (await import('./train.ts')).train(services)),
  inspect: lazily(async () => (await import('./inspect.ts')).inspect(services)),
  inspectRepresentations: lazily(async () =>
    (await import('./inspectRepresentations.ts')).inspectRepresentations(services),
  ),
  resume: lazily(async () => (await import('./resume.ts')).resume(services)),
  compareRuns: lazily(async () => (await import('./compareRuns.ts')).compareRuns(services)),
  chooseLayer: lazily(async () => (await import('./chooseLayer.ts')).chooseLayer(services)),
  showSelectedLayer: lazily(async () => (await import('./showSelectedLayer.ts')).showSelectedLayer(services)),
  exportFigure: lazily(async () => (await import('./exportFigure.ts')).exportFigure(services)),
  exportLayer: lazily(async () => (await import('./handOver.ts')).exportLayer(services)),
  exportClassifier: lazily(async () => (await import('./handOver.ts')).exportClassifier(services)),
  exportEmbeddings: lazily(async () => (await import('./handOver.ts')).exportEmbeddings(services)),
  exportReport: lazily(async () => (await import('./handOver.ts')).exportReport(services)),
  copyLayerCode: lazily(async () => (await import('./handOver.ts')).copyLayerCode(services)),
  insertRecordingCode: lazily(async () => (await import('./recordingCode.ts')).insertRecordingCode(services)),
  installGpuRuntime: lazily(async () => (await import('./installGpuRuntime.ts')).installGpuRuntime(services)),
  openExperiment: lazily(async () => (await import('./openExperiment.ts')).openExperiment(services)),
  renameRun: lazily(async () => (await import('./runFolder.ts')).renameRun(services)),
  duplicateRun: lazily(async () => (await import('./runFolder.ts')).duplicateRun(services)),
  revealRun: lazily(async () => (await import('./runFolder.ts')).revealRun(services)),
  annotateRun: lazily(async () => (await import('./runFolder.ts')).annotateRun(services)),
  deleteRun: lazily(async () => (await import('./runFolder.ts')).deleteRun(services)),
  highlightLayer: lazily(async () => (await import('./highlightLayer.ts')).highlightLayer(services)),
  openSpectra: lazily(async () => (await import('./openPanel.ts')).openPanel(services, 'spectra')),
  openFeatureWeights: lazily(async () =>
    (await import('./openPanel.ts')).openPanel(services, 'featureWeights'),
  ),
  openProbes: lazily(async () => (await import('./openPanel.ts')).openPanel(services, 'probes')),
  openSimilarity: lazily(async () => (await import('./openPanel.ts')).openPanel(services, 'similarity')),
  openRunMeans: lazily(async () => (await import('./openRunMeans.ts')).openRunMeans(services)),
  openTheory: () => services.panels.show('theory', []),
  openCheckpoint: lazily(async () => (await import('./checkpoints.ts')).openCheckpoint(services)),
  openCheckpointPanel: lazily(async () => (await import('./checkpoints.ts')).openCheckpointPanel(services)),
  // The list of editors that VS Code has for the file.
  reopenEditor: () => commands.executeCommand('workbench.action.reopenWithEditor'),
  compareCheckpoints: lazily(async () => (await import('./checkpoints.ts')).compareCheckpoints(services)),
  chooseCheckpointLayer: lazily(async () =>
    (await import('./chooseCheckpointLayer.ts')).chooseCheckpointLayer(services),
  ),
  pause: () => services.trainings.pause(),
  continue: () => services.trainings.continue(),
  cancel: () => services.trainings.cancel(),
  refreshRuns: () => {
    services.runs.refresh();
    services.checkpoints.refresh();
  },
  showLog: () => services.log.show(),
  showFault: (message: string) => void showError(String(message)),
});

/** Commands that write files or run what a workspace requests. An untrusted workspace can only be viewed. */
const NEEDS_TRUST = new Set([
  'newExperiment',
  'train',
  'inspect',
  'inspectRepresentations',
  'resume',
  'chooseLayer',
  'exportLayer',
  'exportClassifier',
  'exportEmbeddings',
  'exportReport',
  'installGpuRuntime',
  'renameRun',
  'duplicateRun',
  'annotateRun',
  'deleteRun',
]);

/** Registers the commands; an exception becomes one message with a button for the log. */
export const registerCommands = (services: Services): Disposable[] =>
  Object.entries(handlers(services)).map(([name, handler]) =>
    commands.registerCommand(`pentimento.${name}`, async (...args: unknown[]) => {
      services.log.debug(`Command ${name}`);
      try {
        if (NEEDS_TRUST.has(name)) refuseUntrusted();
        return await (handler as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        reportError(services, error);
        return undefined;
      }
    }),
  );
