import { describe, expect, it } from 'vitest';
import { inspectedPooling } from '../../../src/handover/inspectedPooling.ts';
import {
  buildModel,
  forwardFunction,
  type Pooling,
  pooledSize,
  poolingOfWords,
  poolingWords,
} from '../../../src/model/index.ts';
import { inputFault } from '../../../src/protocol/index.ts';
import { type Arrays, float32, openBackend } from '../../../src/runtime/index.ts';
import type { TrainedRun } from '../../../src/train/index.ts';

const POOLINGS: readonly Pooling[] = ['mean', 'mean-max', 'flatten'];
const ROWS = 5;

const model = buildModel(
  {
    encoder: { kind: 'cnn', widths: [3, 4], batchNorm: false },
    head: { kind: 'linear', width: 2 },
    loss: { kind: 'spectral' },
  },
  { sampleShape: [8, 8, 2], classes: 0, seed: 7, normalisation: { mean: [0.1, 0.1], std: [0.8, 0.8] } },
);
const names = model.layers.map(({ name }) => name);
const x = float32(
  [ROWS, 8, 8, 2],
  Float32Array.from({ length: ROWS * 128 }, (_, i) => Math.sin(i) ** 2),
);
const inputs: Arrays = {
  x,
  ...Object.fromEntries(model.variables.map(({ name, shape, initial }) => [name, float32(shape, initial)])),
};
const specs = Object.fromEntries(
  Object.entries(inputs).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]),
);
const backend = await openBackend('native', { threads: 1 });

const read = async (pooling: Pooling | null): Promise<Arrays> => {
  const program = await backend.compile(forwardFunction(model, names, { pooling }), specs);
  try {
    return await program.run(inputs);
  } finally {
    await program.dispose();
  }
};

/** Of one sample of a map [height, width, channels]. */
const byHand: Record<Pooling, (map: readonly number[], channels: number) => number[]> = {
  mean: (map, channels) => columns(map, channels).map(meanOf),
  'mean-max': (map, channels) => [
    ...columns(map, channels).map(meanOf),
    ...columns(map, channels).map((column) => Math.max(...column)),
  ],
  flatten: (map) => [...map],
};
const columns = (map: readonly number[], channels: number): number[][] =>
  Array.from({ length: channels }, (_, channel) => map.filter((_, at) => at % channels === channel));
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('pooling', () => {
  for (const pooling of POOLINGS) {
    it(`of maps is what ${pooling} says, and leaves vectors as they are`, async () => {
      const [whole, found] = [await read(null), await read(pooling)];
      for (const { name, shape } of model.layers) {
        const size = whole[name].data.length / ROWS;
        const expected = Array.from({ length: ROWS }, (_, row) => {
          const sample = [...whole[name].data.subarray(row * size, (row + 1) * size)];
          return shape.length === 3 ? byHand[pooling](sample, shape[2]) : sample;
        });
        expect(found[name].shape).toEqual([ROWS, pooledSize(shape, pooling)]);
        expected.flat().forEach((value, at) => {
          expect(found[name].data[at]).toBeCloseTo(value, 5);
        });
      }
    });
  }

  it('is named in documents, and found again by its name', () => {
    for (const pooling of POOLINGS) {
      expect(poolingOfWords(poolingWords([4, 4, 2], pooling))).toBe(pooling);
      expect(poolingWords([7], pooling)).toBe('none');
    }
    expect(poolingOfWords('by chance')).toBeUndefined();
  });
});

describe('a layer that is taken away', () => {
  const trainedWith = (readAnalysis: () => Promise<unknown>) =>
    ({ experiment: { pooling: 'mean' }, run: { readAnalysis } }) as unknown as TrainedRun;
  const inspected = (pooling: string) => async () => ({ layers: [{ name: 'encoder.conv1', pooling }] });

  it('has the pooling that it was inspected with', async () => {
    const words = 'average and maximum over positions';
    expect(await inspectedPooling(trainedWith(inspected(words)), 'encoder.conv1')).toBe('mean-max');
    expect(await inspectedPooling(trainedWith(inspected('none')), 'encoder.conv1')).toBe('flatten');
  });

  it('has that of the experiment when it was not inspected', async () => {
    expect(await inspectedPooling(trainedWith(inspected('none')), 'encoder.conv2')).toBe('mean');
    const missing = async () => {
      throw inputFault('there is none', 'analysis.json', 'Inspect the run');
    };
    expect(await inspectedPooling(trainedWith(missing), 'encoder.conv1')).toBe('mean');
  });
});
