import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { commands, type Memento, type Uri, workspace } from 'vscode';
import { inputFault, OPENING_DOCUMENT, parseDocument } from '../../src/protocol/index.ts';
import { at, exists, readText, stampOf } from '../runs/files.ts';
import { RUNS_FOLDER } from '../runs/runLibrary.ts';
import type { Panels } from './panels.ts';

const FILE = '.pentimento/show.json';
/** Where the workspace remembers which version of each file it opened: a reload must not reopen what the user closed. */
const OPENED = 'openingPanels';

/** Whether a folder is inside another after following all links. False if it does not exist: nothing is opened there. */
const liesIn = async (inner: Uri, outer: Uri): Promise<boolean> => {
  const [path, folder] = await Promise.all([realpath(inner.fsPath), realpath(outer.fsPath)]);
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
};

/** The folder of a run that the workspace requests; a fault if a link leads out of the workspace. */
const runIn = async (folder: Uri, run: string, place: string): Promise<Uri> => {
  const uri = at(folder, `${RUNS_FOLDER}/${run}`);
  // The panel itself reports a missing run.
  if (uri.scheme === 'file' && (await exists(uri)) && !(await liesIn(uri, folder))) {
    throw inputFault(
      `names the run ${JSON.stringify(run)}, which is a link out of the folder`,
      place,
      'Open the run itself',
    );
  }
  return uri;
};

const openIn = async (folder: Uri, panels: Panels, memory: Memento): Promise<void> => {
  const file = at(folder, FILE);
  const stamp = await stampOf(file);
  const opened = memory.get<Readonly<Record<string, string>>>(OPENED, {});
  if (stamp === null || opened[file.toString()] === stamp) return;
  const place = workspace.asRelativePath(file);
  const opening = parseDocument(OPENING_DOCUMENT, await readText(file, OPENING_DOCUMENT), place);
  const runs = await Promise.all(opening.panels.map(({ run }) => runIn(folder, run, place)));
  await commands.executeCommand('pentimento.runsView.focus');
  for (const [index, { page }] of opening.panels.entries()) {
    panels.show(page, [{ run: runs[index].toString(), state: 'last' }]);
  }
  await memory.update(OPENED, { ...opened, [file.toString()]: stamp });
};

/**
 * Opens the panels that folders of the workspace request in `.pentimento/show.json`, once for each version of the file;
 * reports those that are damaged.
 */
export const openOpeningPanels = async (
  panels: Panels,
  memory: Memento,
  report: (error: unknown) => void,
): Promise<void> => {
  for (const { uri } of workspace.workspaceFolders ?? []) await openIn(uri, panels, memory).catch(report);
};
