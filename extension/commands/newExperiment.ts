import { l10n, type Uri, window, workspace } from 'vscode';
import { NAME_PATTERN, presets } from '../../src/experiment/index.ts';
import { at, exists, writeWhole } from '../runs/files.ts';
import { askForText } from '../shown/dialogs.ts';
import { showInformation } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';
import { completeStep } from '../tour.ts';

const fileOf = (folder: Uri, name: string): Uri => at(folder, `${name}.experiment.json`);

/** The name, with a number if there is a file of that name. */
const freeName = async (folder: Uri, name: string): Promise<string> => {
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? name : `${name}-${copy}`;
    if (!(await exists(fileOf(folder, free)))) return free;
  }
};

/** Asks what the experiment is called; undefined when the question was closed. */
const askForName = async (folder: Uri, preset: string): Promise<string | undefined> =>
  askForText({
    title: l10n.t('New Experiment'),
    prompt: l10n.t('Name of the experiment. Its file and its run get the same name.'),
    value: await freeName(folder, preset),
    problem: async (name) => {
      if (!NAME_PATTERN.test(name))
        return l10n.t(
          'Use lower-case letters, digits, dot, dash and underscore; begin with a letter or digit.',
        );
      return (await exists(fileOf(folder, name)))
        ? l10n.t('An experiment with this name exists. Enter another name.')
        : null;
    },
  });

/** New Experiment: a preset becomes a file in the workspace, opened for editing. With a preset given, nothing is asked. */
export const newExperiment =
  () =>
  async (preset?: string): Promise<Uri | undefined> => {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    if (folder === undefined) {
      void showInformation(l10n.t('Open a folder first. Experiments and runs are saved in it.'));
      return undefined;
    }
    const all = presets();
    const picked =
      all.find(({ name }) => name === preset) ??
      (
        await pickFrom(
          all.map((one) => ({ label: one.name, detail: one.description, one })),
          { placeHolder: l10n.t('Choose an experiment to start from'), matchOnDetail: true },
        )
      )?.one;
    if (picked === undefined) return undefined;
    const name =
      picked.name === preset ? await freeName(folder, preset) : await askForName(folder, picked.name);
    if (name === undefined) return undefined;
    const file = fileOf(folder, name);
    // The extension provides the schema; the path to it in the examples is not valid here.
    const { $schema: _, ...content } = picked.file;
    await writeWhole(file, `${JSON.stringify({ ...content, name }, null, 2)}\n`);
    await window.showTextDocument(file);
    completeStep('newExperiment');
    return file;
  };
