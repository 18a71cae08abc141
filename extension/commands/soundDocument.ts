import { type Uri, window, workspace } from 'vscode';
import type { LocatedProblem } from '../../src/experiment/index.ts';
import { EXPERIMENT_LIMIT, inputFault, tooLarge } from '../../src/protocol/messages.ts';
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
 * A document that a command works with. It is saved first, and checked: its problems are shown in the Problems view, and the first is
 * thrown as an input fault.
 */
export const soundDocument = async <T>(
  { diagnostics }: Pick<Services, 'diagnostics'>,
  file: Uri,
  { check, words }: Soundness<T>,
): Promise<SoundDocument<T>> => {
  const document = await workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  const place = workspace.asRelativePath(file);
  const text = document.getText();
  if (text.length > EXPERIMENT_LIMIT) throw tooLarge(text.length, EXPERIMENT_LIMIT, place, words.choose);
  const { value, problems } = check(text);
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
