import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat, TensorEntry } from '../../../src/checkpoint/checkpoint.ts';
import { KERAS_H5 } from '../../../src/checkpoint/keras/h5.ts';
import { KERAS_ZIP } from '../../../src/checkpoint/keras/zip.ts';
import { faultOf } from './scratch.ts';

/** Their values, and the messages for hostile ones, are checked with the whole corpus in corpus.test.ts. */
const FOLDER = join(import.meta.dirname, '../../corpus/keras');
const FORMATS = [KERAS_ZIP, KERAS_H5];
const noSibling = async () => {
  throw new Error('no other file is named');
};

const openAs = async (name: string, format: CheckpointFormat): Promise<Checkpoint> =>
  format.open(await fileSource(join(FOLDER, name)), noSibling);
const formatOf = (name: string) => (name.endsWith('.keras') ? KERAS_ZIP : KERAS_H5);

interface Expected {
  tensors: Record<string, unknown>;
}
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.expected.json`), 'utf8'));

const GOOD = readdirSync(FOLDER).filter((name) => /\.(?:h5|keras)$/.test(name));

describe('files that h5py and Keras wrote', () => {
  it.each(GOOD)('%s is recognised by its own format only', async (name) => {
    const bytes = new Uint8Array(readFileSync(join(FOLDER, name)));
    const source = memorySource(bytes);
    const mine = await Promise.all(FORMATS.map((format) => format.isMine(bytes.subarray(0, 4096), source)));
    expect(FORMATS.filter((_, i) => mine[i])).toEqual([formatOf(name)]);
  });
});

describe('names, order and marks', () => {
  const listed = new Map<string, Promise<readonly TensorEntry[]>>();
  /** The tensors in a file, which is opened once, because a thread with the library takes long to start. */
  const tensorsOf = (name: string): Promise<readonly TensorEntry[]> => {
    const found = listed.get(name) ?? list(name);
    listed.set(name, found);
    return found;
  };
  const list = async (name: string) => {
    const checkpoint = await openAs(name, formatOf(name));
    await checkpoint.close();
    return [...checkpoint.tensors.values()];
  };

  it.each(GOOD)('%s lists the tensors that it holds, and no others', async (name) => {
    const names = (await tensorsOf(name)).map((entry) => entry.name);
    expect(names.filter((path) => !path.startsWith('notread/')).sort()).toEqual(
      Object.keys(expectedOf(name).tensors).sort(),
    );
  });

  it.each(['model.h5', 'model.keras', 'legacy.h5'])(
    '%s lists the layers in the order of the model',
    async (name) => {
      const layers = (names: string[]) => [...new Set(names.map((path) => path.split('/')[0]))];
      expect(layers((await tensorsOf(name)).map((entry) => entry.name))).toEqual(
        layers(Object.keys(expectedOf(name).tensors)),
      );
    },
  );

  it.each(['model.h5', 'model.keras', 'unnamed.keras', 'older.keras', 'model.weights.h5'])(
    '%s marks kernels of convolutions, and nothing else',
    async (name) => {
      const marked = (await tensorsOf(name))
        .filter(({ layout }) => layout === 'HWIO')
        .map((entry) => entry.name);
      expect(marked.sort()).toEqual([
        'depthwise/kernel',
        'line/kernel',
        'separable/depthwise_kernel',
        'separable/pointwise_kernel',
        'stem/kernel',
      ]);
    },
  );

  it('marks kernels of Keras 2 by the class of their layer', async () => {
    const marked = (await tensorsOf('legacy.h5')).filter(({ layout }) => layout === 'HWIO');
    expect(marked.map(({ name }) => name)).toEqual(['conv1d/kernel:0', 'bloc/été/kernel:0']);
  });

  it.each(['model.h5', 'model.keras', 'legacy.h5'])('%s marks the state of its optimiser', async (name) => {
    const marked = (await tensorsOf(name)).filter(({ optimiser }) => optimiser).map((entry) => entry.name);
    expect(marked.sort()).toEqual(
      Object.keys(expectedOf(name).tensors)
        .filter((tensor) => tensor.startsWith('optimizer'))
        .sort(),
    );
    expect(marked.length).toBeGreaterThan(0);
  });

  it('says which model it is', async () => {
    const checkpoint = await openAs('model.keras', KERAS_ZIP);
    await checkpoint.close();
    expect(Object.fromEntries(checkpoint.metadata)).toEqual({
      keras_version: '3.15.1',
      date_saved: '2024-01-01@00:00:00',
      class_name: 'Functional',
      name: 'whole',
    });
  });
});

describe('what is listed and not read', () => {
  it('says why', async () => {
    const checkpoint = await openAs('mixed.h5', KERAS_H5);
    const reasons = [...checkpoint.tensors.values()]
      .filter(({ unreadable }) => unreadable !== undefined)
      .map(({ name, unreadable }) => [name.replace('notread/', ''), unreadable]);
    expect(Object.fromEntries(reasons)).toEqual({
      claims: 'claims 4398046511104 bytes of values, which a file of 46524 bytes cannot hold',
      compound: 'holds compound values, which are not read here',
      enum: 'holds enumeration values, which are not read here',
      fixed: 'holds string values, which are not read here',
      lzf: 'is compressed by HDF5 filter 32000, which is not read here',
      null: 'has a type and no values',
      reference: 'holds reference values, which are not read here',
      text: 'holds string values, which are not read here',
    });
    const fault = await faultOf(checkpoint.read('notread/claims'));
    expect(fault.message).toBe(
      `${join(FOLDER, 'mixed.h5')}: has tensor "notread/claims", which claims 4398046511104 bytes of values, ` +
        'which a file of 46524 bytes cannot hold. Save it as float32, in one file.',
    );
    await checkpoint.close();
  });

  it('does not look outside the file, and refuses integers that no number holds', async () => {
    const checkpoint = await openAs('mixed.h5', KERAS_H5);
    expect((await faultOf(checkpoint.read('notread/outside'))).what).toBe(
      'has values that are damaged or cut off',
    );
    expect((await faultOf(checkpoint.read('notread/beyond'))).message).toBe(
      `${join(FOLDER, 'mixed.h5')}, tensor "notread/beyond", value 1: holds the int64 value 9007199254740993, ` +
        'which is beyond 2^53. Convert the array to float64 or int32.',
    );
    expect([...checkpoint.tensors.keys()]).not.toContain('notread/link');
    // A refusal leaves the rest readable.
    expect((await checkpoint.read('scalar')).data).toEqual(new Float32Array([2.5]));
    await checkpoint.close();
  });
});
