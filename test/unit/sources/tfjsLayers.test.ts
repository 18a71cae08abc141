import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tfl from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { cutModel } from '../../../src/handover/cutModel.ts';
import { faultOf } from '../checkpoint/scratch.ts';
import { arraysFile, difference, floats, open, rowsOf, SAMPLES, scratch } from './tfjsFiles.ts';

/** Writes a model as its library saves it: the JSON, and the parameters in two shards. */
const save = async (model: tfl.LayersModel, name: string): Promise<string> => {
  let artifacts: tf.io.ModelArtifacts | null = null;
  const handler = tf.io.withSaveHandler(async (saved) => {
    artifacts = saved;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  const { modelTopology, weightSpecs, weightData } = artifacts! as tf.io.ModelArtifacts;
  const bytes = Buffer.from(weightData as ArrayBuffer);
  const paths = [`${name}-1.bin`, `${name}-2.bin`];
  writeFileSync(join(scratch, paths[0]), bytes.subarray(0, 100));
  writeFileSync(join(scratch, paths[1]), bytes.subarray(100));
  const file = join(scratch, `${name}.json`);
  const manifest = [{ paths, weights: weightSpecs }];
  writeFileSync(file, JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest: manifest }));
  return file;
};

/** Gives every parameter a random value; variances are positive. */
const randomise = (model: tfl.LayersModel): void => {
  model.setWeights(
    model.getWeights().map((weight) => {
      const values = floats(weight.size);
      return tf.tensor(
        values.map((value) => Math.abs(value) + 0.1),
        weight.shape,
      );
    }),
  );
};

const images = (): tfl.LayersModel => {
  const input = tfl.input({ shape: [9, 7, 3], name: 'image' });
  const { layers } = tfl;
  const apply = (layer: { apply(x: never): unknown }, x: tfl.SymbolicTensor | tfl.SymbolicTensor[]) =>
    layer.apply(x as never) as tfl.SymbolicTensor;
  const conv = apply(
    layers.conv2d({
      filters: 4,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      name: 'conv',
    }),
    input,
  );
  const norm = apply(layers.batchNormalization({ name: 'norm' }), conv);
  const deep = apply(
    layers.depthwiseConv2d({ kernelSize: [3, 2], depthMultiplier: 2, padding: 'same', name: 'deep' }),
    norm,
  );
  const six = apply(layers.reLU({ maxValue: 6, name: 'six' }), deep);
  const point = apply(layers.conv2d({ filters: 4, kernelSize: 1, name: 'point' }), six);
  const sum = apply(layers.add({ name: 'sum' }), [point, norm]);
  const leaky = apply(layers.leakyReLU({ alpha: 0.1, name: 'leaky' }), sum);
  const most = apply(layers.maxPooling2d({ poolSize: 2, padding: 'same', name: 'most' }), leaky);
  const mean = apply(
    layers.averagePooling2d({ poolSize: [2, 2], strides: [1, 1], padding: 'same', name: 'mean' }),
    most,
  );
  const padded = apply(layers.zeroPadding2d({ padding: [1, 2], name: 'padded' }), mean);
  const separable = apply(
    layers.separableConv2d({ filters: 5, kernelSize: 3, activation: 'elu', name: 'separable' }),
    padded,
  );
  const slope = apply(layers.prelu({ name: 'slope', sharedAxes: [1, 2] }), separable);
  const pool = apply(layers.globalAveragePooling2d({ name: 'pool' }), slope);
  const out = apply(layers.dense({ units: 3, activation: 'softmax', name: 'out' }), pool);
  return tfl.model({ inputs: input, outputs: out });
};

const sequence = (): tfl.LayersModel =>
  tfl.sequential({
    layers: [
      tfl.layers.lstm({ units: 4, returnSequences: true, inputShape: [5, 3], name: 'memory' }),
      tfl.layers.gru({ units: 3, name: 'gate' }),
      tfl.layers.dropout({ rate: 0.5, name: 'drop' }),
      tfl.layers.dense({ units: 2, activation: 'sigmoid', name: 'out' }),
    ],
  });

/** What the library itself computes: every layer of every sample, with positions and steps averaged. */
const expectedOf = (model: tfl.LayersModel, x: tf.Tensor, layer: string): number[] =>
  tf.tidy(() => {
    const tap = tfl.model({
      inputs: model.inputs,
      outputs: model.getLayer(layer).output as tfl.SymbolicTensor,
    });
    const whole = tap.apply(x, { training: false }) as tf.Tensor;
    const axes = whole.shape.map((_, axis) => axis).slice(1, -1);
    return Array.from((axes.length === 0 ? whole : tf.mean(whole, axes)).dataSync());
  });

describe('a layers model of TensorFlow.js', () => {
  const pixels = floats(SAMPLES * 9 * 7 * 3);
  const steps = floats(SAMPLES * 5 * 3);
  let [vision, memory]: tfl.LayersModel[] = [];
  let [visionFile, memoryFile]: string[] = [];
  beforeAll(async () => {
    await tf.setBackend('cpu');
    vision = images();
    memory = sequence();
    for (const model of [vision, memory]) randomise(model);
    visionFile = await save(vision, 'vision');
    memoryFile = await save(memory, 'memory');
    await arraysFile('pixels.npz', 'image', [SAMPLES, 9, 7, 3], pixels);
    await arraysFile('steps.npz', 'memory_input', [SAMPLES, 5, 3], steps);
  });

  it('has the values that TensorFlow.js computes, at every layer', async () => {
    const names = vision.layers.map(({ name }) => name).filter((name) => name !== 'image');
    const { source, close } = await open(visionFile, 'pixels.npz', names);
    expect(source.layers.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const found = await rowsOf(source, name);
      await tf.setBackend('cpu');
      const expected = tf.tidy(() => expectedOf(vision, tf.tensor(pixels, [SAMPLES, 9, 7, 3]), name));
      expect(difference(found, expected), name).toBeLessThan(1e-5);
    }
    await close();
  });

  it('may be recurrent', async () => {
    const names = ['memory', 'gate', 'drop', 'out'];
    const { source, close } = await open(memoryFile, 'steps.npz', names);
    for (const name of names) {
      const found = await rowsOf(source, name);
      await tf.setBackend('cpu');
      const expected = tf.tidy(() => expectedOf(memory, tf.tensor(steps, [SAMPLES, 5, 3]), name));
      expect(difference(found, expected), name).toBeLessThan(1e-5);
    }
    await close();
  });

  it('has its activations, sums, pooling and head as layers by default', async () => {
    const { source, close } = await open(visionFile, 'pixels.npz');
    expect(source.layers.map(({ name }) => name)).toEqual([
      'input',
      'conv',
      'six',
      'sum',
      'leaky',
      'separable',
      'slope',
      'pool',
      'out',
    ]);
    await close();
  });

  it('is cut at a layer, as ONNX', async () => {
    const { tapped, close } = await open(visionFile, 'pixels.npz');
    const { model, inputs } = await cutModel(tapped.get('leaky')!, 1).finally(close);
    expect(inputs).toEqual([{ name: 'image', shape: ['batch', 9, 7, 3] }]);
    const session = await ort.InferenceSession.create(model);
    const results = await session.run({ image: new ort.Tensor('float32', pixels, [SAMPLES, 9, 7, 3]) });
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => expectedOf(vision, tf.tensor(pixels, [SAMPLES, 9, 7, 3]), 'leaky'));
    expect(difference(Array.from(Object.values(results)[0].data as Float32Array), expected)).toBeLessThan(
      1e-5,
    );
  });

  it.each<[string, () => string, RegExp]>([
    [
      'no model',
      () => {
        const file = join(scratch, 'none.json');
        writeFileSync(file, '{"format": "layers-model"}');
        return file;
      },
      /none\.json: has no modelTopology and weightsManifest\. The file is damaged/,
    ],
    [
      'a layer of a class that TensorFlow.js does not have',
      () => {
        const file = join(scratch, 'odd.json');
        writeFileSync(file, readFileSync(visionFile, 'utf8').replace('"LeakyReLU"', '"OddReLU"'));
        return file;
      },
      /odd\.json: cannot be loaded by TensorFlow\.js \(.*OddReLU.*\)\. Convert it again/,
    ],
    [
      'a shard outside of its folder',
      () => {
        const file = join(scratch, 'outside.json');
        writeFileSync(file, readFileSync(visionFile, 'utf8').replace('vision-1.bin', '../vision-1.bin'));
        return file;
      },
      /outside\.json: names the file "\.\.\/vision-1\.bin", which leaves the checkpoint's folder/,
    ],
  ])('is refused: %s', async (_, file, message) => {
    const fault = await faultOf(open(file(), 'pixels.npz'));
    expect(fault.kind).toBe('input');
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });

  it('names the operation that cannot be recorded', async () => {
    await tf.setBackend('cpu');
    const layer = tfl.layers.conv3d({ filters: 2, kernelSize: 2, inputShape: [3, 3, 3, 1], name: 'volume' });
    const file = await save(tfl.sequential({ layers: [layer] }), 'deep');
    await arraysFile('deep.npz', 'volume_input', [SAMPLES, 3, 3, 3, 1], floats(SAMPLES * 27));
    const fault = await faultOf(open(file, 'deep.npz'));
    expect(fault.message).toMatch(
      /deep\.json: has the operation "Conv3D", which is not recorded here\. Convert the original model to ONNX/,
    );
  });

  it('is read up to that operation', async () => {
    await tf.setBackend('cpu');
    const model = tfl.sequential({
      layers: [
        tfl.layers.dense({ units: 3, activation: 'tanh', inputShape: [3, 3, 3, 2], name: 'mixed' }),
        tfl.layers.dense({ units: 2, activation: 'relu', name: 'positive' }),
        tfl.layers.conv3d({ filters: 2, kernelSize: 2, name: 'volume' }),
      ],
    });
    randomise(model);
    const file = await save(model, 'partly');
    const data = floats(SAMPLES * 54);
    await arraysFile('partly.npz', 'mixed_input', [SAMPLES, 3, 3, 3, 2], data);
    const { source, assumed, close } = await open(file, 'partly.npz');
    expect(source.layers.map(({ name }) => name)).toEqual(['input', 'mixed', 'positive']);
    expect(assumed).toContain(
      'layers: the first 2, because the model has the operation "Conv3D", which is not recorded here',
    );
    for (const name of ['mixed', 'positive']) {
      const found = await rowsOf(source, name);
      await tf.setBackend('cpu');
      const expected = tf.tidy(() => expectedOf(model, tf.tensor(data, [SAMPLES, 3, 3, 3, 2]), name));
      expect(difference(found, expected), name).toBeLessThan(1e-5);
    }
    await close();
  });
});
