import { commands, type Uri, workspace } from 'vscode';
import { presets } from '../../src/experiment/index.ts';
import type { RunPage } from '../panels/panelPages.ts';
import { at, exists, writeWhole } from '../runs/files.ts';
import { RUNS_FOLDER } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';

const SAMPLE = 'pentimento-sample';
const PANELS = ['spectra', 'featureWeights', 'probes'] as const satisfies readonly RunPage[];

/** Writes the sample into an empty place: every preset, a trained run, and the panels to open. */
const writeSample = async (folder: Uri, extension: Uri): Promise<void> => {
  const shipped = at(extension, 'media/sample/demo');
  await workspace.fs.copy(shipped, at(folder, `${RUNS_FOLDER}/demo`));
  for (const { name, file } of presets()) {
    // The extension provides the schema; the path to it in the examples is not valid here.
    const { $schema: _, ...content } = file;
    await writeWhole(at(folder, `${name}.experiment.json`), `${JSON.stringify(content, null, 2)}\n`);
  }
  const panels = PANELS.map((page) => ({ page, run: 'demo' }));
  await writeWhole(at(folder, '.pentimento/show.json'), `${JSON.stringify({ panels }, null, 2)}\n`);
};

/** Open Sample: a folder of the extension to explore. Later it is as the user left it. */
export const openSample =
  ({ context }: Services) =>
  async (): Promise<void> => {
    const folder = at(context.globalStorageUri, SAMPLE);
    if (!(await exists(folder))) {
      // Under another name first, so that an interruption leaves no half of a sample.
      const partial = at(context.globalStorageUri, `${SAMPLE}.partial`);
      if (await exists(partial)) await workspace.fs.delete(partial, { recursive: true });
      await writeSample(partial, context.extensionUri);
      await workspace.fs.rename(partial, folder);
    }
    // The window of the user's work stays open.
    const forceNewWindow = workspace.workspaceFolders !== undefined;
    await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow });
  };
