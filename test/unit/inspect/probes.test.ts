import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { accuracyOf, wilsonInterval } from '../../../src/inspect/probes/accuracy.ts';
import { evaluate } from '../../../src/inspect/probes/groups.ts';
import { findNeighbours, voteOfNeighbours } from '../../../src/inspect/probes/neighbours.ts';
import { probeLayer } from '../../../src/inspect/probes/probeLayer.ts';
import type { ProbeTask } from '../../../src/inspect/probes/task.ts';
import { shuffled } from '../../../src/inspect/shuffle.ts';
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
}
const cases: Record<string, Case> = JSON.parse(
  readFileSync(new URL('./fixtures/probes.json', import.meta.url), 'utf8'),
);
const toMatrix = (rows: number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));

const backend = await openBackend('native', { threads: 1 });
const products = new Products(backend);
afterAll(() => products.dispose());

const taskOf = (data: Case): ProbeTask => {
  const labels = Int32Array.from(data.labels);
  return {
    name: 'task',
    factor: 'label',
    classes: data.classes,
    trainLabels: labels,
    shuffledLabels: shuffled(labels, 1),
    trainGroups: null,
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
      const found = await findNeighbours(products, shift(data.train), shift(data.test));
      expect(found.count).toBe(20);
      const votes = voteOfNeighbours(found, Int32Array.from(data.labels), data.classes);
      expect([...votes]).toEqual(data.knn);
    });
  }

  it('uses every training sample when there are fewer than 20', async () => {
    const train = matrix(2, 2, Float64Array.of(1, 0, 0, 1));
    const found = await findNeighbours(products, train, matrix(1, 2, Float64Array.of(3, 1)));
    expect(found.count).toBe(2);
    expect([...found.index]).toEqual([0, 1]);
    expect([...voteOfNeighbours(found, Int32Array.of(1, 0), 2)]).toEqual([1]);
  });
});

describe('accuracy', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  it.each([
    [8, 10, 0.4901624715366418, 0.9433178485456248],
    [0, 5, 0, 0.43448246478317476],
    [5, 5, 0.5655175352168251, 1],
    [873, 1000, 0.8509252474282143, 0.8922199907415616],
  ])('%i of %i has the Wilson interval of scipy', (correct, samples, low, high) => {
    const interval = wilsonInterval(correct, samples);
    expect(interval[0]).toBeCloseTo(low, 9);
    expect(interval[1]).toBeCloseTo(high, 9);
  });

  it('has no value without samples', () => {
    expect(accuracyOf([])).toEqual({ accuracy: null, interval: null, samples: 0 });
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

  it('finds the worst group among those with samples', () => {
    expect(result.worstGroup?.group).toBe('a');
    expect(result.worstGroup?.accuracy).toBe(0.5);
  });

  it('averages with the training shares of the groups that were scored', () => {
    expect(result.accuracy).toBe(0.75);
    expect(result.trainWeightedAccuracy).toBeCloseTo((3 * 0.5 + 1 * 1 + 0 * 1) / 4, 12);
  });
});

describe('probeLayer', () => {
  const data = cases.three;
  const splits = { train: toMatrix(data.train), tests: [toMatrix(data.test)] };
  const share = (predictions: number[]) =>
    predictions.filter((value, i) => value === data.truth[i]).length / data.truth.length;

  it('scores every method as the oracle predicts', async () => {
    const probes = await probeLayer(splits, [taskOf(data)], { backend, products });
    const accuracies = probes.map(({ method, evaluations }) => [method, evaluations[0].accuracy]);
    expect(accuracies.slice(0, 2)).toEqual([
      ['logistic-standardised', share(data.standardised.predictions)],
      ['logistic-raw', share(data.raw.predictions)],
    ]);
    expect(probes[2].method).toBe('knn');
    for (const { shuffledNull, evaluations } of probes) {
      expect(shuffledNull.accuracy).toBeLessThan(0.6);
      expect(evaluations[0].accuracy).toBeGreaterThan(0.6);
    }
  });

  it('says why a task with one class has no probe', async () => {
    const task = { ...taskOf(data), classes: 1, trainLabels: new Int32Array(data.labels.length) };
    const probes = await probeLayer(splits, [task], { backend, products });
    expect(probes.map(({ evaluations, note }) => [evaluations.length, note])).toEqual(
      Array(3).fill([0, 'the training split has a single class']),
    );
  });

  it('counts a class that training never saw as wrong', async () => {
    const task = taskOf(data);
    const unseen = {
      ...task,
      sets: [{ ...task.sets[0], labels: new Int32Array(data.truth.length).fill(-1) }],
    };
    const [probe] = await probeLayer(splits, [unseen], { backend, products });
    expect(probe.evaluations[0].accuracy).toBe(0);
  });
});
