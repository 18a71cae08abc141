import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Batch, type BatchSource, type Data, loadData, openBatches } from '../../../src/data/index.ts';
import { defaultWorkers } from '../../../src/data/viewMaker.ts';
import { makeExperiment, messageOf } from './makeExperiment.ts';

const root = join(import.meta.dirname, '../../..');
/** Inside node_modules, so that the built worker finds the packages that it imports. */
const built = join(root, 'node_modules/.cache/pentimento-data-test');

const images = makeExperiment({
  data: { kind: 'digits-on-clothes', train: 70, test: 10 },
  augmentation: [
    { kind: 'drop-digit' },
    { kind: 'random-resized-crop' },
    { kind: 'horizontal-flip' },
    { kind: 'colour-jitter' },
    { kind: 'greyscale' },
    { kind: 'gaussian-blur' },
    { kind: 'gaussian-noise', sigma: 0.1 },
  ],
  batchSize: 16,
});
let data: Data;

beforeAll(async () => {
  data = await loadData(images, '');
});

/** Hash of everything in a batch; comparing the values one by one takes the runner seconds. */
const fingerprint = ({ x, labels }: Batch): string =>
  createHash('sha256')
    .update(`${x.dtype} ${x.shape} ${labels?.dtype} ${labels?.shape}`)
    .update(x.data)
    .update(labels?.data ?? new Int32Array(0))
    .digest('hex');

const collect = async (source: BatchSource, epochs: number): Promise<string[]> => {
  const batches: string[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let step = 0; step < source.stepsPerEpoch; step++)
      batches.push(fingerprint(await source.batch(epoch, step)));
  }
  await source.close();
  return batches;
};

describe('openBatches', () => {
  it('leaves out what does not fill a batch and shows every other sample once an epoch', async () => {
    const experiment = makeExperiment({
      data: { kind: 'synthetic', strengths: [1], factors: 'gaussian', train: 23, test: 1 },
      batchSize: 5,
    });
    const loaded = await loadData(experiment, '');
    const source = openBatches(experiment, loaded, { views: 1 });
    expect(source.stepsPerEpoch).toBe(4);
    const all = new Set(loaded.train.read(0, 23).data);
    const epochs = [0, 1].map(async (epoch) => {
      const seen: number[] = [];
      for (let step = 0; step < 4; step++) seen.push(...(await source.batch(epoch, step)).x.data);
      return seen;
    });
    const [first, second] = await Promise.all(epochs);
    expect(new Set(first).size).toBe(20);
    for (const value of first) expect(all.has(value)).toBe(true);
    expect(second).not.toEqual(first);
  });

  it('puts both views of a sample in rows i and batch + i, and its label in row i', async () => {
    const experiment = makeExperiment({ ...images, augmentation: [], batchSize: 10 });
    const source = openBatches(experiment, data, { views: 2, labelFactor: 'digit', workers: 0 });
    const { x, labels } = await source.batch(1, 2);
    expect(x.shape).toEqual([20, 32, 32, 1]);
    expect(labels?.shape).toEqual([10]);
    expect(x.data.slice(0, 10 * 1024)).toEqual(x.data.slice(10 * 1024));
    const { data: pixels } = data.train.read(0, 70);
    for (let row = 0; row < 10; row++) {
      const image = x.data.slice(row * 1024, (row + 1) * 1024);
      const sample = [...Array(70).keys()].find((at) =>
        image.every((value: number, pixel: number) => value === pixels[at * 1024 + pixel]),
      );
      expect(labels?.data[row]).toBe(data.train.factors[0].values[sample ?? -1]);
    }
  });

  it('augments the two views differently, and anew in every epoch', async () => {
    const source = openBatches(images, data, { views: 2, workers: 0 });
    const { x } = await source.batch(0, 0);
    expect(x.data.slice(0, 16 * 1024)).not.toEqual(x.data.slice(16 * 1024));
    expect(x.data.every((value: number) => value >= 0 && value <= 1)).toBe(true);
    const whole = makeExperiment({ ...images, batchSize: 70 });
    const epochs = openBatches(whole, data, { views: 1, workers: 0 });
    const sums = async (epoch: number) => {
      const { x: whole } = await epochs.batch(epoch, 0);
      return Array.from(whole.data).reduce((sum, value) => sum + value, 0);
    };
    expect(await sums(0)).not.toBeCloseTo(await sums(1), 3);
  });

  it('gives a step the same batch whether the steps before it were asked for or not', async () => {
    const inOrder = await collect(openBatches(images, data, { views: 2, workers: 0 }), 2);
    const resumed = openBatches(images, data, { views: 2, workers: 0 });
    expect(fingerprint(await resumed.batch(1, 2))).toEqual(inOrder[6]);
    expect(fingerprint(await resumed.batch(0, 1))).toEqual(inOrder[1]);
  });

  it('gives the same batches for any number of worker threads', async () => {
    await mkdir(built, { recursive: true });
    await build({
      entryPoints: [join(root, 'src/data/index.ts'), join(root, 'src/data/augmentWorker.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outdir: built,
      logLevel: 'error',
    });
    const bundle = (await import(pathToFileURL(join(built, 'index.js')).href)) as {
      openBatches: typeof openBatches;
    };
    const options = { views: 2, labelFactor: 'digit' } as const;
    const inline = await collect(openBatches(images, data, { ...options, workers: 0 }), 3);
    expect(new Set(inline).size).toBe(12);
    for (const workers of [1, 3]) {
      const threaded = bundle.openBatches(images, data, { ...options, workers });
      expect(await collect(threaded, 3)).toEqual(inline);
    }
    const resumed = bundle.openBatches(images, data, { ...options, workers: 2 });
    expect(fingerprint(await resumed.batch(1, 1))).toEqual(inline[5]);
    expect(fingerprint(await resumed.batch(0, 3))).toEqual(inline[3]);
    await resumed.close();
  });

  it('works for a data set that was made elsewhere', async () => {
    const { train } = data;
    const plain = {
      name: train.name,
      size: train.size,
      shape: train.shape,
      factors: train.factors,
      read: train.read,
    };
    const experiment = makeExperiment({ ...images, augmentation: [{ kind: 'horizontal-flip' }] });
    const ours = openBatches(experiment, data, { views: 2, workers: 0 });
    const theirs = openBatches(experiment, { ...data, train: plain }, { views: 2, workers: 0 });
    expect(fingerprint(await theirs.batch(0, 0))).toBe(fingerprint(await ours.batch(0, 0)));
  });

  it('leaves one core to the training step, and takes four at most', () => {
    expect(defaultWorkers()).toBe(Math.max(1, Math.min(4, availableParallelism() - 1)));
  });
});

describe('refuses', () => {
  it('a batch larger than the data', async () => {
    const experiment = makeExperiment({ ...images, batchSize: 71 });
    expect(await messageOf(() => openBatches(experiment, data, { views: 2 }))).toBe(
      '/batchSize: asks for 71 samples of a training set of 70. Use at most 70.',
    );
  });

  it('batches of a population', async () => {
    const experiment = makeExperiment({
      data: { kind: 'synthetic', strengths: [1], sampling: 'population' },
    });
    const population = await loadData(experiment, '');
    expect(await messageOf(() => openBatches(experiment, population, { views: 2 }))).toBe(
      '/data/sampling: population data has exact moments but no samples for batches. ' +
        'Set it to "sampled", or use the spectral loss.',
    );
  });

  it('a label that is unknown or continuous', async () => {
    const label = (labelFactor: string, of: Data) =>
      messageOf(() => openBatches(images, of, { views: 2, labelFactor }));
    expect(await label('shoe', data)).toBe(
      '/loss/label: names the factor "shoe"; the data has digit, clothes, superclass. Use a factor of the data.',
    );
    const experiment = makeExperiment({ data: { kind: 'synthetic', strengths: [1], train: 20, test: 1 } });
    const synthetic = await loadData(experiment, '');
    expect(
      await messageOf(() => openBatches(experiment, synthetic, { views: 2, labelFactor: 'feature-1' })),
    ).toBe(
      '/loss/label: names "feature-1", which is continuous; the data has no categorical factor. ' +
        'Use a categorical factor.',
    );
    const unlabelled = { ...data, train: { ...data.train, factors: [] } };
    expect(await label('digit', unlabelled)).toBe(
      '/loss/label: names the factor "digit"; the data has none. Use a factor of the data.',
    );
  });
});

describe('refuses in an experiment', () => {
  const synthetic = { kind: 'synthetic', strengths: [1, 2, 3, 4, 5], train: 20, test: 5 };
  const digits = { kind: 'digits-on-clothes', train: 20, test: 5 };
  const load = (parts: Record<string, unknown>) => messageOf(() => loadData(makeExperiment(parts), ''));

  it('image augmentation on vectors', async () => {
    const augmentation = [{ kind: 'drop', probability: 0.5 }, { kind: 'gaussian-blur' }];
    expect(await load({ data: synthetic, augmentation })).toBe(
      '/augmentation/1: gaussian-blur works on images only. ' +
        'Remove it, or use gaussian-noise; these samples are vectors of 5.',
    );
  });

  it('a population with something that is not exactly computable', async () => {
    const augmentation = [{ kind: 'gaussian-noise', sigma: 1, probability: 0.5 }];
    expect(await load({ data: { ...synthetic, sampling: 'population' }, augmentation })).toBe(
      '/augmentation/0: gaussian-noise has no exact moments per feature in a population. ' +
        'Use additive, or set /data/sampling to "sampled".',
    );
  });

  it('factors that the data has not, or that cannot make groups', async () => {
    const downstream = [{ name: 'task', factor: 'digit', groups: ['digit', 'colour'] }];
    expect(await load({ data: digits, downstream })).toBe(
      '/downstream/0/groups/1: names the factor "colour"; the data has digit, clothes, superclass. ' +
        'Use a factor of the data.',
    );
    expect(await load({ data: digits, downstream: [{ name: 'task', factor: 'shoe' }] })).toBe(
      '/downstream/0/factor: names the factor "shoe"; the data has digit, clothes, superclass. ' +
        'Use a factor of the data.',
    );
    expect(await load({ data: synthetic, groups: ['feature-2'] })).toBe(
      '/groups/0: names "feature-2", which is continuous; the data has no categorical factor. ' +
        'Use a categorical factor.',
    );
  });

  it('shifts that the data has not', async () => {
    expect(await load({ data: synthetic, shifts: [{ name: 'far' }] })).toBe(
      '/shifts/0: synthetic data has no shifted versions. Remove it; digits-on-clothes, image-folder and npz have.',
    );
    expect(await load({ data: digits, shifts: [{ name: 'far', split: 'far' }] })).toBe(
      '/shifts/0: gives no other digit strength. Add "strength", from 0 to 1.',
    );
    expect(await load({ data: digits, shifts: [{ name: 'test', strength: 0 }] })).toBe(
      '/shifts/0/name: repeats the name "test". Give each data set its own name.',
    );
  });
});
