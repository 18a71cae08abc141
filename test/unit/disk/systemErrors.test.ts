import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/checkpoint/index.ts';
import { readInput } from '../../../src/data/inputFile.ts';
import { codeOf, readFault, writeFault } from '../../../src/disk/index.ts';
import { loadExperiment } from '../../../src/experiment/index.ts';
import { RUN_DOCUMENT } from '../../../src/protocol/index.ts';
import { readDocument } from '../../../src/store/documentFile.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const systemError = (code: string) => Object.assign(new Error(`${code}: from the system`), { code });

describe('what a system error means', () => {
  it.each([
    [
      'EMFILE',
      'run',
      'cannot be opened: too many files are open. Close some, or raise the limit (ulimit -n).',
    ],
    [
      'ENFILE',
      'run',
      'cannot be opened: too many files are open on this machine. Close some programs, or raise the limit of the system (fs.file-max).',
    ],
    ['ENOMEM', 'run', 'cannot be opened: the memory is used up. Close other programs and run it again.'],
    ['ENAMETOOLONG', 'input', 'has a name longer than the system allows. Use a shorter name or folder.'],
    ['EIO', 'run', 'cannot be reached: the disk reports an error (EIO). Check the disk and run it again.'],
  ])('is the same for reading and writing: %s', (code, kind, text) => {
    for (const fault of [readFault('p', systemError(code)), writeFault('p', systemError(code))]) {
      expect([fault.kind, fault.message]).toEqual([kind, `p: ${text}`]);
    }
  });

  it.each([
    ['ENOENT', 'there is no such file. Check the path.'],
    ['EACCES', 'cannot be read without permission. Check its permissions.'],
    ['EISDIR', 'is a folder, not a file. Give the path of a file.'],
    ['ELOOP', 'is a loop of symbolic links. Give the path of the file itself.'],
  ])('for reading: %s', (code, text) => {
    const fault = readFault('p', systemError(code));
    expect([fault.kind, fault.message]).toEqual(['input', `p: ${text}`]);
  });

  it('is read from the text where an editor wrapped it', () => {
    const wrapped = new Error("Unable to read file '/a' (Error: EMFILE: too many open files, open '/a')");
    expect(codeOf(wrapped)).toBe('EMFILE');
    expect(codeOf(Object.assign(new Error('nothing'), { code: 'FileNotFound' }))).toBe('');
    expect(codeOf(new Error('Every: one'))).toBe('');
  });
});

/** Everything that reads a file that the user or a document names. */
const READERS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a checkpoint': openCheckpoint,
  'an experiment': loadExperiment,
  'a document': (path) => readDocument(RUN_DOCUMENT, path),
  'a data file': readInput,
};

describe.each(Object.entries(READERS))('%s that cannot be read', (_, read) => {
  it('is a folder, a circle of links, or has too long a name', async () => {
    const folder = mkdtempSync(join(scratch, 'read-'));
    symlinkSync('circle', join(folder, 'circle'));
    expect((await faultOf(read(join(folder, 'circle')))).what).toBe('is a loop of symbolic links');
    expect((await faultOf(read(join(folder, 'n'.repeat(300))))).what).toBe(
      'has a name longer than the system allows',
    );
    expect((await faultOf(read(folder))).what).toMatch(
      /^is a folder, not a file$|^is not a file$|^is a folder without a file of weights$/,
    );
    expect((await faultOf(read(join(folder, 'a\0b')))).what).toBe('is not a valid file name');
  });
});

it('too many open files are said to be that, by everything that reads', () => {
  const script = join(scratch, 'read.mjs');
  const contents = `
    import { openSync } from 'node:fs';
    import { openCheckpoint } from './src/checkpoint/index.ts';
    import { readInput } from './src/data/inputFile.ts';
    import { loadExperiment } from './src/experiment/index.ts';
    import { RUN_DOCUMENT } from './src/protocol/index.ts';
    import { readDocument } from './src/store/documentFile.ts';
    import { writeAtomically } from './src/disk/index.ts';
    const path = process.argv[2];
    try { for (;;) openSync(path, 'r'); } catch {}
    const readers = [openCheckpoint, loadExperiment, (path) => readDocument(RUN_DOCUMENT, path), readInput,
      (path) => writeAtomically(path, 'x')];
    for (const read of readers) await read(path).then(() => 'read', (fault) => console.log(fault.message));`;
  buildSync({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    logLevel: 'error',
    external: ['sharp', 'piscina', 'onnxruntime-node', 'onnxruntime-web', '@tensorflow/*'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const path = join(scratch, 'file.json');
  writeFileSync(path, '{}');
  const args = ['-c', 'ulimit -n 60; exec "$0" "$1" "$2"', process.execPath, script, path];
  const said = execFileSync('sh', args, { encoding: 'utf8' }).trimEnd().split('\n');
  const line = `${path}: cannot be opened: too many files are open. Close some, or raise the limit (ulimit -n).`;
  expect(said).toEqual([line, line, line, line, line]);
});

it('a file that is there is read', async () => {
  const path = join(scratch, 'there');
  writeFileSync(path, 'text');
  expect(Buffer.from(await readInput(path)).toString()).toBe(await readFile(path, 'utf8'));
});
