import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Checkpoint, isSettled } from '../../checkpoint/index.ts';
import { readFault } from '../../disk/index.ts';
import { fileStamp, formatCount, inputFault } from '../../protocol/index.ts';
import { openContainer, openFolder } from './containers/container.ts';
import { byNumber } from './namePattern.ts';
import { type ArrayFile, Wholes } from './recordedArray.ts';

/** Files that are open at the same time. */
const MOST_OPEN = 64;
const MOST_FILES = 200_000;
/** How deep the folders in a folder are read. */
const DEPTH = 3;

/** The file of a recording (or a folder that is one container), or the files in its folder, each opened when it is needed. */
export class RecordedFiles {
  /** Of the file or folder. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Relative to the folder, with `/`, by number. */
  readonly names: readonly string[];
  readonly #folder: string;
  readonly #open = new Map<string, Promise<Checkpoint>>();
  readonly #wholes = new Wholes();
  /** Opens a file, by its path. */
  readonly #opening: (path: string) => Promise<Checkpoint>;

  private constructor(
    path: string,
    names: readonly string[] | null,
    opening: (path: string) => Promise<Checkpoint> = openContainer,
  ) {
    this.path = path;
    this.#folder = names === null ? dirname(path) : path;
    this.names = names ?? [basename(path)];
    this.isFolder = names !== null;
    this.#opening = opening;
  }

  static async of(path: string): Promise<RecordedFiles> {
    const stats = await stat(path).catch((error: unknown) => {
      throw readFault(path, error);
    });
    if (!stats.isDirectory()) return new RecordedFiles(path, null);
    const container = await openFolder(path);
    return container === null
      ? new RecordedFiles(path, await filesIn(path))
      : new RecordedFiles(path, null, container);
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  file(name: string): ArrayFile {
    return { path: this.pathOf(name), open: () => this.open(name), wholes: this.#wholes };
  }

  /** Differs between two versions of the files; null when they were written so lately that it may not. */
  async stamp(): Promise<string | null> {
    const folder = this.isFolder || !(await stat(this.path)).isDirectory() ? this.#folder : this.path;
    const names = folder === this.path && !this.isFolder ? await filesIn(folder) : this.names;
    const hash = createHash('sha256');
    for (const name of names) {
      const stats = await stat(join(folder, name), { bigint: true });
      if (!isSettled(stats, Date.now())) return null;
      hash.update(`${name} ${fileStamp(stats)}\n`);
    }
    return hash.digest('hex');
  }

  open(name: string): Promise<Checkpoint> {
    const known = this.#open.get(name) ?? this.#opening(this.pathOf(name));
    this.#open.delete(name);
    this.#open.set(name, known);
    // A file that cannot be opened is asked for again, not remembered.
    known.catch(() => this.#open.delete(name));
    for (const [oldest, opened] of this.#open) {
      if (this.#open.size <= MOST_OPEN) break;
      this.#open.delete(oldest);
      opened.then((checkpoint) => checkpoint.close()).catch(() => {});
    }
    return known;
  }

  async close(): Promise<void> {
    const opened = [...this.#open.values()];
    this.#open.clear();
    for (const each of opened) {
      const checkpoint = await each.catch(() => null);
      await checkpoint?.close();
    }
  }
}

/** Endings of the files that arrays are in. */
export const HOLDS_ARRAYS = /\.(?:npy|npz|pt|pth|bin|safetensors|h5|hdf5|arrow|parquet|mat)$/i;

/** Whether a folder may be a recording: it has arrays, and they are not those of runs in it. */
export const mayBeRecording = async (folder: string): Promise<boolean> => {
  const { isFolder, names } = await RecordedFiles.of(folder);
  const isOfRuns = names.some((name) => name === 'run.json' || name.endsWith('/run.json'));
  return !isFolder || (names.some((name) => HOLDS_ARRAYS.test(name)) && !isOfRuns);
};

const filesIn = async (folder: string): Promise<string[]> => {
  const names: string[] = [];
  const visit = async (inside: string, depth: number): Promise<void> => {
    const path = join(folder, inside);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw readFault(path, error);
    });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < DEPTH) await visit(name, depth + 1);
      } else if (names.push(name) > MOST_FILES) {
        throw inputFault(
          `has more than ${formatCount(MOST_FILES)} files`,
          folder,
          'Inspect a folder with fewer files',
        );
      }
    }
  };
  await visit('', 1);
  return names.sort(byNumber);
};
