import { FileSystemError, Uri, workspace } from 'vscode';
import { inputFault } from '../../src/protocol/messages.ts';

export const at = (folder: Uri, path: string): Uri => Uri.joinPath(folder, ...path.split('/'));

/** The text of a file; when it is not there, the fault, or with null an empty text. */
export const readText = async (
  file: Uri,
  missing: { readonly what: string; readonly remedy: string } | null,
): Promise<string> => {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch (error) {
    const gone = error instanceof FileSystemError && error.code === 'FileNotFound';
    if (gone && missing === null) return '';
    const place = workspace.asRelativePath(file);
    if (gone && missing !== null) throw inputFault(missing.what, place, missing.remedy, error);
    throw inputFault(`cannot be read (${(error as Error).message})`, place, 'Check the file', error);
  }
};

/** Names in a folder; none when it is not there. */
export const nameIn = async (folder: Uri): Promise<string[]> => {
  // Asked for first, since VS Code logs a failed listing as an error.
  if (!(await exists(folder))) return [];
  try {
    return (await workspace.fs.readDirectory(folder)).map(([name]) => name);
  } catch {
    // It was deleted in between.
    return [];
  }
};

/** Differs between two contents of a file, as far as its date and its size tell; null when it is not there. */
export const stampOf = async (file: Uri): Promise<string | null> => {
  try {
    const { mtime, size } = await workspace.fs.stat(file);
    return `${mtime} ${size}`;
  } catch {
    return null;
  }
};

export const exists = async (file: Uri): Promise<boolean> => (await stampOf(file)) !== null;

/** Writes a file in one go: under another name first, then renamed, so that a half-written one is never seen. */
export const writeWhole = async (file: Uri, content: string | Uint8Array): Promise<void> => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const temporary = file.with({ path: `${file.path}.${process.pid}.tmp` });
  try {
    await workspace.fs.writeFile(temporary, bytes);
    await workspace.fs.rename(temporary, file, { overwrite: true });
  } catch (error) {
    await workspace.fs.delete(temporary).then(undefined, () => {});
    throw inputFault(
      `cannot be written (${(error as Error).message})`,
      workspace.asRelativePath(file),
      'Choose a place that can be written',
      error,
    );
  }
};
