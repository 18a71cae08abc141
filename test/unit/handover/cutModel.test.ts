import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFloat16 } from '@petamoriken/float16';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, readModelPieces } from '../../../src/checkpoint/index.ts';
import type { InspectionSpec, ModelDataSpec, TokenPooling } from '../../../src/experiment/index.ts';
import { cutModel } from '../../../src/handover/cutModel.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

/** By makeGraphs.py with onnx and numpy, and by makeModels.py with PyTorch, whose hooks saw what layers are. */
const graphs = (name: string): string => fileURLToPath(new URL(`fixtures/graphs/${name}`, import.meta.url));
const models = (name: string): string =>
  fileURLToPath(new URL(`../sources/fixtures/models/${name}`, import.meta.url));

const scratch = scratchFolder();

const open = (path: string, data: ModelDataSpec | string, more: Partial<InspectionSpec> = {}) =>
  openModel(path, {
    name: 'model',
    seed: 0,
    testShare: 0.25,
    layers: 'all',
    ...more,
    data: typeof data === 'string' ? { kind: 'arrays', path: data, inputs: {} } : data,
    threads: 1,
    baseDirectory: '/',
  });

interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

const arrayIn = async (file: string, name: string): Promise<Values> => {
  const checkpoint = await openCheckpoint(file);
  const { shape, data } = await checkpoint.read(name);
  await checkpoint.close();
  return { shape, data: Float64Array.from(data as Float32Array, Number) };
};

/** Cuts at a layer; the file is read by ONNX Runtime alone, in an empty folder. */
const cut = async (
  path: string,
  data: ModelDataSpec | string,
  layer: string,
  more: Partial<InspectionSpec> = {},
) => {
  const { tapped, close } = await open(path, data, more);
  const exported = await cutModel(tapped.get(layer)!, 1).finally(close);
  const session = await ort.InferenceSession.create(exported.model);
  const run = async (feeds: Record<string, ort.Tensor>): Promise<Values> => {
    const results = await session.run(feeds);
    expect(Object.keys(results)).toEqual([exported.output]);
    const { dims, data: values, type } = results[exported.output];
    expect(type).toBe('float32');
    return { shape: dims, data: values as Float32Array };
  };
  return { ...exported, session, run };
};

const float32 = ({ shape, data }: Values): ort.Tensor =>
  new ort.Tensor('float32', Float32Array.from(data), shape);

const halves = (data: ArrayLike<number>): Uint16Array => {
  const view = new DataView(new ArrayBuffer(2 * data.length));
  for (let at = 0; at < data.length; at++) setFloat16(view, 2 * at, data[at], true);
  return new Uint16Array(view.buffer);
};

/** The largest difference, relative to the largest value. */
const difference = (found: Values, expected: Values): number => {
  expect(found.shape).toEqual(expected.shape);
  const scale = Math.max(...Array.from(expected.data, Math.abs));
  return Math.max(...Array.from(expected.data, (value, at) => Math.abs(value - found.data[at]))) / scale;
};

/** One vector of the tokens or positions [samples, tokens, dimensions] of each sample. */
const pooled = (
  { shape: [samples, tokens, width], data }: Values,
  pooling: TokenPooling,
  lengthOf: (sample: number) => number = () => tokens,
): Values => ({
  shape: [samples, width],
  data: Array.from({ length: samples * width }, (_, at) => {
    const sample = Math.floor(at / width);
    const values = Array.from(
      { length: lengthOf(sample) },
      (__, token) => data[(sample * tokens + token) * width + (at % width)],
    );
    if (pooling === 'first') return values[0];
    if (pooling === 'last') return values[values.length - 1];
    return pooling === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b) / values.length;
  }),
});

/** A map [samples, channels, height, width] as positions: [samples, height * width, channels]. */
const positions = ({ shape: [samples, channels, ...sides], data }: Values): Values => {
  const count = sides.reduce((a, b) => a * b, 1);
  return {
    shape: [samples, count, channels],
    data: Array.from({ length: samples * count * channels }, (_, at) => {
      const [sample, position] = [Math.floor(at / (count * channels)), Math.floor(at / channels) % count];
      return data[(sample * channels + (at % channels)) * count + position];
    }),
  };
};

/** The same model with operator set 11 in place of 9. */
const newer = (path: string): string => {
  const bytes = readFileSync(path);
  // The last field is the operator set, which ends with its version.
  bytes[bytes.lastIndexOf(Buffer.from([0x10, 9])) + 1] = 11;
  const file = join(scratch, 'newer.onnx');
  writeFileSync(file, bytes);
  return file;
};

describe('a model that is cut at a layer', () => {
  it.each([
    ['stem.1', 'stem'],
    ['blocks.0/relu_1', 'blocks.0'],
    ['blocks.1/relu_1', 'blocks.1'],
    ['pool', 'pool'],
    ['head.0', 'head.0'],
    ['logits', 'head.2'],
  ])('gives what a hook sees in PyTorch: %s', async (layer, module) => {
    const { run, inputs, dimensions } = await cut(models('residual.onnx'), models('images.npz'), layer);
    const seen = await arrayIn(models('residual-hooks.npz'), module);
    const expected = seen.shape.length === 4 ? pooled(positions(seen), 'mean') : seen;
    const found = await run({ image: float32(await arrayIn(models('images.npz'), 'image')) });
    expect(difference(found, expected)).toBeLessThan(1e-5);
    expect(inputs).toEqual([{ name: 'image', shape: ['batch', 3, 8, 8] }]);
    expect(dimensions).toBe(expected.shape[1]);
  });

  it.each<TokenPooling>(['mean', 'first', 'last', 'max'])(
    'has the pooling of tokens inside, without padding: %s',
    async (pooling) => {
      const { run } = await cut(models('tokens.onnx'), models('tokens.npz'), 'hidden', { tokens: [pooling] });
      const integers = async (name: string): Promise<ort.Tensor> => {
        const { shape, data } = await arrayIn(models('tokens.npz'), name);
        return new ort.Tensor('int64', BigInt64Array.from(Array.from(data), BigInt), shape);
      };
      const found = await run({
        input_ids: await integers('input_ids'),
        attention_mask: await integers('attention_mask'),
      });
      const seen = await arrayIn(models('tokens-hooks.npz'), 'encoder.layers.1');
      const expected = pooled(seen, pooling, (sample) => 2 + (sample % 5));
      expect(difference(found, expected)).toBeLessThan(1e-5);
    },
  );

  it.each<TokenPooling>(['mean', 'first', 'last', 'max'])(
    'has the pooling of tokens without a mask inside: %s',
    async (pooling) => {
      const old = pooling === 'last' ? newer(graphs('old.onnx')) : graphs('old.onnx');
      const { run } = await cut(old, graphs('tokens.npz'), 'acts', { tokens: [pooling] });
      const found = await run({ tokens: float32(await arrayIn(graphs('tokens.npz'), 'tokens')) });
      const expected = pooled(await arrayIn(graphs('old-expected.npz'), 'acts'), pooling);
      expect(difference(found, expected)).toBeLessThan(1e-5);
    },
  );

  it('leaves out what the layer does not need', async () => {
    const [whole, early] = await Promise.all([
      cut(models('residual.onnx'), models('images.npz'), 'logits'),
      cut(models('residual.onnx'), models('images.npz'), 'stem.1'),
    ]);
    const [all, some] = await Promise.all([readModelPieces(whole.model), readModelPieces(early.model)]);
    expect(some.constants.length).toBeLessThan(all.constants.length / 2);
    expect(some.nodes.map(({ operator }) => operator)).toEqual([
      'Conv',
      'Relu',
      'GlobalAveragePool',
      'Flatten',
      'Identity',
    ]);
  });

  it.each([
    ['external.onnx', 'hidden'],
    ['external.onnx', 'out'],
    ['listed.onnx', 'hidden'],
  ])('needs no other file: %s at %s', async (model, layer) => {
    const { run, session } = await cut(graphs(model), graphs('rows.npz'), layer, { layers: [layer] });
    expect(session.inputNames.at(0)).toBe('x');
    const found = await run({ x: float32(await arrayIn(graphs('rows.npz'), 'x')) });
    expect(difference(found, await arrayIn(graphs('dense-expected.npz'), layer))).toBeLessThan(1e-5);
  });

  it('has what the branches of a condition take', async () => {
    const { run } = await cut(graphs('branching.onnx'), graphs('rows.npz'), 'positive', {
      layers: ['positive'],
    });
    const found = await run({ x: float32(await arrayIn(graphs('rows.npz'), 'x')) });
    expect(difference(found, await arrayIn(graphs('branching-expected.npz'), 'positive'))).toBeLessThan(1e-5);
  });

  it('gives float32 where the model computes in float16', async () => {
    const { run } = await cut(graphs('half.onnx'), graphs('rows.npz'), 'hidden', { layers: ['hidden'] });
    const { shape, data } = await arrayIn(graphs('rows.npz'), 'x');
    const found = await run({ x: new ort.Tensor('float16', halves(data), shape) });
    expect(difference(found, await arrayIn(graphs('dense-expected.npz'), 'hidden'))).toBeLessThan(3e-3);
  });

  it('takes a fixed number of samples where the model does, with channels last', async () => {
    const { run, inputs } = await cut(graphs('channels.onnx'), graphs('maps.npz'), 'map', {
      layers: ['map'],
    });
    expect(inputs).toEqual([{ name: 'image', shape: [5, 6, 6, 3] }]);
    const { data } = await arrayIn(graphs('maps.npz'), 'image');
    const found = await run({
      image: float32({ shape: [5, 6, 6, 3], data: Array.from(data).slice(0, 540) }),
    });
    const { data: map } = await arrayIn(graphs('channels-expected.npz'), 'map');
    const expected = pooled({ shape: [5, 36, 5], data: Array.from(map).slice(0, 900) }, 'mean');
    expect(difference(found, expected)).toBeLessThan(1e-5);
  });

  it('has tokens that a transposition made of positions', async () => {
    const { run } = await cut(graphs('sequence.onnx'), graphs('strips.npz'), 'acts');
    const found = await run({ image: float32(await arrayIn(graphs('strips.npz'), 'image')) });
    const acts = await arrayIn(graphs('sequence-expected.npz'), 'acts');
    expect(difference(found, pooled(acts, 'mean'))).toBeLessThan(1e-5);
  });

  it('has the normalisation of images inside', async () => {
    const folder = join(scratch, 'pictures');
    mkdirSync(folder);
    const colours = [0, 90, 255, 31];
    for (const [at, red] of colours.entries()) {
      const background = { r: red, g: 51, b: 102 };
      await sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toFile(join(folder, `${at}.png`));
    }
    for (const channels of ['rgb', 'bgr'] as const) {
      const { run, inputs, words } = await cut(
        models('residual.onnx'),
        { kind: 'images', path: folder, preprocess: { channels } },
        'pool',
      );
      expect(inputs).toEqual([{ name: 'images', shape: ['batch', 8, 8, 3] }]);
      expect(words.input).toBe(
        'decoded images as bytes, RGB, height x width x channels, the shorter side resized to 9 and the middle cut to 8 x 8',
      );
      const pixels = Uint8Array.from(
        { length: 4 * 64 * 3 },
        (_, at) => [colours[Math.floor(at / 192)], 51, 102][at % 3],
      );
      const found = await run({ images: new ort.Tensor('uint8', pixels, [4, 8, 8, 3]) });
      const [mean, deviation] = [
        [0.485, 0.456, 0.406],
        [0.229, 0.224, 0.225],
      ];
      const normalised = Float32Array.from({ length: 4 * 192 }, (_, at) => {
        const channel = Math.floor(at / 64) % 3;
        const colour = [colours[Math.floor(at / 192)], 51, 102][channels === 'rgb' ? channel : 2 - channel];
        return (colour / 255 - mean[channel]) / deviation[channel];
      });
      const byArrays = await cut(models('residual.onnx'), models('images.npz'), 'pool');
      const expected = await byArrays.run({ image: new ort.Tensor('float32', normalised, [4, 3, 8, 8]) });
      expect(difference(found, expected)).toBeLessThan(1e-5);
    }
  });

  it('says where it comes from', async () => {
    const { model } = await cut(models('tokens.onnx'), models('tokens.npz'), 'hidden');
    const { metadata } = await readModelPieces(model);
    expect(Object.fromEntries(metadata.map(({ name, value }) => [name, value]))).toEqual({
      'pentimento.model': 'tokens.onnx',
      'pentimento.layer': 'hidden',
      'pentimento.input': 'as the model takes them',
      'pentimento.pooling': 'mean',
    });
  });
});

describe('a model that cannot be cut', () => {
  it('lacks the operators of a pooling', async () => {
    const { tapped, close } = await open(graphs('old.onnx'), graphs('tokens.npz'), { tokens: ['last'] });
    const fault = await faultOf(cutModel(tapped.get('acts')!, 1).finally(close));
    expect(fault.message).toMatch(
      /old\.onnx: is of operator set 9, and a layer whose pooling is last takes 11\. Export the model for operator set 17\.$/,
    );
  });

  it('has lost the file with its weights', async () => {
    const folder = join(scratch, 'lost');
    mkdirSync(folder);
    for (const name of ['external.onnx', 'external.data']) cpSync(graphs(name), join(folder, name));
    const { tapped, close } = await open(join(folder, 'external.onnx'), graphs('rows.npz'), {
      layers: ['hidden'],
    });
    rmSync(join(folder, 'external.data'));
    const fault = await faultOf(cutModel(tapped.get('hidden')!, 1).finally(close));
    expect(fault.message).toMatch(
      /external\.onnx: has tensor "w1", which has its values in the file "external\.data" \(.*\)\. Keep the files of a model together/,
    );
  });

  it('has graphs in graphs without end', async () => {
    const bytesOf = (field: number, value: Uint8Array): Buffer => {
      const length: number[] = [];
      for (let rest = value.length; ; rest >>>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest);
        if (rest <= 127) break;
      }
      return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), value]);
    };
    // A node with an attribute with a graph with a node with an attribute ...
    let node: Uint8Array = bytesOf(4, Buffer.from('Relu'));
    for (let level = 0; level < 5000; level++) node = bytesOf(5, bytesOf(6, bytesOf(1, node)));
    const fault = await faultOf(
      readModelPieces(Buffer.concat([Buffer.from([8, 8]), bytesOf(7, bytesOf(1, node))])),
    );
    expect(fault.message).toMatch(/has graphs more than 32 levels deep/);
  });

  it('gives something else than was inspected', async () => {
    const { tapped, close } = await open(models('residual.onnx'), models('images.npz'));
    const layer = tapped.get('pool')!;
    const changed = {
      ...layer,
      firstSamples: async () => {
        const { given, rows } = await layer.firstSamples();
        return { given, rows: rows.map((value) => 1.01 * value) };
      },
    };
    const fault = await faultOf(cutModel(changed, 1).finally(close));
    expect(fault.kind).toBe('run');
    expect(fault.message).toMatch(/residual\.onnx: cut at "pool", gives other values than were inspected \(/);
  });
});
