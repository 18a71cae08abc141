import { l10n, type Uri, window, workspace } from 'vscode';
import { presets } from '../../src/experiment/index.ts';
import { at, exists, writeWhole } from '../runs/files.ts';
import { showInformation } from '../shown/messages.ts';
import { pickFrom } from '../shown/quickPick.ts';

/** `demo.experiment.json`, with a number if that is taken. */
const freeFile = async (folder: Uri, name: string): Promise<Uri> => {
  for (let copy = 1; ; copy++) {
    const file = at(folder, `${name}${copy === 1 ? '' : `-${copy}`}.experiment.json`);
    if (!(await exists(file))) return file;
  }
};

/**
 * New Experiment: creates a file in the workspace from a preset and opens it. The user is not asked for a
 * provided name.
 */
export const newExperiment =
  () =>
  async (preset?: string): Promise<Uri | undefined> => {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    if (folder === undefined) {
      void showInformation(l10n.t('Open a folder first: experiments and runs are files in it.'));
      return undefined;
    }
    const all = presets();
    const picked =
      all.find(({ name }) => name === preset) ??
      (
        await pickFrom(
          all.map((one) => ({ label: one.name, detail: one.description, one })),
          { placeHolder: l10n.t('Start from which experiment?'), matchOnDetail: true },
        )
      )?.one;
    if (picked === undefined) return undefined;
    const file = await freeFile(folder, picked.name);
    // The extension provides the schema; the path to it in the examples is not valid here.
    const { $schema: _, ...content } = picked.file;
    await writeWhole(file, `${JSON.stringify(content, null, 2)}\n`);
    await window.showTextDocument(file);
    return file;
  };
