import { l10n, workspace } from 'vscode';
import { heldFault } from '../../src/disk/index.ts';
import { inputFault } from '../../src/protocol/messages.ts';
import { trainerOf } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { confirm } from '../shown/messages.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';

/** Delete Run: moves its folder to the trash if there is one. */
export const deleteRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const { trainings, runs } = services;
    // A damaged run can be deleted too.
    const damaged = argument && 'kind' in argument && argument.kind === 'run' ? argument.run : undefined;
    const run = damaged ?? (await chooseRun(services, argument));
    if (run === undefined) return;
    if (trainings.trains(run.uri)) {
      throw inputFault('is still training', run.name, 'Cancel the training first');
    }
    const trainer = await trainerOf(run.uri);
    if (trainer !== null) throw heldFault(run.name, 'train', trainer);
    const question = l10n.t('Delete the run {0}, its saved states and its analyses?', run.name);
    if (!(await confirm(question, l10n.t('Delete')))) return;
    try {
      await workspace.fs.delete(run.uri, { recursive: true, useTrash: true });
    } catch {
      // Remote file systems have no trash.
      await workspace.fs.delete(run.uri, { recursive: true });
    }
    runs.refresh();
  };
