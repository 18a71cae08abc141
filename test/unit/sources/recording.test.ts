import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { type Experiment, experimentSchema } from '../../../src/experiment/index.ts';
import { recordSource } from '../../../src/handover/index.ts';
import { inspectSource } from '../../../src/inspect/inspectSource.ts';
import { float32, openBackend } from '../../../src/runtime/index.ts';
import { DESCRIPTION_KEY, runSource } from '../../../src/sources/index.ts';
import { openRecording } from '../../../src/sources/recording/recordingSource.ts';
import { prepare } from '../../../src/train/preparation.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const backend = await openBackend('native', { threads: 1 });

const OPTIONS = { name: 'acts', seed: 0, testShare: 0.25, layers: 'all' as const };

/** A state of a run with the parameters that training begins with. */
const stateOf = async (experiment: Experiment) => {
  const trained = await prepare(experiment, '.');
  const variables = Object.fromEntries(
    trained.model.variables.map(({ name, shape, initial }) => [name, float32(shape, initial)]),
  );
  return runSource(trained, { variables, epoch: 3, step: 7 }, backend);
};

describe('a recording of a run', () => {
  /** What is the same for both: all but where it comes from. */
  const analysesOf = async (changes: object) => {
    const experiment = experimentSchema.parse({
      name: 'tiny',
      seed: 3,
      data: { kind: 'digits-on-clothes', train: 120, test: 60 },
      augmentation: [{ kind: 'random-resized-crop' }],
      encoder: { kind: 'cnn', widths: [4, 6] },
      head: { kind: 'mlp', widths: [8, 4] },
      loss: { kind: 'nt-xent' },
      optimiser: { kind: 'adam', learningRate: 0.001 },
      epochs: 1,
      batchSize: 20,
      downstream: [
        { name: 'clothes', factor: 'clothes', groups: ['superclass'] },
        { name: 'digit', factor: 'digit' },
      ],
      probes: ['logistic-standardised', 'knn', 'few-shot-1'],
      shifts: [{ name: 'faint', strength: 0.3 }],
      ...changes,
    });
    const source = await stateOf(experiment);
    const of = (other: typeof source) => inspectSource({ source: other, asked: experiment, backend });
    const { bytes } = await recordSource(source, { model: 'tiny' });
    const file = join(scratch, `run-${experiment.loss.kind}.safetensors`);
    writeFileSync(file, bytes);
    const opened = await openRecording(file, { ...OPTIONS, seed: experiment.seed });
    const analyses = [await of(source), await of(opened.source)];
    await opened.close();
    return analyses.map(({ experiment: _, dataHash: __, untrained: ___, ...rest }) => rest);
  };

  it('is inspected to the numbers of the run, sample for sample', async () => {
    const [run, recording] = await analysesOf({});
    expect(recording).toEqual(run);
    expect(run.layers.map(({ name }) => name)).toContain('head.2');
    expect(run.layers[1].measures.lidar.value).not.toBeNull();
  });

  it('keeps the label that the encoder was trained on, its held-out samples and its classifier', async () => {
    const [run, recording] = await analysesOf({
      data: { kind: 'digits-on-clothes', train: 120, test: 60, validation: 0.25 },
      head: { kind: 'none' },
      loss: { kind: 'cross-entropy', label: 'clothes' },
    });
    expect(recording).toEqual(run);
    expect(run.layers[1].probes[0].outOfFold?.on).toBe('validation');
    expect(run.layers.flatMap(({ measures }) => measures.nc3?.value ?? [])).not.toEqual([]);
  });
});

const floats = (shape: number[], value = (at: number) => Math.sin(at)): StoredTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => value(at)),
});

const ints = (values: number[]): StoredTensor => ({
  dtype: 'int32',
  shape: [values.length],
  data: Int32Array.from(values),
});

let files = 0;
const fileOf = (arrays: Record<string, StoredTensor>, description?: object): string => {
  const file = join(scratch, `acts-${files++}.safetensors`);
  const metadata: Record<string, string> = {};
  if (description !== undefined) metadata[DESCRIPTION_KEY] = JSON.stringify(description);
  writeFileSync(file, encodeSafetensors(new Map(Object.entries(arrays)), metadata));
  return file;
};

const alternating = (length: number): number[] => Array.from({ length }, (_, at) => at % 2);

describe('a recording', () => {
  it('has its layers by number, its labels as factors and a seeded test split', async () => {
    const { source, labels, close } = await openRecording(
      fileOf({
        'layers/010.block.2': floats([8, 4]),
        'layers/002.block.1': floats([8, 3]),
        'labels/kind': ints([5, 7, 5, 7, 5, 7, 5, 7]),
        'labels/age': floats([8]),
        'groups/site': ints(alternating(8)),
        'something else': floats([2, 2, 2]),
      }),
      OPTIONS,
    );
    expect(source.layers.map(({ name, dimensions, role }) => [name, dimensions, role])).toEqual([
      ['block.1', 3, 'inner'],
      ['block.2', 4, 'pre-projection'],
    ]);
    expect(labels).toEqual(['age', 'kind']);
    const { train, test, validation, shifts } = source.splits;
    expect([train.size, test.size, validation, shifts]).toEqual([6, 2, null, []]);
    const kind = test.factors.find(({ name }) => name === 'kind');
    expect(kind).toMatchObject({ kind: 'categorical', classes: ['5', '7'] });
    expect(train.factors.find(({ name }) => name === 'age')?.kind).toBe('continuous');
    await close();
  });

  it('has the splits that it names, and reads the rows of each', async () => {
    const file = fileOf(
      { 'layers/0.a': floats([6, 2], (at) => at), split: ints([1, 0, 2, 0, 1, 0]) },
      { version: 1, splits: ['train', 'test', 'night'] },
    );
    const { source, close } = await openRecording(file, OPTIONS);
    const { train, test, shifts } = source.splits;
    expect(shifts.map(({ name }) => name)).toEqual(['night']);
    const reader = await source.open(source.layers);
    const rowsOf = async (set: typeof train) => [...(await reader.read(set, 0, set.size)).get('a')!.data];
    expect(await rowsOf(train)).toEqual([2, 3, 6, 7, 10, 11]);
    expect(await rowsOf(test)).toEqual([0, 1, 8, 9]);
    expect(await rowsOf(shifts[0])).toEqual([4, 5]);
    expect([...(await reader.read(train, 1, 2)).get('a')!.data]).toEqual([6, 7]);
    expect(await reader.views({ pairs: 1, objects: 1, viewsPerObject: 2 })).toBeNull();
    await close();
  });

  it('is read from npz as well, compressed or not', async () => {
    const file = join(scratch, 'acts.npz');
    const { shape, data } = floats([10, 3]);
    const bytes = await encodeNpz(
      new Map([
        ['layers/000.a', { dtype: 'float32' as const, shape, data }],
        [
          'labels/age',
          { dtype: 'float64' as const, shape: [10], data: Float64Array.from(data.slice(0, 10)) },
        ],
        ['labels/b', { dtype: 'int32' as const, shape: [10], data: Int32Array.from(alternating(10)) }],
      ]),
    );
    writeFileSync(file, bytes);
    const { source, labels, close } = await openRecording(file, OPTIONS);
    expect([labels, source.layers.map(({ name }) => name)]).toEqual([['age', 'b'], ['a']]);
    expect(source.splits.test.factors.map(({ kind }) => kind)).toEqual(['continuous', 'categorical']);
    const reader = await source.open(source.layers);
    const { train } = source.splits;
    expect((await reader.read(train, 0, train.size)).get('a')?.rows).toBe(7);
    await close();
  });

  it('is inspected without an input among its layers: gains are relative to the first', async () => {
    const samples = 60;
    const classes = Array.from({ length: samples }, (_, at) => at % 3);
    const rows = (scale: number) =>
      floats(
        [samples, 4],
        (at) => scale * (Math.sin(7 * at) + (classes[Math.floor(at / 4)] === at % 4 ? 3 : 0)),
      );
    const file = fileOf({
      'layers/0.embedding': rows(1),
      'layers/1.block': rows(2),
      'labels/kind': ints(classes),
    });
    const { source, close } = await openRecording(file, OPTIONS);
    const asked = { downstream: [{ name: 'kind', factor: 'kind' }], probes: ['knn' as const] };
    const analysis = await inspectSource({ source, asked, backend });
    await close();
    expect(analysis.layers.map(({ name }) => name)).toEqual(['embedding', 'block']);
    const weights = analysis.layers.map(({ featureWeights }) => featureWeights[0].weight);
    expect(weights[0]).toBeCloseTo(1, 9);
    expect(weights[1]).toBeCloseTo(2, 6);
    expect(analysis.untrained).toBeNull();
  });

  it('counts samples that are in two splits by their first layer', async () => {
    const file = fileOf({
      'layers/0.a': floats([6, 2], (at) => Math.floor(at / 2) % 4),
      split: ints([0, 0, 0, 0, 1, 1]),
    });
    const { source, close } = await openRecording(file, OPTIONS);
    const { train, test } = source.splits;
    expect(await source.repeated(test, train)).toBe(2);
    await close();
  });
});

describe('a recording that cannot be inspected', () => {
  const good = { 'layers/0.a': floats([6, 2]), 'layers/1.b': floats([6, 3]) };

  it.each<[string, Record<string, StoredTensor>, object | undefined, RegExp]>([
    [
      'no layers',
      { kinds: ints([1, 2]) },
      undefined,
      /has no array of activations: .*\. Save the activations of each layer/,
    ],
    [
      'tokens',
      { 'layers/0.a': floats([6, 5, 2]) },
      undefined,
      /array "layers\/0\.a": has the shape \[6, 5, 2\] in place of samples x dimensions\. Pool tokens/,
    ],
    [
      'layers of other samples',
      { ...good, 'layers/2.c': floats([5, 2]) },
      undefined,
      /array "layers\/2\.c": has 5 samples beside 6 samples of "layers\/0\.a"/,
    ],
    ['two layers of one name', { ...good, 'layers/2.a': floats([6, 2]) }, undefined, /is another layer "a"/],
    [
      'labels of another length',
      { ...good, 'labels/kind': ints([1, 2]) },
      undefined,
      /array "labels\/kind": has 2 samples beside 6/,
    ],
    [
      'labels that are no numbers',
      { ...good, 'labels/age': floats([6], (at) => (at === 4 ? Number.NaN : at)) },
      undefined,
      /array "labels\/age": holds NaN at sample 4/,
    ],
    [
      'a class without a name',
      { ...good, 'labels/kind': ints([0, 1, 2, 0, 1, 0]) },
      { version: 1, classes: { kind: ['cat', 'dog'] } },
      /array "labels\/kind": holds class 2 at sample 2, beside 2 names of classes/,
    ],
    ['no test samples', { ...good, split: ints([0, 0, 0, 0, 0, 0]) }, undefined, /has no test samples/],
    [
      'a split without a name',
      { ...good, split: ints([0, 1, 9, 0, 0, 0]) },
      undefined,
      /array "split": holds 9 at sample 2, beside 3 names of splits/,
    ],
    [
      'a description with a wrong key',
      good,
      { version: 1, split: ['a'] },
      /metadata pentimento\.recording: .*split/,
    ],
  ])('has %s', async (_, arrays, description, message) => {
    const fault = await faultOf(openRecording(fileOf(arrays, description), OPTIONS));
    expect(fault.kind).toBe('input');
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });

  it('lacks the layer that is asked for', async () => {
    const fault = await faultOf(openRecording(fileOf(good), { ...OPTIONS, layers: ['a', 'c'] }));
    expect(fault.message).toBe('/layers/1: there is no layer "c". Choose from a, b.');
  });

  it('has no layer of numbers alone', async () => {
    const file = fileOf({ 'layers/0.a': floats([6, 2], (at) => (at > 6 ? Number.NaN : at)) });
    const { source, close } = await openRecording(file, OPTIONS);
    const fault = await faultOf(source.examine());
    expect(fault.message).toMatch(
      /^\/recording: no layer has numbers alone: .*array "layers\/0\.a" holds NaN at sample 3 and 4 more values/,
    );
    await close();
  });
});

describe('a layer with values that are no numbers', () => {
  const classes = Array.from({ length: 60 }, (_, at) => at % 3);
  const rows = (bad: number) =>
    floats([60, 4], (at) =>
      at === bad
        ? Number.POSITIVE_INFINITY
        : Math.sin(7 * at) + (classes[Math.floor(at / 4)] === at % 4 ? 3 : 0),
    );
  const asked = { downstream: [{ name: 'kind', factor: 'kind' }], probes: ['knn' as const] };

  it.each([
    ['a layer above', [-1, 9, -1], ['a', 'c']],
    ['the first layer', [9, -1, -1], ['b', 'c']],
  ])('is left out, and the others are measured: %s', async (_, bad, left) => {
    const file = fileOf({
      'layers/0.a': rows(bad[0]),
      'layers/1.b': rows(bad[1]),
      'layers/2.c': rows(bad[2]),
      'labels/kind': ints(classes),
    });
    const { source, close } = await openRecording(file, OPTIONS);
    const analysis = await inspectSource({ source, asked, backend });
    await close();
    expect(analysis.layers.map(({ name }) => name)).toEqual(left);
    expect(analysis.layers[0].featureWeights[0].weight).toBeCloseTo(1, 9);
    const name = bad[0] > 0 ? 'a' : 'b';
    expect(analysis.cautions).toEqual([
      expect.stringMatching(new RegExp(`^layer "${name}" is left out: .* holds Infinity at sample 2$`)),
    ]);
  });
});
