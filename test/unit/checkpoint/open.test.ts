import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import { openCheckpoint } from '../../../src/checkpoint/index.ts';
import { encodeNpy } from './npyFiles.ts';
import { faultOf, scratchFolder } from './scratch.ts';

const folder = scratchFolder();
const CORPUS = join(import.meta.dirname, '../../corpus');
const place = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const array = encodeNpy({ dtype: 'float32', shape: [2], data: new Float32Array([1, 2]) });

describe('openCheckpoint', () => {
  it('goes by content, not by name', async () => {
    const checkpoint = await openCheckpoint(place('w.safetensors', array));
    expect(checkpoint.format).toBe('NumPy array');
    expect([...checkpoint.tensors.keys()]).toEqual(['w.safetensors']);
    await checkpoint.close();
  });

  it('opens bytes, with a way to open what they name', async () => {
    const files = new Map([['x.npy', array]]);
    const source = memorySource(Buffer.from('{"weight_map": {"x": "x.npy"}}'), 'i.json');
    const openSibling = async (name: string) => memorySource(files.get(name) as Uint8Array, name);
    const checkpoint = await openCheckpoint({ source, openSibling });
    expect((await checkpoint.read('x')).data).toEqual(new Float32Array([1, 2]));
  });

  it('says in one line what is read here', async () => {
    const path = place('notes.dat', '\x01\x02\x03');
    const { message } = await faultOf(openCheckpoint(path));
    expect(message).toMatch(
      /^[^\n]*notes\.dat: is in no format that is read here \([^\n]*safetensors[^\n]*\)\. Save it as one of these\.$/,
    );
    for (const format of ['PyTorch', 'ONNX', 'GGUF', 'NumPy archive']) expect(message).toContain(format);
  });

  it('has words of their own for an empty file, a pointer of Git LFS, a folder and no file', async () => {
    expect((await faultOf(openCheckpoint(place('empty', '')))).what).toBe('is empty');
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n';
    expect((await faultOf(openCheckpoint(place('p', pointer)))).remedy).toBe("Fetch it: 'git lfs pull'");
    mkdirSync(join(folder, 'f'));
    expect((await faultOf(openCheckpoint(join(folder, 'f')))).what).toBe(
      'is a folder without a file of weights',
    );
    expect((await faultOf(openCheckpoint(join(folder, 'none')))).what).toBe('there is no such file');
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe, and reads no device', async () => {
    const pipe = join(folder, 'pipe.safetensors');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      expect((await faultOf(openCheckpoint(path))).message).toBe(
        `${path}: is not a file. Give the path of a file.`,
      );
    }
  });

  it('closes the file when it cannot be opened', async () => {
    const texts = [
      '',
      'no checkpoint',
      '{"weight_map": {"x": "y"}}',
      `\x93NUMPY`,
      `PK\x03\x04${'\0'.repeat(60)}`,
    ];
    for (const text of texts) {
      let closed = 0;
      const source = {
        ...memorySource(Buffer.from(text, 'latin1')),
        close: async () => {
          closed++;
        },
      };
      const openSibling = () => Promise.reject(new Error('none'));
      await openCheckpoint({ source, openSibling }).catch(() => {});
      expect({ text, closed }).toEqual({ text, closed: 1 });
    }
  });

  it('gives a checkpoint or a fault for files with some bytes changed or cut off', async () => {
    const files = [
      'numpy/stored.npz',
      'numpy/deflated.npz',
      'numpy/fortran.npy',
      'safetensors/every.safetensors',
    ];
    const openSibling = (name: string) => Promise.reject(new Error(name));
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (const file of files) {
      const whole = readFileSync(join(CORPUS, file));
      for (let trial = 0; trial < 150; trial++) {
        const changed = Buffer.from(whole);
        for (let i = random(4); i >= 0; i--) {
          // Headers are at the ends, where changes matter most.
          const near = random(2) === 0 ? random(Math.min(600, changed.length)) : random(changed.length);
          changed[random(2) === 0 ? near : changed.length - 1 - near] = random(256);
        }
        const cut = random(4) === 0 ? changed.subarray(0, random(changed.length)) : changed;
        const outcome = await (async () => {
          const checkpoint = await openCheckpoint({ source: memorySource(cut, file), openSibling });
          for (const [name, { shape }] of checkpoint.tensors) {
            const tensor = await checkpoint.read(name).catch((error: Error) => {
              if (error.name !== 'Fault') throw error;
            });
            if (tensor) expect(tensor.data.length).toBe(shape.reduce((a, b) => a * b, 1));
          }
        })().catch((error: Error) => error);
        if (outcome !== undefined) expect(outcome.name, outcome.stack).toBe('Fault');
      }
    }
  });
});
