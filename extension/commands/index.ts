import { commands, type Disposable, window } from 'vscode';
import type { Services } from '../services.ts';
import { chooseLayer } from './chooseLayer.ts';
import { compareRuns } from './compareRuns.ts';
import { deleteRun } from './deleteRun.ts';
import { exportFigure } from './exportFigure.ts';
import { copyLayerCode, exportEmbeddings, exportLayer } from './handOver.ts';
import { highlightLayer } from './highlightLayer.ts';
import { inspect } from './inspect.ts';
import { installGpuRuntime } from './installGpuRuntime.ts';
import { newExperiment } from './newExperiment.ts';
import { openExperiment } from './openExperiment.ts';
import { openPanel } from './openPanel.ts';
import { reportError } from './report.ts';
import { resume } from './resume.ts';
import { showSelectedLayer } from './showSelectedLayer.ts';
import { train } from './train.ts';
import { cancel, goOn, pause } from './training.ts';

/** Every command by its name without the prefix. */
const handlers = (services: Services) => ({
  newExperiment: newExperiment(),
  train: train(services),
  inspect: inspect(services),
  resume: resume(services),
  pause: pause(services),
  continue: goOn(services),
  cancel: cancel(services),
  compareRuns: compareRuns(services),
  openSpectra: openPanel(services, 'spectra'),
  openFeatureWeights: openPanel(services, 'featureWeights'),
  openProbes: openPanel(services, 'probes'),
  openSimilarity: openPanel(services, 'similarity'),
  chooseLayer: chooseLayer(services),
  showSelectedLayer: showSelectedLayer(services),
  exportFigure: exportFigure(services),
  exportLayer: exportLayer(services),
  exportEmbeddings: exportEmbeddings(services),
  copyLayerCode: copyLayerCode(services),
  installGpuRuntime: installGpuRuntime(services),
  openExperiment: openExperiment(services),
  deleteRun: deleteRun(services),
  highlightLayer: highlightLayer(services),
  refreshRuns: () => services.runs.refresh(),
  showLog: () => services.log.show(),
  showFault: (message: string) => void window.showErrorMessage(message),
});

/** Registers the commands; what one throws becomes one message with the log behind it. */
export const registerCommands = (services: Services): Disposable[] =>
  Object.entries(handlers(services)).map(([name, handler]) =>
    commands.registerCommand(`pentimento.${name}`, async (...args: unknown[]) => {
      services.log.debug(`Command ${name}`);
      try {
        return await (handler as (...args: unknown[]) => unknown)(...args);
      } catch (error) {
        reportError(services, error);
        return undefined;
      }
    }),
  );
