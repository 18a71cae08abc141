import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NpyArray, readNpz } from '../../src/checkpoint/index.ts';
import { start, Workspace } from './cli.ts';
import { idx, integers, matrix, npz } from './dataFiles.ts';
import { onnxOperators } from './onnxOperators.ts';
import { seededRandom } from './seededRandom.ts';

const workspace = new Workspace();
const SCRIPT = fileURLToPath(new URL('fixtures/run-onnx.mjs', import.meta.url));
const random = seededRandom(11);
const SIDE = 12;
const TEST = 24;

/** Noisy pictures whose brightness determines their class. */
const pictures = (count: number) => {
  const labels = Array.from({ length: count }, () => Math.floor(3 * random()));
  const pixels = labels.flatMap((label) =>
    Array.from({ length: SIDE * SIDE }, () => 40 * label + Math.floor(120 * random())),
  );
  return { labels, pixels };
};

const train = pictures(64);
const test = pictures(TEST);

/** What a user feeds an exported model: pixels in [0, 1]. */
const inputs = Float32Array.from(test.pixels, (pixel) => pixel / 255);

const pictureExperiment = {
  name: 'pictures',
  data: {
    kind: 'idx',
    trainImages: 'train-images',
    trainLabels: 'train-labels',
    testImages: 'test-images',
    testLabels: 'test-labels',
    classes: ['dark', 'middle', 'bright'],
  },
  loss: { kind: 'cross-entropy', label: 'label' },
  optimiser: { kind: 'adam', learningRate: 0.01 },
  epochs: 2,
  batchSize: 16,
};

const embedded = async (...args: string[]): Promise<Map<string, NpyArray>> => {
  await workspace.json('embed', ...args, '--out', 'embedded.npz');
  return readNpz(workspace.path('embedded.npz'));
};

const floats = ({ data }: NpyArray): number[] => Array.from(data as Float32Array);

/** The largest deviation, relative to the largest value. */
const deviation = (actual: readonly number[], expected: readonly number[]): number => {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]))) / scale;
};

beforeAll(async () => {
  workspace.write('train-images', idx([64, SIDE, SIDE], train.pixels));
  workspace.write('train-labels', idx([64], train.labels));
  workspace.write('test-images', idx([TEST, SIDE, SIDE], test.pixels));
  workspace.write('test-labels', idx([TEST], test.labels));
  workspace.write('inputs.f32', new Uint8Array(inputs.buffer));
});

describe('an exported layer', () => {
  const models = [
    {
      model: 'cnn',
      encoder: { kind: 'cnn', widths: [4, 6] },
      head: { kind: 'mlp', widths: [8, 5], batchNorm: true },
      layers: ['input', 'encoder.conv1', 'encoder.pool', 'head.2', 'classifier'],
    },
    {
      model: 'resnet',
      encoder: { kind: 'resnet18-cifar', width: 2 },
      head: { kind: 'symmetric-relu', threshold: 0.1 },
      layers: ['encoder.block3', 'head.3'],
    },
  ];

  it.each(models)('of a $model gives the representations of the run, elsewhere', async (spec) => {
    const { model, encoder, head, layers } = spec;
    const file = workspace.write(`${model}.experiment.json`, { ...pictureExperiment, encoder, head });
    await workspace.json('train', file, '--out', model);
    const onnxOf = (layer: string) => `${model}-${layer}.onnx`;
    const representations = new Map<string, NpyArray>();
    for (const layer of layers) {
      const onnx = onnxOf(layer);
      const document = await workspace.json('export', model, '--layer', layer, '--out', onnx);
      const arrays = await embedded(model, '--layer', layer, '--data', 'test');
      const own = arrays.get('representations')!;
      representations.set(layer, own);
      const bytes = readFileSync(workspace.path(onnx));
      expect(document).toEqual({
        file: onnx,
        layer,
        inputs: [{ name: 'x', shape: ['batch', SIDE, SIDE, 1] }],
        output: { name: layer, shape: ['batch', own.shape[1]] },
        bytes: bytes.length,
      });
      const { domains, nodes } = onnxOperators(bytes);
      expect(domains).toEqual(['']);
      expect(nodes.length).toBeGreaterThan(0);
      expect(nodes.filter(({ domain }) => domain !== '' && domain !== 'ai.onnx')).toEqual([]);
    }
    const batches = [1, 7];
    const shapes = [[SIDE, SIDE, 1], batches].map((list) => JSON.stringify(list));
    const args = [SCRIPT, 'inputs.f32', ...shapes, ...layers.map(onnxOf)];
    const { code, stdout, stderr } = await start(process.execPath, args, workspace.folder).done;
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(
      [...representations].map(([layer, { shape }]) => ({
        inputs: ['x'],
        outputs: [layer],
        dimensions: [shape[1]],
      })),
    );
    for (const [layer, own] of representations) {
      for (const batch of batches) {
        const out = Uint8Array.from(readFileSync(workspace.path(`${onnxOf(layer)}.${batch}.f32`)));
        expect(deviation(Array.from(new Float32Array(out.buffer)), floats(own))).toBeLessThan(1e-5);
      }
    }
  });
});

describe('embedding', () => {
  /** Vectors, whose `input` layer is the sample itself. */
  const rows = matrix(10, 3, (at) => Math.sin(at));
  const shifted = matrix(4, 3, (at) => Math.cos(at));
  const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 1];
  const depth = { dtype: 'float64', shape: [10], data: Float64Array.from(labels, (y) => y / 2) } as const;

  beforeAll(async () => {
    const trainRows = matrix(16, 3, (at) => Math.sin(2 * at));
    const column = { ...depth, shape: [16], data: Float64Array.from({ length: 16 }, (_, i) => i) };
    const trainLabels = integers(Array.from({ length: 16 }, (_, i) => i % 3));
    workspace.write('vectors/train.npz', await npz({ x: trainRows, y: trainLabels, depth: column }));
    workspace.write('vectors/test.npz', await npz({ x: rows, y: integers(labels), depth }));
    const few = { ...depth, shape: [4], data: Float64Array.from([9, 8, 7, 6]) };
    workspace.write('vectors/shift.npz', await npz({ x: shifted, y: integers([2, 2, 1, 0]), depth: few }));
    workspace.write('vectors/vectors.experiment.json', {
      name: 'vectors',
      data: { kind: 'npz', train: 'train.npz', test: 'test.npz', validation: 0.25 },
      encoder: { kind: 'mlp', widths: [4] },
      loss: { kind: 'cross-entropy', label: 'label' },
      optimiser: { kind: 'sgd', learningRate: 0.1 },
      epochs: 1,
      batchSize: 8,
      shifts: [{ name: 'another place', data: 'shift.npz' }],
    });
    workspace.write('vectors/spec.json', { kind: 'npz', train: 'train.npz', test: 'shift.npz' });
    await workspace.json('train', 'vectors/vectors.experiment.json', '--out', 'vectors/run');
  });

  const embed = (layer: string, data: string) => embedded('vectors/run', '--layer', layer, '--data', data);

  it('keeps the order of the samples and puts the factors beside them', async () => {
    const arrays = await embed('input', 'test');
    expect([...arrays.keys()].sort()).toEqual(['depth', 'label', 'label.classes', 'representations']);
    expect(arrays.get('representations')).toMatchObject({ dtype: 'float32', shape: [10, 3] });
    expect(floats(arrays.get('representations')!)).toEqual(floats(rows));
    expect([...arrays.get('label')!.data]).toEqual(labels);
    expect(arrays.get('label.classes')!.data).toEqual(['0', '1', '2']);
    expect([...arrays.get('depth')!.data]).toEqual([...depth.data]);
  });

  it('says what it wrote', async () => {
    const document = await workspace.json(
      ...['embed', 'vectors/run', '--layer', 'encoder.1', '--data', 'train', '--out', 'train.npz'],
    );
    expect(document).toEqual({
      file: 'train.npz',
      layer: 'encoder.1',
      samples: 12,
      dimensions: 4,
      factors: ['label', 'depth'],
    });
  });

  it.each([
    ['the name of a shift', () => 'another place'],
    ['a description in a file, with paths relative to it', () => 'vectors/spec.json'],
    [
      'a description in place, with paths relative to the working folder',
      () => '{"kind": "npz", "train": "vectors/train.npz", "test": "vectors/shift.npz"}',
    ],
  ])('takes %s', async (_, data) => {
    const arrays = await embed('input', data());
    expect(arrays.get('representations')!.shape).toEqual([4, 3]);
    expect(floats(arrays.get('representations')!)).toEqual(floats(shifted));
    expect([...arrays.get('label')!.data]).toEqual([2, 2, 1, 0]);
  });

  it('gives the same layer for the same samples, however they are named', async () => {
    const named = await embed('encoder.1', 'another place');
    const described = await embed('encoder.1', 'vectors/spec.json');
    expect(floats(described.get('representations')!)).toEqual(floats(named.get('representations')!));
  });
});
