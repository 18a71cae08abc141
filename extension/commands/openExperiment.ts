import { l10n, window, workspace } from 'vscode';
import type { Services } from '../services.ts';
import { sayBriefly } from '../shown/statusBar.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';

/** Open Experiment: the experiment of a run, with defaults filled in, as a new document. */
export const openExperiment =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await chooseRun(services, argument);
    if (run?.record == null) return;
    const content = `${JSON.stringify(run.record.experiment, null, 2)}\n`;
    await window.showTextDocument(await workspace.openTextDocument({ language: 'json', content }));
    sayBriefly(l10n.t('The experiment of {0}, as it was started', run.name));
  };
