import { basename } from 'node:path';
import { commands, l10n, type Uri, window, workspace } from 'vscode';
import { checkExperiment, type Experiment } from '../../src/experiment/index.ts';
import type { Services } from '../services.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { soundDocument } from './soundDocument.ts';

const EXPERIMENT_FILES = '**/*.experiment.json';

const isExperiment = (uri: Uri): boolean => uri.path.endsWith('.experiment.json');

export interface ChosenExperiment {
  readonly file: Uri;
  readonly experiment: Experiment;
  /** The workspace folder that contains it. */
  readonly folder: Uri;
}

const pick = async (): Promise<Uri | undefined> => {
  const active = window.activeTextEditor?.document.uri;
  if (active !== undefined && isExperiment(active)) return active;
  const files = await workspace.findFiles(EXPERIMENT_FILES, '**/{node_modules,.pentimento}/**', 500);
  if (files.length === 0) {
    await commands.executeCommand('pentimento.newExperiment');
    return undefined;
  }
  const items = files
    .map((file) => ({ label: basename(file.path), description: workspace.asRelativePath(file), file }))
    .sort((a, b) => a.description.localeCompare(b.description));
  const picked = await pickFrom(items, { placeHolder: l10n.t('Choose an experiment') });
  return picked?.file;
};

/**
 * The experiment for a command: the file it was called on, the one in the editor, or the one picked. It is saved
 * first, and checked: its problems are shown in the Problems view, and the first is thrown as an input fault.
 */
export const chooseExperiment = async (
  services: Services,
  argument?: Uri,
): Promise<ChosenExperiment | undefined> => {
  const file = argument ?? (await pick());
  if (file === undefined) return undefined;
  const { value, folder } = await soundDocument(services, file, {
    check: (text) => {
      const { experiment, problems } = checkExperiment(text);
      return { value: experiment, problems };
    },
    words: {
      choose: 'Choose an experiment file',
      folder: 'Open its folder, because runs are written there',
      disk: 'Open a folder on a disk, because training writes a run folder',
    },
  });
  return { file, experiment: value, folder };
};
