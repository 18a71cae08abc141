import { commands, l10n, type Uri, workspace } from 'vscode';
import { heldFault, holderOf } from '../../src/disk/index.ts';
import { inputFault } from '../../src/protocol/messages.ts';
import { at, exists, refuseLeadingOut, writeWhole } from '../runs/files.ts';
import { NOTE_FILE, NOTE_LIMIT } from '../runs/note.ts';
import type { RunEntry } from '../runs/runLibrary.ts';
import type { Services } from '../services.ts';
import { askForText } from '../shown/dialogs.ts';
import { confirm } from '../shown/messages.ts';
import { chooseRun, type RunArgument } from './chooseRun.ts';

/** What folders can be called on every system, without a dot that hides them. */
const FOLDER_NAME = /^[\p{L}\p{N}_-][\p{L}\p{N}_. -]{0,98}(?<![. ])$/u;
/** Names of devices, which Windows gives to no file. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** What is wrong with a name for a run; null if a folder can have it. */
export const nameProblem = (name: string): string | null =>
  FOLDER_NAME.test(name) && !DEVICE.test(name)
    ? null
    : l10n.t('Use letters, digits, space, dot, dash and underscore; begin with a letter or digit.');

/** A folder beside the run. */
const beside = (run: Uri, name: string): Uri => at(run, `../${name}`);

/** Refuses to move, copy or remove a run while a process writes to it. */
const refuseBusy = async ({ trainings }: Services, run: RunEntry): Promise<void> => {
  if (trainings.trains(run.uri)) throw inputFault('is still training', run.name, 'Cancel the training first');
  if (run.uri.scheme !== 'file') return;
  for (const job of ['train', 'inspect'] as const) {
    const owner = await holderOf(run.uri.fsPath, job);
    if (owner !== null) throw heldFault(run.name, job, owner);
  }
};

/** The run that a command was called on, even a damaged one; else one that the user picks. */
const anyRun = async (services: Services, argument: RunArgument): Promise<RunEntry | undefined> =>
  argument && 'kind' in argument && argument.kind === 'run' ? argument.run : chooseRun(services, argument);

const askForName = (title: string, run: RunEntry, value: string): Promise<string | undefined> =>
  askForText({
    title,
    prompt: l10n.t('Name of the run. Its folder gets the same name.'),
    value,
    problem: async (name) => {
      if (name === run.name) return l10n.t('This is the name of the run. Enter another one.');
      return (
        nameProblem(name) ??
        ((await exists(beside(run.uri, name)))
          ? l10n.t('A run with this name exists. Enter another name.')
          : null)
      );
    },
  });

/** Rename Run: its folder gets another name, and open panels follow. */
export const renameRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await anyRun(services, argument);
    if (run === undefined) return;
    await refuseBusy(services, run);
    const name = await askForName(l10n.t('Rename Run'), run, run.name);
    if (name === undefined) return;
    const target = beside(run.uri, name);
    await refuseLeadingOut(target);
    await workspace.fs.rename(run.uri, target);
    services.panels.moved(run.uri, target);
    services.runs.refresh();
  };

const freeCopy = async ({ uri, name }: RunEntry): Promise<string> => {
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? `${name}-copy` : `${name}-copy-${copy}`;
    if (!(await exists(beside(uri, free)))) return free;
  }
};

/** Duplicate Run: a copy of its folder, to ask other questions of or to continue in another direction. */
export const duplicateRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await anyRun(services, argument);
    if (run === undefined) return;
    await refuseBusy(services, run);
    const name = await askForName(l10n.t('Duplicate Run'), run, await freeCopy(run));
    if (name === undefined) return;
    const target = beside(run.uri, name);
    await refuseLeadingOut(target);
    await workspace.fs.copy(run.uri, target);
    services.runs.refresh();
  };

/** Reveal Run in the file manager of the system; in a browser, in the explorer of VS Code. */
export const revealRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await anyRun(services, argument);
    if (run === undefined) return;
    const known = await commands.getCommands(true);
    const inSystem = run.uri.scheme === 'file' && known.includes('revealFileInOS');
    await commands.executeCommand(inSystem ? 'revealFileInOS' : 'revealInExplorer', run.uri);
  };

/** Edit Note of Run: one line, shown in the tree and where runs are listed; an empty one removes it. */
export const annotateRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await anyRun(services, argument);
    if (run === undefined) return;
    const note = await askForText({
      title: l10n.t('Note of {0}', run.name),
      prompt: l10n.t('What you want to remember about this run. Leave it empty to remove the note.'),
      value: run.note,
      problem: (text) =>
        text.length > NOTE_LIMIT ? l10n.t('Use at most {0} characters.', NOTE_LIMIT) : null,
    });
    if (note === undefined || note.trim() === run.note) return;
    const file = at(run.uri, NOTE_FILE);
    if (note.trim() !== '') await writeWhole(file, `${note.trim()}\n`);
    else if (await exists(file)) await workspace.fs.delete(file);
    services.runs.refresh();
  };

/** Delete Run: moves its folder to the trash if there is one. */
export const deleteRun =
  (services: Services) =>
  async (argument?: RunArgument): Promise<void> => {
    const run = await anyRun(services, argument);
    if (run === undefined) return;
    await refuseBusy(services, run);
    const question = l10n.t('Delete the run {0}, its saved states and its analyses?', run.name);
    if (!(await confirm(question, l10n.t('Delete')))) return;
    try {
      await workspace.fs.delete(run.uri, { recursive: true, useTrash: true });
    } catch {
      // Remote file systems have no trash.
      await workspace.fs.delete(run.uri, { recursive: true });
    }
    services.runs.refresh();
  };
