import { l10n } from 'vscode';
import { heldFault } from '../../src/disk/index.ts';
import { isResumable, isUnfinished, trainerOf } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { showInformation } from '../shown/messages.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';
import { runTraining } from './train.ts';

/** Resume: continues a training that was cancelled or interrupted. */
export const resume =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await chooseRun(services, argument, isResumable);
    if (run === undefined) return;
    if (!isUnfinished(run)) {
      void showInformation(l10n.t('The training of {0} is finished.', run.name));
      return;
    }
    const trainer = services.trainings.trains(run.uri) ? null : await trainerOf(run.uri);
    if (trainer !== null) throw heldFault(run.name, 'train', trainer);
    if (run.states.length === 0) {
      void showInformation(
        l10n.t('{0} saved no state to resume from. Train its experiment again.', run.name),
      );
      return;
    }
    // With the experiment that the run was started with, because its file may have changed since.
    await runTraining(services, null, run.uri, true);
  };
