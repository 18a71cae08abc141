import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { appendToFile, makeFolder, makeFolderInside, writeFault, writeNew } from '../../../src/disk/index.ts';
import { writeAtomically } from '../../../src/disk/writeAtomically.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
let count = 0;
const freshFolder = (): string => {
  const folder = join(scratch, String(++count));
  mkdirSync(folder);
  return folder;
};

const systemError = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: from the system`), { code });

/** A file that accepts `room` bytes and then fails like a full disk. */
const openOnFullDisk = async (path: string): Promise<FileHandle> => {
  const file = await open(path, 'wx');
  const write = file.writeFile.bind(file);
  file.writeFile = async (data) => {
    await write((data as Uint8Array).subarray(0, 3));
    throw systemError('ENOSPC');
  };
  return file;
};

describe('writeAtomically', () => {
  it('writes text, bytes and chunks, over what was there, and leaves nothing else', async () => {
    const folder = freshFolder();
    const path = join(folder, 'a');
    async function* chunks() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    for (const [contents, expected] of [
      ['grün', 'grün'],
      [Buffer.from('bytes'), 'bytes'],
      [chunks(), 'one two'],
      ['', ''],
    ] as const) {
      await writeAtomically(path, contents);
      expect(readFileSync(path, 'utf8')).toBe(expected);
      expect(readdirSync(folder)).toEqual(['a']);
    }
  });

  it('keeps the old file and removes the new one when the disk is full', async () => {
    const folder = freshFolder();
    const path = join(folder, 'last.safetensors');
    writeFileSync(path, 'old');
    const fault = await faultOf(writeAtomically(path, Buffer.alloc(3 * 2 ** 20 + 1), openOnFullDisk));
    expect(fault.kind).toBe('run');
    expect(fault.message).toBe(
      `${path}: the disk is full. Free 4 MB and run the command again (a training with --resume).`,
    );
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['last.safetensors']);
  });

  it('passes on the error of the chunks themselves, and removes the new file', async () => {
    const folder = freshFolder();
    async function* chunks() {
      yield Buffer.from('one');
      throw new RangeError('of the source');
    }
    await expect(writeAtomically(join(folder, 'a'), chunks())).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that the folder does not exist, or that the name is a folder', async () => {
    const folder = freshFolder();
    const path = join(folder, 'none', 'a');
    expect((await faultOf(writeAtomically(path, 'x'))).message).toBe(
      `${path}: is in a folder that does not exist. Create the folder first.`,
    );
    mkdirSync(join(folder, 'b'));
    expect((await faultOf(writeAtomically(join(folder, 'b'), 'x'))).kind).toMatch(/input|run/);
    expect(readdirSync(folder)).toEqual(['b']);
  });

  it('says so when the system stops a real write for its size', () => {
    const folder = freshFolder();
    const script = join(folder, 'write.mjs');
    buildSync({
      stdin: {
        contents: `import { writeAtomically } from './src/disk/index.ts';
          writeAtomically(process.argv[2], Buffer.alloc(2 ** 21)).catch((fault) => console.log(fault.message));`,
        resolveDir: process.cwd(),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const path = join(folder, 'out');
    const command = 'ulimit -f 1024; exec "$0" "$1" "$2"';
    const said = execFileSync('sh', ['-c', command, process.execPath, script, path], { encoding: 'utf8' });
    expect(said.trim()).toBe(
      `${path}: the file is larger than the system allows. Raise the limit and run the command again (a training with --resume).`,
    );
    expect(readdirSync(folder)).toEqual(['write.mjs']);
  });
});

describe('planted links', () => {
  /** A file outside of the folder, and a link to it inside. */
  const planted = () => {
    const outside = join(freshFolder(), 'outside');
    writeFileSync(outside, 'theirs');
    const folder = freshFolder();
    const path = join(folder, 'a');
    symlinkSync(outside, path);
    return { outside, folder, path };
  };

  it('at the target are replaced, not written through', async () => {
    const { outside, folder, path } = planted();
    await writeAtomically(path, 'ours');
    expect(readFileSync(outside, 'utf8')).toBe('theirs');
    expect(lstatSync(path).isFile()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('ours');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('cannot be where the new file will be: its name is another one each time', async () => {
    const folder = freshFolder();
    const names: string[] = [];
    const openFile = (path: string) => {
      names.push(path);
      return open(path, 'wx');
    };
    for (let time = 0; time < 50; time++) await writeAtomically(join(folder, 'a'), '', openFile);
    expect(new Set(names).size).toBe(50);
    for (const name of names) expect(name).toMatch(/^.*\/\.pentimento-[0-9a-f]{32}\.tmp$/);
  });

  it('at the end of a log are a fault', async () => {
    const { outside, path } = planted();
    expect((await faultOf(appendToFile(path, 'more'))).message).toBe(
      `${path}: is a symbolic link, and nothing is written through it. Remove it.`,
    );
    expect(readFileSync(outside, 'utf8')).toBe('theirs');
  });

  it('to a folder are a fault where the folder is to be inside ours', async () => {
    const outside = freshFolder();
    const path = join(freshFolder(), 'checkpoints');
    symlinkSync(outside, path);
    expect((await faultOf(makeFolderInside(path))).what).toBe(
      'is a symbolic link, and nothing is written through it',
    );
  });
});

describe('writeNew', () => {
  it('writes where nothing was, and says so where something is, a link that leads nowhere included', async () => {
    const folder = freshFolder();
    const path = join(folder, 'a');
    await writeNew(path, 'one');
    expect(statSync(path).nlink).toBe(1);
    expect((await faultOf(writeNew(path, 'two'))).message).toBe(
      `${path}: already exists. Choose another file.`,
    );
    symlinkSync(join(folder, 'nowhere'), join(folder, 'b'));
    expect((await faultOf(writeNew(join(folder, 'b'), 'two'))).what).toBe('already exists');
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });

  it('lets one of many succeed', async () => {
    const folder = freshFolder();
    const path = join(folder, 'a');
    const writers = Array.from({ length: 20 }, (_, one) => writeNew(path, String(one)));
    const outcomes = await Promise.allSettled(writers);
    const winners = outcomes.flatMap(({ status }, one) => (status === 'fulfilled' ? [String(one)] : []));
    expect(winners).toEqual([readFileSync(path, 'utf8')]);
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('appendToFile', () => {
  it('begins a file and adds to its end', async () => {
    const path = join(freshFolder(), 'log');
    for (const line of ['one\n', 'two\n']) await appendToFile(path, line);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });
});

describe('writeFault', () => {
  it.each([
    ['ENOSPC', 'run', 'p: the disk is full. Free 1 MB and run the command again (a training with --resume).'],
    [
      'EDQUOT',
      'run',
      'p: the disk quota is used up. Free 1 MB and run the command again (a training with --resume).',
    ],
    ['EACCES', 'input', "p: cannot be written without permission. Check the folder's permissions."],
    ['EROFS', 'input', 'p: is on a read-only file system. Choose a folder that can be written.'],
    ['ENOENT', 'input', 'p: is in a folder that does not exist. Create the folder first.'],
    ['EIO', 'run', 'p: cannot be reached: the disk reports an error (EIO). Check the disk and run it again.'],
    [
      'EPROTO',
      'run',
      'p: cannot be written (EPROTO). Check the disk and run the command again (a training with --resume).',
    ],
  ])('words %s', (code, kind, message) => {
    const fault = writeFault('p', systemError(code), 100);
    expect([fault.kind, fault.message]).toEqual([kind, message]);
  });
});

describe('makeFolder', () => {
  it('makes the folders above as well, and again without harm', async () => {
    const folder = join(freshFolder(), 'a', 'b');
    await makeFolder(folder);
    await makeFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that a file is in the way', async () => {
    const path = join(freshFolder(), 'file');
    writeFileSync(path, '');
    chmodSync(path, 0o600);
    expect((await faultOf(makeFolder(path))).message).toBe(
      `${path}: is a file, not a folder. Choose another folder.`,
    );
  });
});
