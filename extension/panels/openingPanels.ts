import { commands, type Uri, workspace } from 'vscode';
import { OPENING_DOCUMENT, parseDocument } from '../../src/protocol/index.ts';
import { at, exists, readText } from '../runs/files.ts';
import { RUNS_FOLDER } from '../runs/runLibrary.ts';
import type { Panels } from './panels.ts';

const FILE = '.pentimento/show.json';

const openIn = async (folder: Uri, panels: Panels): Promise<void> => {
  const file = at(folder, FILE);
  if (!(await exists(file))) return;
  const text = await readText(file, OPENING_DOCUMENT.missing);
  const opening = parseDocument(OPENING_DOCUMENT, text, workspace.asRelativePath(file));
  await commands.executeCommand('pentimento.runsView.focus');
  for (const { page, run } of opening.panels) {
    panels.show(page, [{ run: at(folder, `${RUNS_FOLDER}/${run}`).toString(), checkpoint: 'last' }]);
  }
};

/** Opens the panels that the workspace asks for in `.pentimento/show.json`. Throws the fault of a damaged one. */
export const openOpeningPanels = async (panels: Panels): Promise<void> => {
  for (const { uri } of workspace.workspaceFolders ?? []) await openIn(uri, panels);
};
