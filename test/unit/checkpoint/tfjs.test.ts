import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileSource, memorySource } from '../../../src/checkpoint/bytes/byteSource.ts';
import type { Checkpoint, OpenSibling } from '../../../src/checkpoint/checkpoint.ts';
import { siblingsOf } from '../../../src/checkpoint/siblings.ts';
import { TFJS } from '../../../src/checkpoint/tfjs/tfjs.ts';
import { Fault } from '../../../src/protocol/index.ts';
import { faultOf, scratchFolder } from './scratch.ts';

const FOLDER = join(import.meta.dirname, '../../corpus/tfjs');
const GOOD = [
  'layers/model.json',
  'graph/model.json',
  'bare/small-weights_manifest.json',
  'missing/model.json',
];
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const opened: Checkpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((file) => file.close())));
const open = async (path: string) => {
  const file = await TFJS.open(await fileSource(path), siblingsOf(path));
  opened.push(file);
  return file;
};
const openGood = (file: string) => open(join(FOLDER, file));
const openText = (text: string | Uint8Array, sibling: OpenSibling) =>
  TFJS.open(memorySource(new Uint8Array(Buffer.from(text)), 'FILE'), sibling);

const digest = (data: ArrayLike<number>) =>
  createHash('sha256')
    .update(new Uint8Array(Float64Array.from(data).buffer))
    .digest('hex');

interface Expected {
  tensors: Record<string, { dtype: string; shape: number[]; sha256: string; sum: number }>;
}

describe('TFJS', () => {
  it.each(GOOD)('reads every value of %s as numpy does', async (name) => {
    const { tensors }: Expected = JSON.parse(textOf(`${name}.expected.json`));
    const file = await openGood(name);
    const readable = [...file.tensors.values()].filter(({ unreadable }) => unreadable === undefined);
    expect(readable.map((entry) => entry.name).sort()).toEqual(Object.keys(tensors).sort());
    for (const [key, { dtype, shape, sha256 }] of Object.entries(tensors)) {
      expect(file.tensors.get(key)).toMatchObject({ name: key, dtype, shape });
      const { data, shape: found } = await file.read(key);
      expect([key, found, digest(data)]).toEqual([key, shape, sha256]);
    }
  });

  it('describes tensors: layout, state of the training, bytes as stored', async () => {
    const { tensors, metadata, format } = await openGood('layers/model.json');
    expect(format).toBe('TensorFlow.js');
    expect(Object.fromEntries(metadata)).toEqual({
      format: 'layers-model',
      generatedBy: 'keras v2.4.0',
      convertedBy: 'null',
    });
    expect(tensors.get('conv2d/kernel')).toEqual({
      name: 'conv2d/kernel',
      dtype: 'float32',
      shape: [3, 3, 2, 4],
      bytes: 288,
      layout: 'HWIO',
    });
    expect(tensors.get('Adam/m')).toMatchObject({ optimiser: true });
    expect(tensors.get('dense/kernel')).toEqual({
      name: 'dense/kernel',
      dtype: 'float32 (uint8)',
      shape: [5, 6],
      bytes: 30,
    });
  });

  it('reads quantised tensors in the dtype of the model', async () => {
    const file = await openGood('layers/model.json');
    expect((await file.read('dense/kernel')).dtype).toBe('float32');
    expect((await file.read('half/kernel')).data).toBeInstanceOf(Float32Array);
    expect((await file.read('int/kernel')).data).toBeInstanceOf(Int32Array);
    expect((await file.read('mask')).data).toEqual(new Uint8Array([1, 0, 1, 1]));
  });

  it('lists what it does not read, with the reason', async () => {
    const file = await openGood('layers/model.json');
    const reason = 'holds complex numbers, which are not read here';
    expect(file.tensors.get('complex')).toMatchObject({ unreadable: reason, bytes: 16 });
    expect((await faultOf(file.read('complex'))).what).toBe(reason);
    expect((await openGood('graph/model.json')).tensors.get('words')?.unreadable).toBe(
      'holds text, not numbers',
    );
    const path = join(FOLDER, 'layers/model.json');
    expect((await faultOf(file.read('none'))).message).toBe(
      `${path}: has no tensor "none". Use one of its tensors.`,
    );
  });

  it('loses only the tensors of a missing shard', async () => {
    const file = await openGood('missing/model.json');
    const reason = 'is in the file "group1-shard2of4.bin", which cannot be opened (there is no such file)';
    expect([...file.tensors.values()].map(({ name, unreadable }) => [name, unreadable])).toEqual([
      ['a', undefined],
      ['b', reason],
      ['c', reason],
      ['d', undefined],
      ['e', undefined],
    ]);
    expect((await faultOf(file.read('b'))).message).toBe(
      `${join(FOLDER, 'missing/model.json')}, entry "b": ${reason}. Fetch the whole model, or choose another tensor.`,
    );
  });

  it('does not guess the place of a tensor between texts', async () => {
    const weights = ['t', 'a', 'u', 'b'].map((name) => ({
      name,
      shape: [1],
      dtype: 'tu'.includes(name) ? 'string' : 'float32',
    }));
    const shard = new Uint8Array(5 + 4 + 6 + 4);
    new DataView(shard.buffer).setFloat32(15, 2.5, true);
    const file = await openText(JSON.stringify([{ paths: ['s'], weights }]), async () => memorySource(shard));
    expect(file.tensors.get('a')?.unreadable).toBe(
      'is between texts, whose lengths the manifest does not give',
    );
    expect((await file.read('b')).data).toEqual(new Float32Array([2.5]));
  });

  it('reads one tensor by ranges, and closes every shard', async () => {
    let openings = 0;
    let closed = 0;
    const ranges: [string, number, number][] = [];
    const path = join(FOLDER, 'layers/model.json');
    const file = await TFJS.open(await fileSource(path), async (name) => {
      const source = await siblingsOf(path)(name);
      openings++;
      return {
        ...source,
        read: (offset, length) => {
          ranges.push([name, offset, length]);
          return source.read(offset, length);
        },
        close: () => {
          closed++;
          return source.close();
        },
      };
    });
    expect(ranges).toEqual([]);
    await file.read('conv2d/bias');
    expect(ranges).toEqual([
      ['group1-shard3of4.bin', 88, 12],
      ['group1-shard4of4.bin', 0, 4],
    ]);
    expect(closed).toBe(openings);
    await file.close();
  });

  it.each([
    ['as TensorFlow.js writes it', (model: object) => model],
    ['as the converter writes it', (model: object) => ({ keras_version: '2.4.0', model_config: model })],
  ])('says which class of layer owns a weight, %s', async (_, topologyOf) => {
    const layer = (class_name: string, name: string) => ({ class_name, config: { name } });
    const layers = [layer('DepthwiseConv2D', 'stem'), layer('GRU', 'gru')];
    // A Sequential of TensorFlow.js is a list of its layers.
    for (const config of [layers, { name: 'model', layers }]) {
      const names = ['stem/depthwise_kernel', 'gru/gru_cell/bias', 'other/kernel'];
      const weights = names.map((name) => ({ name, shape: [2, 2], dtype: 'float32' }));
      const modelTopology = topologyOf({ class_name: 'Sequential', config });
      const model = { modelTopology, weightsManifest: [{ paths: ['absent.bin'], weights }] };
      const { tensors } = await openText(JSON.stringify(model), siblingsOf(FOLDER));
      expect([...tensors.values()].map(({ usedBy }) => usedBy)).toEqual([
        {
          by: 'Keras',
          className: 'depthwise_conv2d',
          outer: 'depthwise_conv2d',
          owner: 'stem',
          variable: 'depthwise_kernel',
        },
        { by: 'Keras', className: 'gru', outer: 'gru', owner: 'gru_cell', variable: 'bias' },
        undefined,
      ]);
    }
  });

  it('steps over a large topology, and still tells the byte of what is wrong', async () => {
    const node = '{"name":"a\\"}{","attr":{"T":{"type":"DT_FLOAT"},"shape":[1,2,-3.5e-3]}}';
    const topology = `{"modelTopology":"x","node":[${Array(20_000).fill(node).join(',')}]}`;
    const text = (rest: string) => `{"modelTopology" : ${topology},\n"format":"graph-model"${rest}}`;
    const file = await openText(text(',"weightsManifest":[]'), siblingsOf(FOLDER));
    expect(file.metadata.get('format')).toBe('graph-model');
    const wrong = text(',"weightsManifest":7');
    expect((await faultOf(openText(wrong, siblingsOf(FOLDER)))).where).toBe(`FILE, byte ${wrong.length - 2}`);
  });

  it('knows its files by their content', async () => {
    const isMine = (text: string) => {
      const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
      return TFJS.isMine(bytes.slice(0, 4096), memorySource(bytes));
    };
    for (const name of GOOD) expect(await isMine(textOf(name))).toBe(true);
    expect(await isMine(`{"modelTopology":"${'x'.repeat(9000)}","weightsManifest":[]}`)).toBe(true);
    for (const text of [
      '',
      '{}',
      '[]',
      '[{"weights":1}]',
      '{"weight_map":{}}',
      '{\0\0\0\0\0\0\0"weightsManifest"',
    ]) {
      expect(await isMine(text)).toBe(false);
    }
    const broken = { ...memorySource(new Uint8Array(9)), read: () => Promise.reject(new Error('broken')) };
    expect(await TFJS.isMine(new Uint8Array(Buffer.from('{')), broken)).toBe(false);
    expect(await TFJS.isMine(new Uint8Array(Buffer.from('{')), { ...broken, size: 2 ** 40 })).toBe(false);
  });
});

describe('TFJS, hostile', () => {
  const cases: { file: string; message: string }[] = JSON.parse(textOf('hostile.json'));
  const siblings = siblingsOf(join(FOLDER, 'hostile/after.json'));

  it.each(cases)('refuses $file', async ({ file, message }) => {
    const bytes = readFileSync(join(FOLDER, file));
    expect((await faultOf(openText(bytes, siblings))).message).toBe(message);
  });

  it('has a message for each file', () => {
    const files = readdirSync(join(FOLDER, 'hostile')).filter((file) => file.endsWith('.json'));
    expect(cases.map(({ file }) => file).sort()).toEqual(files.map((file) => `hostile/${file}`).sort());
  });

  it('opens nothing outside of its folder', async () => {
    for (const path of ['../bare/small-shard1of1.bin', '/etc/hostname', 'https://example.org/x', 'a\0b']) {
      const weights = [{ name: 'a', shape: [1], dtype: 'uint8' }];
      const file = await openText(JSON.stringify([{ paths: [path], weights }]), siblings);
      expect(file.tensors.get('a')?.unreadable).toMatch(/, which cannot be opened \(names the file /);
      await faultOf(file.read('a'));
    }
  });

  it('refuses a shard that changes after the model was opened', async () => {
    const folder = scratchFolder();
    for (const name of ['model.json', 'small-shard1of1.bin']) {
      const from = name === 'model.json' ? 'small-weights_manifest.json' : name;
      copyFileSync(join(FOLDER, 'bare', from), join(folder, name));
    }
    const file = await open(join(folder, 'model.json'));
    const shard = join(folder, 'small-shard1of1.bin');
    truncateSync(shard, 10);
    expect((await faultOf(file.read('dense0/bias'))).message).toBe(
      `${shard}: has changed since the model was opened. Open the model again.`,
    );
  });

  it('refuses a manifest of 17 MB unread, and closes it', async () => {
    const path = join(scratchFolder(), 'model.json');
    writeFileSync(path, '{');
    truncateSync(path, 17_000_000);
    let closed = 0;
    const found = await fileSource(path);
    const close = () => {
      closed++;
      return found.close();
    };
    const source = { ...found, close };
    expect((await faultOf(TFJS.open(source, siblings))).message).toBe(
      `${path}: takes 17000000 bytes, above the limit of 16777216 for a manifest. ` +
        'Convert the model again, with its weights in shards.',
    );
    expect(closed).toBe(1);
  });

  it('opens or refuses manifests with any characters changed', async () => {
    let state = 99;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let sound = 0;
    for (let round = 0; round < 400; round++) {
      const name = GOOD[round % GOOD.length];
      const bytes = Buffer.from(textOf(name));
      for (let change = 1 + next(3); change > 0; change--) {
        bytes[next(bytes.length)] = [next(256), 48 + next(10), 97 + next(26), 0x2c][next(4)];
      }
      const cut = bytes.subarray(0, next(4) === 0 ? next(bytes.length) : bytes.length);
      const outcome = await openText(cut, siblingsOf(join(FOLDER, name))).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome, String(outcome.stack)).toBeInstanceOf(Fault);
        continue;
      }
      sound++;
      const file = outcome as Awaited<ReturnType<typeof openText>>;
      for (const { name: tensor, unreadable } of file.tensors.values()) {
        const failure = await file.read(tensor).catch((error: unknown) => error);
        if (unreadable !== undefined) expect(failure).toBeInstanceOf(Fault);
        if (failure instanceof Error) expect(failure, String(failure.stack)).toBeInstanceOf(Fault);
      }
    }
    expect(sound).toBeGreaterThan(10);
    expect(sound).toBeLessThan(390);
  });
});
