import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { accuracyOf, nullOf } from '../../../src/inspect/probes/accuracy.ts';
import { stratifiedFolds } from '../../../src/inspect/probes/folds.ts';
import { evaluate } from '../../../src/inspect/probes/groups.ts';
import { findNeighbours, normalised, voteOfNeighbours } from '../../../src/inspect/probes/neighbours.ts';
import { probeLayer } from '../../../src/inspect/probes/probeLayer.ts';
import type { ProbeTask } from '../../../src/inspect/probes/task.ts';
import { shuffled } from '../../../src/inspect/shuffle.ts';
import {
  CLASSIFICATION_METHODS,
  type Evaluation,
  type ProbeMethod,
  unpackOutcomes,
} from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { type Matrix, matrix } from '../../../src/spectrum/index.ts';

interface Case {
  classes: number;
  train: number[][];
  labels: number[];
  test: number[][];
  truth: number[];
  standardised: { predictions: number[] };
  raw: { predictions: number[] };
  knn: number[];
  folds: number[];
  fewShot: { train: number[]; test: number[] };
  together: number[];
  foldsTogether: number[];
  outOfFold: {
    standardised: OutOfFoldCase;
    raw: OutOfFoldCase;
    knn: number[];
  };
}
interface OutOfFoldCase {
  c: number;
  predictions: number[];
  information: { bits: number; error: number };
}
const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./fixtures/probes.json', import.meta.url), 'utf8'),
);
const toMatrix = (rows: number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

const DEFAULT = ['logistic-standardised', 'logistic-raw', 'knn'] as const;

const taskOf = (data: Case): ProbeTask => {
  const labels = Int32Array.from(data.labels);
  return {
    name: 'task',
    factor: 'label',
    seed: 1,
    classes: data.classes,
    train: { labels, weights: null },
    shuffles: [0, 1, 2].map((draw) => ({ labels: shuffled(labels, 1, draw), weights: null })),
    trainGroups: null,
    ranking: {
      on: 'train',
      set: { name: 'train', labels, groups: null },
      weights: null,
      count: 5,
      folds: stratifiedFolds(labels, 5),
    },
    sets: [{ name: 'test', labels: Int32Array.from(data.truth), groups: null }],
  };
};

describe('nearest neighbours against numpy', () => {
  for (const [name, data] of Object.entries(cases)) {
    it(`votes as the oracle on ${name}`, async () => {
      const mean = data.train[0].map(
        (_, j) => data.train.reduce((s, row) => s + row[j], 0) / data.train.length,
      );
      const shift = (rows: number[][]) => toMatrix(rows.map((row) => row.map((value, j) => value - mean[j])));
      const [found] = await findNeighbours(
        products,
        normalised(shift(data.train)),
        normalised(shift(data.test)),
      );
      expect(found.count).toBe(20);
      const votes = voteOfNeighbours(
        found,
        { labels: Int32Array.from(data.labels), weights: null },
        data.classes,
      );
      expect([...votes]).toEqual(data.knn);
    });
  }

  it('uses every training sample when there are fewer than 20', async () => {
    const train = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
    const query = normalised(matrix(1, 2, Float64Array.of(3, 1)));
    const [found] = await findNeighbours(products, train, query);
    expect(found.count).toBe(2);
    expect([...found.index]).toEqual([0, 1]);
    expect([...voteOfNeighbours(found, { labels: Int32Array.of(1, 0), weights: null }, 2)]).toEqual([1]);
  });
});

describe('accuracy', () => {
  it('has no value without samples', () => {
    expect(accuracyOf([])).toEqual({ accuracy: null, interval: null, samples: 0 });
  });
});

describe('nullOf', () => {
  it('is the mean over draws, and 1.96 of their standard deviations about it', () => {
    const { accuracy, interval, samples } = nullOf([0.1, 0.2, 0.3], 10);
    expect(accuracy).toBeCloseTo(0.2, 12);
    expect(interval?.[0]).toBeCloseTo(0.2 - 1.959964 * 0.1, 6);
    expect(interval?.[1]).toBeCloseTo(0.2 + 1.959964 * 0.1, 6);
    expect(samples).toBe(10);
    expect(nullOf([], 10).accuracy).toBeNull();
    expect(nullOf([-0.1, -0.2], 10).interval?.[0]).toBe(0);
  });
});

describe('evaluate', () => {
  const train = ['a', 'a', 'a', 'b', 'c'];
  const result = evaluate('test', [true, false, true, true], { train, test: ['a', 'a', 'b', 'd'] });

  it('keeps a group without test samples, without an accuracy', () => {
    expect(result.groups.map(({ group }) => group)).toEqual(['a', 'b', 'c', 'd']);
    expect(result.groups[2]).toEqual({
      group: 'c',
      accuracy: null,
      interval: null,
      samples: 0,
      trainSamples: 1,
    });
  });

  it('keeps the outcome of every sample, one group after the other', () => {
    expect([...unpackOutcomes(result.outcomes!, 4)]).toEqual([1, 0, 1, 1]);
    const mixed = evaluate('test', [true, false, false, true], { train, test: ['b', 'a', 'b', 'a'] });
    expect([...unpackOutcomes(mixed.outcomes!, 4)]).toEqual([0, 1, 1, 0]);
  });

  it('finds the worst group among those with samples', () => {
    expect(result.worstGroup?.group).toBe('a');
    expect(result.worstGroup?.accuracy).toBe(0.5);
  });

  it('averages with the training shares of the groups that were scored', () => {
    expect(result.accuracy).toBe(0.75);
    expect(result.trainWeightedAccuracy).toBeCloseTo((3 * 0.5 + 1 * 1 + 0 * 1) / 4, 12);
  });
});

describe('few-shot probes', () => {
  const firstOf = (data: Case): ProbeTask => {
    const labels = Int32Array.from(data.labels.slice(0, 30));
    const set = { name: 'train', labels, groups: null };
    const folds = stratifiedFolds(labels, 5);
    return {
      ...taskOf(data),
      train: { labels, weights: null },
      shuffles: [],
      ranking: { on: 'train', set, weights: null, count: 5, folds },
    };
  };
  const probe = async (data: Case, task: ProbeTask, method: ProbeMethod) => {
    const train = toMatrix(data.train.slice(0, task.train.labels.length));
    const splits = { train, validation: null, tests: [toMatrix(data.test)] };
    const [found] = await probeLayer(splits, { tasks: [task], regressions: [] }, [method], {
      backend,
      products,
    });
    return found;
  };
  const outcomesOf = ({ outcomes, samples }: Evaluation) => [...unpackOutcomes(outcomes!, samples)];

  for (const [name, data] of Object.entries(cases)) {
    it(`are nearest class means as in scikit-learn when all samples are taken, on ${name}`, async () => {
      const { evaluations, outOfFold, note } = await probe(data, firstOf(data), 'few-shot-20');
      const right = (predictions: number[], truth: number[]) =>
        predictions.map((label, i) => Number(label === truth[i]));
      expect(outcomesOf(outOfFold!)).toEqual(right(data.fewShot.train, data.labels));
      expect(outcomesOf(evaluations[0])).toEqual(right(data.fewShot.test, data.truth));
      expect(note).toContain('fewer than 20 labelled samples');
    });

    it(`say how each of 20 draws did, and an interval over these, on ${name}`, async () => {
      const task = { ...taskOf(data), shuffles: taskOf(data).shuffles };
      const once = await probe(data, task, 'few-shot-5');
      const [test] = once.evaluations;
      expect(test.byDraw).toHaveLength(20);
      // Three samples of the test set for each draw.
      const outcomes = outcomesOf(test);
      expect(test.byDraw![7]).toBeCloseTo((outcomes[7] + outcomes[27] + outcomes[47]) / 3, 12);
      const mean = test.byDraw!.reduce((sum, share) => sum + share, 0) / 20;
      const spread = Math.sqrt(test.byDraw!.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 19);
      // Student's t with 19 degrees of freedom: 2.093.
      expect(test.interval![1]).toBeCloseTo(Math.min(1, mean + (2.093024 * spread) / Math.sqrt(20)), 5);
      expect(once.shuffledNull.accuracy).toBeLessThan(0.75);
      expect(await probe(data, task, 'few-shot-5')).toEqual(once);
      expect(await probe(data, { ...task, seed: 2 }, 'few-shot-5')).not.toEqual(once);
      expect(once.note).toBeUndefined();
    });
  }

  it('score a test set without samples as every probe does', async () => {
    const task = {
      ...taskOf(cases.three),
      shuffles: [],
      sets: [{ name: 'test', labels: new Int32Array(0), groups: null }],
    };
    const train = toMatrix(cases.three.train);
    const [found] = await probeLayer(
      { train, validation: null, tests: [matrix(0, 6)] },
      { tasks: [task], regressions: [] },
      ['few-shot-5'],
      {
        backend,
        products,
      },
    );
    expect(found.evaluations[0]).toMatchObject({ accuracy: null, interval: null, samples: 0 });
  });
});

describe('probeLayer', () => {
  const data = cases.three;
  const splits = { train: toMatrix(data.train), validation: null, tests: [toMatrix(data.test)] };

  for (const [name, own] of Object.entries(cases)) {
    it(`predicts out of fold, and chooses C, as scikit-learn on ${name}`, async () => {
      const mean = own.train[0].map((_, j) => own.train.reduce((s, row) => s + row[j], 0) / own.train.length);
      // The neighbours of the oracle are those of centred rows; a logistic probe does not see the difference.
      const centred = (rows: number[][]) => toMatrix(rows.map((row) => row.map((v, j) => v - mean[j])));
      const centredSplits = { train: centred(own.train), validation: null, tests: [centred(own.test)] };
      const probes = await probeLayer(centredSplits, { tasks: [taskOf(own)], regressions: [] }, DEFAULT, {
        backend,
        products,
      });
      const { standardised, raw, knn } = own.outOfFold;
      const right = (predictions: number[]) => predictions.map((label, i) => Number(label === own.labels[i]));
      expect(probes.map(({ method }) => method)).toEqual(DEFAULT);
      expect(probes.map(({ outOfFold }) => [...unpackOutcomes(outOfFold!.outcomes!, 90)])).toEqual([
        right(standardised.predictions),
        right(raw.predictions),
        right(knn),
      ]);
      expect(probes[0].c).toBeCloseTo(standardised.c, 9);
      expect(probes[1].c).toBeCloseTo(raw.c, 9);
      expect(probes[2].c).toBeNull();
      for (const [at, { information }] of [standardised, raw].entries()) {
        const { value, interval } = probes[at].outOfFold!.information!;
        // The fits of the folds end at an excess of 1e-5 in the mean loss of their own samples.
        expect(Math.abs(value - information.bits)).toBeLessThan(2e-3);
        expect(Math.abs((interval[1] - interval[0]) / 2 - 1.959964 * information.error)).toBeLessThan(2e-3);
      }
      expect(probes[2].outOfFold!.information).toBeUndefined();
      for (const { shuffledNull, evaluations, outOfFold } of probes) {
        expect(outOfFold).toMatchObject({ on: 'train', folds: 5, samples: 90 });
        expect(shuffledNull.accuracy).toBeLessThan(0.65);
        expect(evaluations[0].accuracy).toBeGreaterThan(0.6);
      }
    });
  }

  it('predicts held out samples by a probe of the training samples', async () => {
    const truth = Int32Array.from(data.truth);
    const set = { name: 'validation', labels: truth, groups: null };
    const task: ProbeTask = { ...taskOf(data), ranking: { on: 'validation', weights: null, set } };
    const heldOut = { ...splits, validation: toMatrix(data.test) };
    const probes = await probeLayer(heldOut, { tasks: [task], regressions: [] }, CLASSIFICATION_METHODS, {
      backend,
      products,
    });
    for (const { outOfFold, evaluations } of probes) {
      expect(outOfFold).toMatchObject({ on: 'validation', folds: 0, samples: 60 });
      // The same samples as the test split here, so the same outcomes at the chosen C.
      expect(outOfFold?.outcomes).toBe(evaluations[0].outcomes);
    }
  });

  it('has nothing to rank by without evidence, and still scores the test split', async () => {
    const probes = await probeLayer(
      splits,
      { tasks: [{ ...taskOf(data), ranking: null }], regressions: [] },
      CLASSIFICATION_METHODS,
      {
        backend,
        products,
      },
    );
    expect(probes.filter(({ outOfFold }) => outOfFold !== null)).toEqual([]);
    // C = 1 over the mean variance: one of six columns is constant, so 5 / 6.
    expect(probes[0].c).toBeCloseTo(1.2, 9);
    expect(new Set(probes.map(({ evaluations }) => evaluations[0].samples))).toEqual(new Set([60]));
  });

  it('says why a task with one class has no probe', async () => {
    const labels = new Int32Array(data.labels.length);
    const task = { ...taskOf(data), classes: 1, train: { labels, weights: null } };
    const probes = await probeLayer(splits, { tasks: [task], regressions: [] }, CLASSIFICATION_METHODS, {
      backend,
      products,
    });
    expect(probes.map(({ evaluations, note }) => [evaluations.length, note])).toEqual(
      CLASSIFICATION_METHODS.map(() => [0, 'the training split has a single class']),
    );
  });

  it('scores the most frequent class of training on the test split', async () => {
    const counts = [0, 1, 2].map((label) => data.labels.filter((own) => own === label).length);
    const most = counts.indexOf(Math.max(...counts));
    const none = { ...taskOf(data), shuffles: [], sets: [] };
    const [bare] = await probeLayer(splits, { tasks: [none], regressions: [] }, ['logistic-raw'], {
      backend,
      products,
    });
    expect([bare.majority, bare.note, bare.outOfFold?.samples]).toEqual([null, undefined, 90]);
    const [probe] = await probeLayer(splits, { tasks: [taskOf(data)], regressions: [] }, ['knn'], {
      backend,
      products,
    });
    expect(probe.majority).toBeCloseTo(data.truth.filter((label) => label === most).length / 60, 12);
  });

  it('counts a class that training never saw as wrong', async () => {
    const task = taskOf(data);
    const unseen = {
      ...task,
      sets: [{ ...task.sets[0], labels: new Int32Array(data.truth.length).fill(-1) }],
    };
    const [probe] = await probeLayer(splits, { tasks: [unseen], regressions: [] }, CLASSIFICATION_METHODS, {
      backend,
      products,
    });
    expect(probe.evaluations[0].accuracy).toBe(0);
  });
});
