import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS, filesUnder } from './goodFiles.ts';

/** `manifest.json` is written by `node make_manifest.mjs`: run it after adding or removing a file. */
interface Listed {
  readonly path: string;
  readonly bytes: number;
  readonly format: string;
  /** `good` and `hostile` files are opened by tests; `part`s are beside them; an `oracle` says what to expect. */
  readonly kind: 'good' | 'hostile' | 'part' | 'oracle' | 'fixture';
  readonly what: string;
  /** Only for a hostile file: with FILE for its path, FOLDER for its folder. */
  readonly message?: string;
}

const json = (path: string) => JSON.parse(readFileSync(join(CORPUS, path), 'utf8'));
const { files }: { files: Listed[] } = json('manifest.json');
const paths = filesUnder(CORPUS).filter((path) => path.includes('/'));
const ofKind = (kind: Listed['kind']) => files.filter((file) => file.kind === kind);

describe('manifest.json', () => {
  it('lists every file of the corpus once, with its size', () => {
    expect(files.map(({ path }) => path).sort()).toEqual(paths);
    for (const { path, bytes } of files)
      expect([path, bytes]).toEqual([path, statSync(join(CORPUS, path)).size]);
  });

  it('says of every file what it is', () => {
    for (const { path, format, what } of files) {
      expect(format, path).not.toBe('');
      expect(what, path).not.toBe('');
    }
  });

  it('knows the good files by what is expected of them', () => {
    const expected = paths.filter((path) => existsSync(join(CORPUS, `${path}.expected.json`)));
    expect(ofKind('good').map(({ path }) => path)).toEqual(expected);
    for (const { path, format } of ofKind('good')) {
      expect([path, format]).toEqual([path, json(`${path}.expected.json`).format]);
    }
  });

  it('gives every hostile file the message that its folder expects', () => {
    const folders = [...new Set(paths.map((path) => path.split('/')[0]))];
    const expected = folders.flatMap((folder) =>
      json(`${folder}/hostile.json`).map(({ file, message }: { file: string; message: string }) => [
        `${folder}/${file}`,
        message,
      ]),
    );
    const listed = files.filter(({ message }) => message !== undefined);
    expect(listed).toEqual(ofKind('hostile'));
    expect(Object.fromEntries(listed.map(({ path, message }) => [path, message]))).toEqual(
      Object.fromEntries(expected),
    );
  });

  it('leaves no file of a hostile folder unexplained', () => {
    const strays = ofKind('fixture').filter(({ path }) => path.includes('/hostile/'));
    expect(strays).toEqual([]);
  });
});
