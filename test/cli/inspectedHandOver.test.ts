import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NpyArray, readNpz } from '../../src/checkpoint/index.ts';
import type { Analysis } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';

const workspace = new Workspace();
/** Made with PyTorch, whose forward hooks saw what the layers are: see makeModels.py. */
const models = fileURLToPath(new URL('../unit/sources/fixtures/models', import.meta.url));
const MODEL = '.pentimento/inspections/residual';
const RECORDING = '.pentimento/inspections/acts';

const npz = async (file: string): Promise<Map<string, NpyArray>> => readNpz(workspace.path(file));

beforeAll(async () => {
  for (const name of ['residual.onnx', 'images.npz', 'residual-hooks.npz']) {
    cpSync(join(models, name), workspace.path(name));
  }
  await workspace.json('inspect', 'residual.onnx', '--data', 'images.npz');
  await workspace.json('embed', MODEL, '--all-layers', '--out', 'acts.safetensors');
  await workspace.json('inspect', 'acts.safetensors');
});

const numbersOf = ({ data }: NpyArray): number[] => Array.from(data as ArrayLike<number>);

/** The pooled representation of all samples as a hook saw it, and the labels and splits beside it. */
const truth = async () => {
  const pool = (await npz('residual-hooks.npz')).get('pool')!;
  const data = await npz('images.npz');
  return {
    rows: Array.from(pool.data as Float32Array),
    images: data.get('image')!.data as Float32Array,
    kinds: numbersOf(data.get('kind')!),
    isTest: numbersOf(data.get('split')!).map((value) => value === 1),
  };
};

const difference = (found: readonly number[], expected: readonly number[]): number => {
  expect(found).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, at) => Math.abs(value - found[at]))) / scale;
};

describe('export of an inspected model', () => {
  it('writes the model up to the layer', async () => {
    const document = await workspace.json('export', MODEL, '--layer', 'pool', '--out', 'pool.onnx');
    expect(document).toEqual({
      file: 'pool.onnx',
      layer: 'pool',
      inputs: [{ name: 'image', shape: ['batch', 3, 8, 8] }],
      output: { name: 'pool', shape: ['batch', 10] },
      bytes: readFileSync(workspace.path('pool.onnx')).length,
    });
    const { images, rows } = await truth();
    const session = await ort.InferenceSession.create(workspace.path('pool.onnx'));
    const { pool } = await session.run({ image: new ort.Tensor('float32', images, [40, 3, 8, 8]) });
    expect(difference(Array.from(pool.data as Float32Array), rows)).toBeLessThan(1e-5);
  });

  it.each([
    [
      ['export', RECORDING, '--layer', 'pool', '--out', 'none.onnx'],
      /^\.pentimento\/inspections\/acts: is about a recording, which has no model to export\. Export the layer in the framework/,
    ],
    [
      ['export', MODEL, '--layer', 'pol', '--out', 'none.onnx'],
      /^--layer: there is no layer "pol"\. Choose from stem\.1, blocks\.0\/relu_1, /,
    ],
    [
      ['fit', MODEL, '--task', 'age', '--layer', 'pool', '--out', 'none.onnx'],
      /^--task: there is no task "age"\. Choose from kind\.$/,
    ],
    [
      ['embed', MODEL, '--layer', 'pol', '--data', 'test', '--out', 'none.onnx'],
      /^--layer: there is no layer "pol"\. Choose from input, stem\.1, /,
    ],
    [
      ['embed', MODEL, '--layer', 'pool', '--data', 'nothing.npz', '--out', 'none.onnx'],
      /nothing\.npz: there is no such file/,
    ],
    [
      ['embed', RECORDING, '--layer', 'pool', '--data', 'images.npz', '--out', 'none.onnx'],
      /^\.pentimento\/inspections\/acts: is about a recording, which has no other data\. Name one of its splits, or all\.$/,
    ],
  ])('says why it cannot: %j', async (args, message) => {
    const [code, line] = await workspace.failure(...args);
    expect(code).toBe(2);
    expect(line).toMatch(message);
    expect(existsSync(workspace.path('none.onnx'))).toBe(false);
  });
});

describe('embed of an inspection', () => {
  it.each([
    [MODEL, 'all', () => true],
    [MODEL, 'test', (isTest: boolean) => isTest],
    [RECORDING, 'train', (isTest: boolean) => !isTest],
  ] as const)('has the samples of %s in %s, with their labels', async (folder, data, isTaken) => {
    const document = await workspace.json(
      'embed',
      folder,
      '--layer',
      'pool',
      '--data',
      data,
      '--out',
      'own.npz',
    );
    const { rows, kinds, isTest } = await truth();
    const taken = kinds.flatMap((_, sample) => (isTaken(isTest[sample]) ? [sample] : []));
    expect(document).toEqual({
      file: 'own.npz',
      layer: 'pool',
      samples: taken.length,
      dimensions: 10,
      factors: ['kind'],
    });
    const arrays = await npz('own.npz');
    expect(numbersOf(arrays.get('kind')!)).toEqual(taken.map((sample) => kinds[sample]));
    const expected = taken.flatMap((sample) => rows.slice(10 * sample, 10 * sample + 10));
    const found = Array.from(arrays.get('representations')!.data as Float32Array);
    expect(difference(found, expected)).toBeLessThan(1e-5);
  });

  it('takes other data of the same kind', async () => {
    cpSync(workspace.path('images.npz'), workspace.path('elsewhere.npz'));
    const args = ['embed', MODEL, '--layer', 'pool', '--data', 'elsewhere.npz', '--out', 'other.npz'];
    expect(await workspace.json(...args)).toMatchObject({ samples: 40, dimensions: 10 });
    const found = Array.from((await npz('other.npz')).get('representations')!.data as Float32Array);
    expect(difference(found, (await truth()).rows)).toBeLessThan(1e-5);
  });

  it('writes a recording, whose analysis is that of the model', async () => {
    const analysisIn = (folder: string): Analysis =>
      JSON.parse(readFileSync(workspace.path(folder, 'analysis.json'), 'utf8'));
    const [model, recording] = [analysisIn(MODEL), analysisIn(RECORDING)];
    expect(recording.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    for (const [at, { measures, probes }] of recording.layers.entries()) {
      expect(measures.effectiveRank!.value).toBeCloseTo(model.layers[at].measures.effectiveRank!.value!, 6);
      expect(probes[0].outOfFold?.outcomes).toEqual(model.layers[at].probes[0].outOfFold?.outcomes);
    }
  });
});

describe('fit', () => {
  it('writes the model with a head, and a card with what it scores', async () => {
    const args = ['fit', MODEL, '--task', 'kind', '--layer', 'head.0', '--out', 'kind.onnx'];
    const document = await workspace.json<{
      evaluations: { on: string; accuracy: number; samples: number }[];
    }>(...args);
    expect(document).toMatchObject({
      file: 'kind.onnx',
      card: 'kind.md',
      task: 'kind',
      layer: 'head.0',
      classes: ['0', '1', '2', '3'],
      inputs: [{ name: 'image', shape: ['batch', 3, 8, 8] }],
      outputs: ['logits', 'probabilities'],
      trainSamples: 32,
    });
    const [{ on, accuracy, samples }] = document.evaluations;
    expect([on, samples]).toEqual(['test', 8]);
    const { images, kinds, isTest } = await truth();
    const session = await ort.InferenceSession.create(workspace.path('kind.onnx'));
    const { logits } = await session.run({ image: new ort.Tensor('float32', images, [40, 3, 8, 8]) });
    const predicted = kinds.map((_, sample) => {
      const own = Array.from((logits.data as Float32Array).slice(4 * sample, 4 * sample + 4));
      return own.indexOf(Math.max(...own));
    });
    const right = predicted.filter((kind, sample) => isTest[sample] && kind === kinds[sample]);
    expect(right.length / 8).toBe(accuracy);
    const card = readFileSync(workspace.path('kind.md'), 'utf8');
    expect(card).toContain(`| test | 8 | ${(100 * accuracy).toFixed(1)} | `);
    expect(card).toContain('Predicts `kind`, one of 4 classes: `0`, `1`, `2`, `3`.');
  });

  it('takes the recommended layer unless one is named, and says so', async () => {
    const advice = await workspace.json<{ recommended: { layer: string } }>('recommend', MODEL);
    const { code, stdout, stderr } = await workspace.run('fit', MODEL, '--out', 'default.onnx');
    expect([code, stderr]).toEqual([0, `Layer: ${advice.recommended.layer}, as recommended for kind\n`]);
    expect(stdout).toMatch(
      /^kind from \S+: 4 classes, fitted on 32 samples, C \S+\non +samples +accuracy % +95 % interval\ntest +8 .*\ndefault\.onnx \(.* kB\), default\.md\n$/s,
    );
  });

  it('writes the head alone for a recording', async () => {
    const args = ['fit', RECORDING, '--layer', 'pool', '--out', 'head.onnx'];
    expect(await workspace.json(...args)).toMatchObject({
      inputs: [{ name: 'representation', shape: ['batch', 10] }],
    });
    const session = await ort.InferenceSession.create(workspace.path('head.onnx'));
    expect([session.inputNames, session.outputNames]).toEqual([
      ['representation'],
      ['logits', 'probabilities'],
    ]);
    expect(readFileSync(workspace.path('head.md'), 'utf8')).toContain(
      'The file has the head alone: give it `pool`',
    );
  });
});
