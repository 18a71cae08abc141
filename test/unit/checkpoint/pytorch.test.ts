import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { Checkpoint } from '../../../src/checkpoint/index.ts';
import { PYTORCH_STREAM } from '../../../src/checkpoint/pytorch/stream.ts';
import { PYTORCH_TAR } from '../../../src/checkpoint/pytorch/tar.ts';
import { PYTORCH_ZIP } from '../../../src/checkpoint/pytorch/zip.ts';
import { Fault } from '../../../src/protocol/index.ts';
import { faultOf } from './scratch.ts';

const folder = join(import.meta.dirname, '../../corpus/pytorch');
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));

const openBytes = async (bytes: Uint8Array): Promise<Checkpoint | null> => {
  const source = memorySource(bytes, 'FILE');
  const formats = [PYTORCH_ZIP, PYTORCH_STREAM, PYTORCH_TAR];
  for (const format of formats) {
    if (await format.isMine(bytes.subarray(0, 4096), source)) return format.open(source, noSibling);
  }
  return null;
};
const noSibling = () => Promise.reject(new Error('no PyTorch file names another'));

const open = async (file: string): Promise<Checkpoint> => {
  const checkpoint = await openBytes(bytesOf(file));
  if (checkpoint === null) throw new Error(`${file} is not recognised`);
  return checkpoint;
};

interface Expected {
  readonly format: string;
  readonly tensors: Record<string, { dtype: string; shape: number[]; sha256: string; sum: number }>;
}

const described = async (checkpoint: Checkpoint, name: string, dtype: string) => {
  const { shape, data } = await checkpoint.read(name);
  const values = Float64Array.from(data);
  const sha256 = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
  return { dtype, shape: [...shape], sha256 };
};

const good = readdirSync(folder).filter((file) => !/\.json$|^hostile$/.test(file));

describe('PyTorch checkpoints', () => {
  it.each(good)('reads %s as torch does', async (file) => {
    const expected: Expected = JSON.parse(readFileSync(join(folder, `${file}.expected.json`), 'utf8'));
    const checkpoint = await open(file);
    expect(checkpoint.format).toBe(expected.format);
    const readable = [...checkpoint.tensors.values()].filter(({ unreadable }) => unreadable === undefined);
    expect(readable.map(({ name }) => name).sort()).toEqual(Object.keys(expected.tensors).sort());
    for (const { name, dtype, shape } of readable) {
      const { sum: _, ...wanted } = expected.tensors[name];
      expect([...shape]).toEqual(wanted.shape);
      expect({ name, ...(await described(checkpoint, name, dtype)) }).toEqual({ name, ...wanted });
    }
  });
});

const outcome = async (bytes: Uint8Array): Promise<string> => {
  try {
    const checkpoint = await openBytes(bytes);
    if (checkpoint === null) return 'not recognised';
    for (const { name, unreadable } of checkpoint.tensors.values()) {
      if (unreadable === undefined) await checkpoint.read(name);
    }
    return 'opens';
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
};

interface HostileCase {
  readonly file: string;
  readonly message: string;
}
const hostile: HostileCase[] = JSON.parse(readFileSync(join(folder, 'hostile.json'), 'utf8'));

describe('hostile PyTorch files', () => {
  it.each(hostile)('refuses $file', async ({ file, message }) => {
    expect(await outcome(bytesOf(file))).toBe(message);
  });

  it('has a message for every hostile file', () => {
    const files = readdirSync(join(folder, 'hostile')).map((file) => `hostile/${file}`);
    expect(files.sort()).toEqual(hostile.map(({ file }) => file).sort());
  });

  it.each(good)('opens or refuses %s with bytes changed or cut', async (file) => {
    const whole = bytesOf(file);
    let seed = whole.length;
    // The generator of Numerical Recipes: the cases are the same every time.
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let turn = 0; turn < 25; turn++) {
      const changed = whole.slice(0, turn % 4 === 0 ? random(whole.length) : whole.length);
      for (let n = random(4); n >= 0 && changed.length > 0; n--)
        changed[random(changed.length)] = random(256);
      await outcome(changed);
    }
  });

  it('gives a pickle for every change of one of its bytes, or refuses it', async () => {
    const stored = Buffer.from(bytesOf('stream_module.pth'));
    for (let at = 0; at < 2500; at += 3) {
      const changed = new Uint8Array(stored);
      changed[at] ^= 1 << (at % 7);
      await outcome(changed);
    }
  });
});

describe('names and facts of PyTorch checkpoints', () => {
  it('lists what it cannot read, with the reason, and refuses to read it', async () => {
    const checkpoint = await open('unreadable.pt');
    const reasons = [...checkpoint.tensors.values()].map(({ name, dtype, shape, unreadable }) => [
      name,
      dtype,
      shape,
      unreadable,
    ]);
    expect(reasons).toEqual([
      ['plain', 'float32', [3], undefined],
      ['complex', 'complex64', [2, 3], 'is complex64, which is not read here'],
      ['quantised', 'qint8 × scale', [4, 4], undefined],
      ['by_channel', 'quint8 × scale', [2, 4], undefined],
      ['sparse', 'float32', [5, 5], 'is sparse, which is not read here'],
      ['compressed', 'float32', [6, 6], 'is sparse, which is not read here'],
      ['meta', 'float32', [7, 2], 'was saved without its values'],
      ['repeated', 'float32', [5000, 5000], 'repeats 1 stored values 25000000 times'],
    ]);
    expect((await faultOf(checkpoint.read('sparse'))).message).toBe(
      'FILE: tensor "sparse" is sparse, which is not read here. Save it as a dense tensor of real numbers.',
    );
  });

  it('lists the NumPy arrays of a pickle, and no scalars', async () => {
    const { tensors } = await open('arrays.pt');
    expect([...tensors.values()].map(({ name, shape, unreadable }) => [name, shape, unreadable])).toEqual([
      ['weight', [2, 3], undefined],
      ['array', [4, 2], 'is a NumPy array in the pickle, which is not read here'],
    ]);
  });

  it('lists newer kinds of tensors that it cannot read', async () => {
    const { tensors } = await open('newer.pt');
    const unreadable = (name: string) => [tensors.get(name)?.shape, tensors.get(name)?.unreadable];
    expect(unreadable('negated')).toEqual([[1], 'is a conjugated or negated view, which is not read here']);
    expect(unreadable('nested')).toEqual([[], 'is nested, which is not read here']);
    expect(unreadable('wrapper')).toEqual([[9, 2], 'is a wrapper around other tensors']);
    expect(unreadable('tpu')).toEqual([[2, 6], 'is kept as a NumPy array for another device']);
  });

  it('gives tied tensors the same storage, and other views of it another', async () => {
    for (const file of ['views.pt', 'stream.pth']) {
      const { tensors } = await open(file);
      const storage = (name: string) => tensors.get(name)?.storage;
      expect(storage('tied')).toBe(storage('base'));
      expect(new Set([...tensors.values()].map((entry) => entry.storage)).size).toBe(tensors.size - 1);
    }
  });

  it('marks the state of the training, and keeps the epoch', async () => {
    const training = await open('training.pt');
    const optimiser = [...training.tensors.values()].filter((entry) => entry.optimiser);
    expect(optimiser).toHaveLength(7);
    expect(optimiser.every(({ name }) => name.startsWith('optimizer.state.'))).toBe(true);
    expect([...training.metadata]).toEqual([
      ['epoch', '12'],
      ['arch', 'small'],
    ]);
    const lone = await open('optimiser.pt');
    expect([...lone.tensors.values()].every((entry) => entry.optimiser)).toBe(true);
    const lightning = await open('lightning.ckpt');
    const weights = [...lightning.tensors.values()].filter((entry) => !entry.optimiser);
    expect(weights.map(({ name }) => name)).toContain('conv.weight');
    expect(weights).toHaveLength(10);
    expect((await open('tar.pth')).metadata.get('epoch')).toBe('3');
  });

  it('recognises no other zip, pickle or tar', async () => {
    expect(await openBytes(Buffer.from('PK\x03\x04 no archive', 'latin1'))).toBeNull();
    expect(await openBytes(Buffer.from('\x80\x02}q\x00.', 'latin1'))).toBeNull();
    expect(await openBytes(new Uint8Array(512))).toBeNull();
    expect(await openBytes(new Uint8Array(0))).toBeNull();
  });

  it('refuses a name that is not there', async () => {
    const fault = await faultOf((await open('views.pt')).read('absent'));
    expect(fault.message).toBe('FILE: has no tensor "absent". Use one of its tensors.');
  });
});
