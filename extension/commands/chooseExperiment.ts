import { basename } from 'node:path';
import { commands, l10n, type Uri, window, workspace } from 'vscode';
import { checkExperiment, type Experiment } from '../../src/experiment/index.ts';
import { EXPERIMENT_LIMIT, inputFault, tooLarge } from '../../src/protocol/messages.ts';
import type { Services } from '../services.ts';
import { pickFrom } from '../shown/quickPick.ts';

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
  { diagnostics }: Services,
  argument?: Uri,
): Promise<ChosenExperiment | undefined> => {
  const file = argument ?? (await pick());
  if (file === undefined) return undefined;
  const document = await workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  const place = workspace.asRelativePath(file);
  const text = document.getText();
  if (text.length > EXPERIMENT_LIMIT) {
    throw tooLarge(text.length, EXPERIMENT_LIMIT, place, 'Choose an experiment file');
  }
  const { experiment, problems } = checkExperiment(text);
  if (experiment === null) {
    diagnostics.check(document);
    await window.showTextDocument(document);
    const [{ line, column, pointer, what, remedy }] = problems;
    throw inputFault(what, `${place}:${line}:${column}${pointer && ` ${pointer}`}`, remedy);
  }
  const folder = workspace.getWorkspaceFolder(file)?.uri;
  if (folder === undefined) {
    throw inputFault(
      'is not in a folder of this workspace',
      place,
      'Open its folder, because runs are written there',
    );
  }
  if (file.scheme !== 'file') {
    throw inputFault(
      'is not on a disk',
      place,
      'Open a folder on a disk, because training writes a run folder',
    );
  }
  return { file, experiment, folder };
};
