import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/protocol/index.ts';
import { sharedQuantities } from '../../../webview/series/quantities.ts';
import {
  groupRuns,
  layerMeans,
  type MeanRun,
  meansAxis,
  runMeansTable,
} from '../../../webview/series/runMeans.ts';
import { inventedImageReport } from './inventedReport.ts';

const base = inventedImageReport().analysis;
/** The invented analysis of a run whose probe of the digit has this accuracy at every layer. */
const withDigit = (accuracy: number, seed: number): Analysis => ({
  ...base,
  seed,
  layers: base.layers.map((layer) => ({
    ...layer,
    probes: layer.probes.map((probe) =>
      probe.task === 'digit'
        ? { ...probe, evaluations: probe.evaluations.map((one) => ({ ...one, accuracy })) }
        : probe,
    ),
  })),
});
const run = (name: string, settings: string, analysis: Analysis): MeanRun => ({ name, settings, analysis });
const ACCURACIES = [0.61, 0.64, 0.6, 0.66, 0.62];
const seeds = ACCURACIES.map((accuracy, seed) => run(`a-seed${seed}`, 'a', withDigit(accuracy, seed)));
const other = run('b-seed0', 'b', withDigit(0.3, 0));

const digitOf = (runs: readonly MeanRun[]) => sharedQuantities(runs.map(({ analysis }) => analysis))[0];

describe('groupRuns', () => {
  it('puts runs of the same settings together, in the order of their first runs', () => {
    const [first, second] = groupRuns([seeds[0], other, seeds[1]]);
    expect([first.members, second.members]).toEqual([[0, 2], [1]]);
  });

  it('names a group after its experiment, and after its first run if the experiment has two settings', () => {
    expect(groupRuns(seeds).map(({ name }) => name)).toEqual([base.experiment]);
    expect(groupRuns([...seeds, other]).map(({ name }) => name)).toEqual([
      `${base.experiment} as in a-seed0`,
      `${base.experiment} as in b-seed0`,
    ]);
  });
});

describe('layerMeans', () => {
  it('has the mean, deviation and interval of numpy and scipy', () => {
    const quantity = digitOf([...seeds, other]);
    expect(quantity.label).toBe('probe accuracy: digit');
    const [five, one] = groupRuns([...seeds, other]).map((group) => layerMeans(quantity, group)[1]);
    expect(five.mean).toBeCloseTo(0.626, 14);
    expect(five.deviation).toBeCloseTo(0.024083189157584613, 14);
    expect(five.interval?.[0]).toBeCloseTo(0.596096771061096, 12);
    expect(five.interval?.[1]).toBeCloseTo(0.6559032289389042, 12);
    expect(one).toEqual({
      values: [{ run: 5, value: 0.3 }],
      mean: 0.3,
      deviation: null,
      interval: null,
    });
  });

  it('leaves out runs without a value, and says how many have one', () => {
    const [first, ...rest] = seeds;
    const without: MeanRun = {
      ...first,
      analysis: {
        ...first.analysis,
        layers: first.analysis.layers.map((layer, place) => (place === 1 ? { ...layer, probes: [] } : layer)),
      },
    };
    const runs = [without, ...rest];
    const [group] = groupRuns(runs);
    const means = layerMeans(digitOf(runs), group);
    expect(means[1].values.map(({ run: place }) => place)).toEqual([1, 2, 3, 4]);
    expect(means[1].mean).toBeCloseTo((0.64 + 0.6 + 0.66 + 0.62) / 4, 14);
    expect(means[2].values).toHaveLength(5);
  });
});

describe('meansAxis', () => {
  it('reaches every interval', () => {
    const runs = seeds.slice(0, 2);
    const quantity = digitOf(runs);
    const means = groupRuns(runs).map((group) => layerMeans(quantity, group));
    const [low, high] = meansAxis(quantity, means).domain;
    // 0.625 +- 12.7 * 0.015: wider than what was measured.
    expect(low).toBeLessThan(0.44);
    expect(high).toBeGreaterThan(0.81);
  });
});

describe('runMeansTable', () => {
  it('has a row of the mean and one for each run, at every layer', () => {
    const { columns, rows } = runMeansTable([...seeds, other]);
    const at = rows.filter(([layer, quantity]) => layer === 'head.1' && quantity === 'probe accuracy: digit');
    expect(at.map((row) => [row[columns.indexOf('run')], row[columns.indexOf('seed')]])).toEqual([
      ['mean', null],
      ...seeds.map(({ name }, seed) => [name, seed]),
      ['mean', null],
      ['b-seed0', 0],
    ]);
    expect(at[0][columns.indexOf('runs')]).toBe(5);
    expect(at[6][columns.indexOf('low')]).toBeNull();
  });
});
