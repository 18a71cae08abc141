import { type Uri, window, workspace } from 'vscode';
import type { LocatedProblem } from '../../src/experiment/index.ts';
import { EXPERIMENT_LIMIT, inputFault } from '../../src/protocol/messages.ts';
import { readText } from '../runs/files.ts';
import type { Services } from '../services.ts';

/** How the text of a document is checked, and what faults about it say. */
interface Soundness<T> {
  readonly check: (text: string) => {
    readonly value: T | null;
    readonly problems: readonly LocatedProblem[];
  };
  readonly words: {
    /** `Choose an experiment file` */
    readonly choose: string;
    /** `Open its folder, because runs are written there` */
    readonly folder: string;
    /** `Open a folder on a disk, because training writes a run folder` */
    readonly disk: string;
  };
}

export interface SoundDocument<T> {
  readonly file: Uri;
  readonly value: T;
  /** The workspace folder that contains it. */
  readonly folder: Uri;
}

/**
 * A document that a command works with. It is saved first, and read from the disk: what VS Code has of it is older until VS Code is
 * told that the file changed. Its problems are shown in the Problems view, and the first is thrown as an input fault.
 */
export const soundDocument = async <T>(
  { diagnostics }: Pick<Services, 'diagnostics'>,
  file: Uri,
  { check, words }: Soundness<T>,
): Promise<SoundDocument<T>> => {
  const document = await workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  const place = workspace.asRelativePath(file);
  const { value, problems } = check(document.isDirty ? document.getText() : await saved(file, words.choose));
  if (value === null) {
    diagnostics.check(document);
    await window.showTextDocument(document);
    const [{ line, column, pointer, what, remedy }] = problems;
    throw inputFault(what, `${place}:${line}:${column}${pointer && ` ${pointer}`}`, remedy);
  }
  const folder = workspace.getWorkspaceFolder(file)?.uri;
  if (folder === undefined) throw inputFault('is not in a folder of this workspace', place, words.folder);
  if (file.scheme !== 'file') throw inputFault('is not on a disk', place, words.disk);
  return { file, value, folder };
};

const saved = (file: Uri, remedy: string): Promise<string> =>
  readText(file, {
    limit: EXPERIMENT_LIMIT,
    missing: { what: 'there is no such file', remedy },
    remedy,
  });
