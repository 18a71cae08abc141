import { existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A file of the disk as VS Code names it. */
export interface PlainUri {
  readonly scheme: 'file';
  readonly fsPath: string;
  readonly path: string;
  toString(): string;
}

export const uri = (path: string): PlainUri => ({
  scheme: 'file',
  fsPath: path,
  path,
  toString: () => `file://${path}`,
});

/** `Uri.joinPath`, and the parts of `workspace` that read and write files, on the disk. */
export const Uri = { joinPath: (folder: PlainUri, part: string) => uri(resolve(folder.path, part)) };
export const workspace = {
  asRelativePath: ({ fsPath }: PlainUri) => fsPath,
  fs: {
    stat: async ({ fsPath }: PlainUri) => {
      if (!existsSync(fsPath)) throw new Error('no file');
      return { mtime: 1, size: 1 };
    },
    rename: (from: PlainUri, to: PlainUri) => rename(from.fsPath, to.fsPath),
    copy: (from: PlainUri, to: PlainUri) => cp(from.fsPath, to.fsPath, { recursive: true }),
    delete: (file: PlainUri) => rm(file.fsPath, { recursive: true }),
  },
};
