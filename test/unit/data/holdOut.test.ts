import { describe, expect, it } from 'vitest';
import { holdOut } from '../../../src/data/holdOut.ts';
import { type DataSet, loadData, openBatches, storeOf } from '../../../src/data/index.ts';
import { sharedBytes, sharedFloats } from '../../../src/data/sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../../../src/data/storedDataSet.ts';
import { parseExperiment } from '../../../src/experiment/index.ts';
import { makeExperiment } from './makeExperiment.ts';

const digits = { kind: 'digits-on-clothes', train: 60, test: 10 };
const numbersOf = ({ factors }: DataSet): number[] => [...factors[0].values];
const rowsOf = (dataSet: DataSet): string[] =>
  Array.from({ length: dataSet.size }, (_, at) => [...dataSet.read(at, at + 1).data].join());

/** Sample i has the number i as its factor and as its first value. */
const numbered = (store: 'floats' | 'bytes', size: number): StoredDataSet => {
  const values = store === 'floats' ? sharedFloats(2 * size) : sharedBytes(2 * size);
  for (let at = 0; at < size; at++) values[2 * at] = at;
  const factor = {
    name: 'number',
    kind: 'continuous' as const,
    values: Float64Array.from({ length: size }, (_, i) => i),
  };
  return storedDataSet('train', { kind: store, size, shape: [2], values } as StoredDataSet['store'], [
    factor,
  ]);
};

describe('samples held out of training', () => {
  for (const kind of ['floats', 'bytes'] as const) {
    it(`and the others are all samples once, in order, with their factors: ${kind}`, () => {
      const whole = numbered(kind, 50);
      const { train, validation } = holdOut(whole, makeExperiment({ data: { ...digits, validation: 0.3 } }));
      expect([train.name, train.size, validation?.name, validation?.size]).toEqual([
        'train',
        35,
        'validation',
        15,
      ]);
      expect([...numbersOf(train), ...numbersOf(validation!)].sort((a, b) => a - b)).toEqual(
        numbersOf(whole),
      );
      for (const part of [train, validation!]) {
        expect(numbersOf(part)).toEqual([...numbersOf(part)].sort((a, b) => a - b));
        const unit = kind === 'bytes' ? 255 : 1;
        const first = Array.from({ length: part.size }, (_, at) => part.read(at, at + 1).data[0] * unit);
        expect(first.map(Math.round)).toEqual(numbersOf(part));
      }
    });
  }

  it('follow the seed', () => {
    const heldOut = (seed: number) =>
      numbersOf(
        holdOut(numbered('floats', 50), makeExperiment({ seed, data: { ...digits, validation: 0.3 } }))
          .validation!,
      );
    expect(heldOut(1)).toEqual(heldOut(1));
    expect(heldOut(1)).not.toEqual(heldOut(2));
  });

  it('are not in any batch', async () => {
    const experiment = makeExperiment({ data: { ...digits, validation: 0.5 }, batchSize: 10 });
    const data = await loadData(experiment, '.');
    const batches = openBatches(experiment, data, { views: 1, workers: 0 });
    try {
      expect(batches.stepsPerEpoch).toBe(3);
      const heldOut = new Set(rowsOf(data.validation!));
      for (let step = 0; step < 3; step++) {
        const { x } = await batches.batch(0, step);
        const length = x.data.length / 10;
        for (let row = 0; row < 10; row++) {
          expect(heldOut.has([...x.data.slice(row * length, (row + 1) * length)].join())).toBe(false);
        }
      }
    } finally {
      await batches.close();
    }
  });

  it.each([
    ['digits-on-clothes', digits],
    ['synthetic', { kind: 'synthetic', strengths: [2, 1], train: 60, test: 10 }],
  ])('are those of the same data without holding out: %s', async (_, data) => {
    const whole = await loadData(makeExperiment({ data }), '.');
    const parts = await loadData(makeExperiment({ data: { ...data, validation: 0.2 } }), '.');
    expect(whole.validation).toBeNull();
    expect([parts.train.size, parts.validation?.size]).toEqual([48, 12]);
    expect([...rowsOf(parts.train), ...rowsOf(parts.validation!)].sort()).toEqual(rowsOf(whole.train).sort());
    expect(parts.hash).toBe(whole.hash);
    expect(storeOf(parts.train).kind).toBe(storeOf(whole.train).kind);
  });
});

describe('the share that is held out', () => {
  const experimentWith = (loss: object, data: object = digits) =>
    parseExperiment(
      JSON.stringify({
        name: 'test',
        data,
        augmentation: [{ kind: 'colour-jitter' }],
        encoder: { kind: 'cnn', widths: [4] },
        loss,
        optimiser: { kind: 'sgd', learningRate: 0.1 },
        epochs: 1,
        batchSize: 8,
      }),
      'test.experiment.json',
    );

  it('is a tenth for a loss with labels, none without, and what the file says', () => {
    expect(experimentWith({ kind: 'cross-entropy', label: 'clothes' }).data.validation).toBe(0.1);
    expect(experimentWith({ kind: 'nt-xent' }).data.validation).toBe(0);
    const said = { ...digits, validation: 0.25 };
    expect(experimentWith({ kind: 'nt-xent' }, said).data.validation).toBe(0.25);
  });

  it('counts when batches are larger than what is left', () => {
    const small = { ...digits, train: 8 };
    expect(() => experimentWith({ kind: 'cross-entropy', label: 'clothes' }, small)).toThrow(
      'a batch of 8 is larger than the 7 training samples. Use at most 7.',
    );
    expect(experimentWith({ kind: 'nt-xent' }, small).batchSize).toBe(8);
  });

  it('is at most a half', () => {
    expect(() => experimentWith({ kind: 'nt-xent' }, { ...digits, validation: 0.6 })).toThrow('validation');
  });
});
