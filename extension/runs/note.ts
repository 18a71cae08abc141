import type { Uri } from 'vscode';
import { at, readText } from './files.ts';

/** The user's note about a run, in its folder: plain text, so that other tools can read and write it. */
export const NOTE_FILE = 'note.txt';
/** Characters: a line. */
export const NOTE_LIMIT = 500;
/** In bytes, with room for what was written by hand. */
const FILE_LIMIT = 16 * 1024;

/** The first line of the note; empty if there is none or if it cannot be read, because nothing depends on it. */
export const readNote = async (run: Uri): Promise<string> => {
  const missing = { what: 'the run has no note', remedy: 'Add one' };
  const kind = { limit: FILE_LIMIT, missing, remedy: 'Shorten the note' };
  const text = await readText(at(run, NOTE_FILE), kind).catch(() => '');
  return text.trim().split(/\r?\n/, 1)[0].slice(0, NOTE_LIMIT);
};
