import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const CORPUS = import.meta.dirname;
const ENDING = '.expected.json';

/** Paths of the files under a folder, relative to it, with `/`, sorted. */
export const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort();

export interface GoodFile {
  /** In the corpus. */
  readonly path: string;
  readonly format: string;
  readonly bytes: Uint8Array;
  /** The files beside and below it, by name relative to its folder. */
  readonly siblings: ReadonlyMap<string, Uint8Array>;
}

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

const siblingsOf = (path: string): Map<string, Uint8Array> => {
  const folder = join(CORPUS, dirname(path));
  const names = filesUnder(folder).filter((name) => !name.endsWith(ENDING) && !name.startsWith('hostile'));
  return new Map(names.map((name) => [name, bytesOf(join(folder, name))]));
};

/** Every file that has `<file>.expected.json` beside it. */
export const goodFiles = (): GoodFile[] =>
  filesUnder(CORPUS)
    .filter((path) => path.endsWith(ENDING))
    .map((expected) => {
      const path = expected.slice(0, -ENDING.length);
      const { format } = JSON.parse(readFileSync(join(CORPUS, expected), 'utf8'));
      return { path, format, bytes: bytesOf(join(CORPUS, path)), siblings: siblingsOf(path) };
    });
