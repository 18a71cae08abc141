import { describe, expect, it } from 'vitest';
import { repeatedSamples } from '../../../src/data/index.ts';
import { sharedFloats } from '../../../src/data/sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../../../src/data/storedDataSet.ts';
import { cautionsOf } from '../../../src/inspect/cautions.ts';
import { makeExperiment } from '../data/makeExperiment.ts';

/** Samples of one value each, with their labels. */
const setOf = (name: string, samples: readonly number[], labels: readonly number[]): StoredDataSet => {
  const values = sharedFloats(samples.length);
  values.set(samples);
  const classes = Array.from({ length: Math.max(...labels) + 1 }, (_, label) => String(label));
  const factor = { name: 'label', kind: 'categorical' as const, values: Int32Array.from(labels), classes };
  return storedDataSet(name, { kind: 'floats', size: samples.length, shape: [1], values }, [factor]);
};

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

const experiment = makeExperiment({
  data: { kind: 'npz', train: 'a.npz', test: 'b.npz' },
  downstream: [{ name: 'task', factor: 'label' }],
});

const cautions = (
  train: StoredDataSet,
  test: StoredDataSet,
  validation: StoredDataSet | null = null,
  asked = experiment,
) =>
  cautionsOf(asked, {
    splits: { train, test, validation, shifts: [], taskData: new Map() },
    factorSource: 'factor',
    repeated: async (of, another) => repeatedSamples(of as StoredDataSet, another as StoredDataSet),
  });

const measured = (set: StoredDataSet): StoredDataSet => ({
  ...set,
  factors: [{ name: 'label', kind: 'continuous', values: Float64Array.from(upTo(set.size)) }],
});

describe('cautions about an analysis', () => {
  const train = setOf(
    'train',
    upTo(20),
    upTo(20).map((i) => i % 2),
  );

  it('say nothing of classes where the factor has none', async () => {
    expect(await cautions(measured(train), measured(setOf('test', [50], [0])))).toEqual([]);
  });

  it('are none for samples that are apart, of classes with five of each or more', async () => {
    expect(
      await cautions(
        train,
        setOf(
          'test',
          upTo(10, 100),
          upTo(10).map((i) => i % 2),
        ),
      ),
    ).toEqual([]);
  });

  it('name test and validation samples that are also training samples', async () => {
    const test = setOf('test', [1, 2, 50, 3], [0, 1, 0, 1]);
    expect(await cautions(train, test, setOf('validation', [4, 60], [0, 1]))).toEqual([
      '3 of 4 test samples are also training samples: accuracies on them are too high',
      '1 of 2 validation samples are also training samples: accuracies on them are too high',
    ]);
  });

  it('count test samples that share what a task keeps together with labelled samples', async () => {
    const patients = (set: StoredDataSet, names: readonly string[]): StoredDataSet => {
      const classes = [...new Set(names)];
      const values = Int32Array.from(names, (name) => classes.indexOf(name));
      const factor = { name: 'patient', kind: 'categorical' as const, values, classes };
      return { ...set, factors: [...set.factors, factor] };
    };
    const named = (index: number) => `patient ${index}`;
    const labelled = patients(
      train,
      upTo(20).map((i) => named(i % 4)),
    );
    // The first class here is the last one there.
    const test = patients(setOf('test', upTo(4, 100), [0, 1, 0, 1]), [3, 8, 9, 3].map(named));
    const asked = makeExperiment({
      data: { kind: 'npz', train: 'a.npz', test: 'b.npz' },
      downstream: [{ name: 'task', factor: 'label', together: 'patient' }],
    });
    expect(await cautions(labelled, test, null, asked)).toEqual([
      '2 of 4 test samples of task have the same patient as labelled samples of it: accuracies on them are too high',
    ]);
    expect(
      await cautions(
        labelled,
        patients(setOf('test', upTo(4, 100), [0, 1, 0, 1]), [5, 6, 7, 8].map(named)),
        null,
        asked,
      ),
    ).toEqual([]);
  });

  it('count classes that some folds cannot know', async () => {
    const own = setOf('train', upTo(20), [...upTo(16).map(() => 0), 1, 1, 1, 2]);
    expect(await cautions(own, setOf('test', [100], [0]))).toEqual([
      '2 of 3 classes of task have fewer than 5 labelled samples: probes of some folds do not know them',
    ]);
  });
});
