import { describe, expect, it } from 'vitest';
import { describeAnalysis } from '../../../src/cli/analysisText.ts';
import type { Analysis, Evaluation, LayerAnalysis, Probe } from '../../../src/protocol/index.ts';

const group = { group: 'g=1', accuracy: 0.5, interval: [0.4, 0.6] as [number, number], samples: 90 };

const probe = (task: string, grouped: boolean, accuracy: number | null): Probe => {
  const evaluation: Evaluation = {
    on: 'test',
    accuracy,
    interval: accuracy === null ? null : [0.98, 1],
    samples: 300,
    outcomes: null,
    groups: grouped ? [{ ...group, trainSamples: 90 }] : [],
    worstGroup: grouped ? { ...group, trainSamples: 90 } : null,
    trainWeightedAccuracy: null,
  };
  return {
    task,
    factor: task,
    classes: 2,
    method: 'logistic-standardised',
    score: 'accuracy',
    trainSamples: 400,
    evaluations: [evaluation],
    outOfFold: null,
    c: null,
    shuffledNull: { accuracy: 0.5, interval: [0.4, 0.6], samples: 300 },
    majority: 0.5,
  };
};

const layer = (name: string, probes: Probe[]): LayerAnalysis => ({
  name,
  part: 'encoder',
  role: 'inner',
  dimensions: 1024,
  samples: 300,
  pooling: 'none',
  singularValues: [],
  centredSingularValues: [],
  measures: {
    rankMe: { value: 123.4 },
    stableRank: { value: 1.234 },
    participationRatio: { value: null, note: 'the spectrum is zero' },
  },
  featureWeights: [],
  inequality: { effectiveNumber: { value: 12.34 }, gini: { value: 0.1 } },
  viewCorrelation: [],
  probes,
});

const analysisOf = (layers: LayerAnalysis[], byLayer: Record<string, string[]> = {}): Analysis => ({
  version: 2,
  experiment: 'e',
  seed: 0,
  epoch: 1,
  step: 1,
  backend: 'native',
  dataHash: '',
  samples: { train: 400, test: 300 },
  usualMethod: 'logistic-standardised',
  definitions: {},
  layers,
  untrained: null,
  similarity: { samples: 300, cka: [] },
  absent: { threshold: '', byLayer },
  theory: null,
});

const names = Array.from({ length: 8 }, (_, l) => `encoder.${l + 1}`);
const linesOf = (analysis: Analysis): string[] => describeAnalysis(analysis);

describe('describeAnalysis of a continuous factor', () => {
  it('heads the column with R², and names its probe', () => {
    const speed = {
      ...probe('speed', false, 0.5),
      classes: null,
      method: 'ridge-standardised',
      score: 'R²',
    } as Probe;
    const lines = linesOf(analysisOf([layer('input', [speed])]));
    expect(lines[0]).toMatch(/ {2}speed R² %$/);
    expect(lines.join(' ')).toContain('%: ridge-standardised probe on test ± half its 95 % interval');
    const both = linesOf(analysisOf([layer('input', [speed, probe('digit', false, 0.9)])]));
    expect(both.join(' ')).toContain('%: ridge-standardised or logistic-standardised probe on test');
  });
});

describe('describeAnalysis', () => {
  it('prints one aligned line a layer and what the columns mean', () => {
    expect(linesOf(analysisOf([layer('input', []), layer('encoder.block1', [])]))).toEqual([
      'layer           dims  RankMe  PR  stable rank  features',
      'input           1024   123.4   -        1.234     12.34',
      'encoder.block1  1024   123.4   -        1.234     12.34',
      'RankMe: higher is better; PR: participation ratio; features: effective number of features',
    ]);
  });

  it('has 8 layers and 3 tasks in one table of less than 110 columns', () => {
    const probes = ['superclass', 'digit', 'clothes'].map((task) => probe(task, false, 0.9));
    const lines = linesOf(analysisOf(names.map((name) => layer(name, probes))));
    expect(lines).toHaveLength(11);
    expect(lines.slice(9)).toEqual([
      'RankMe: higher is better; PR: participation ratio; features: effective number of features;',
      '  %: logistic-standardised probe on test ± half its 95 % interval',
    ]);
    expect(lines[0]).toMatch(/ superclass % +digit % +clothes %$/);
    expect(lines[1]).toMatch(/ 90\.0 ± 1\.0 +90\.0 ± 1\.0 +90\.0 ± 1\.0$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(110);
  });

  it('goes on in a second table where tasks with their worst groups do not fit, a task never split', () => {
    const probes = ['superclass', 'digit', 'clothes'].map((task) => probe(task, true, 1));
    const lines = linesOf(analysisOf(names.map((name) => layer(name, probes))));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(lines[0]).toMatch(/ superclass % +worst group +digit % +worst group$/);
    expect(lines.slice(9, 12)).toEqual([
      '',
      'layer        clothes %  worst group',
      'encoder.1  100.0 ± 1.0  50.0 ± 10.0',
    ]);
  });

  it('has no accuracy for a probe without one', () => {
    expect(linesOf(analysisOf([layer('input', [probe('digit', false, null)])]))[1]).toMatch(/ -$/);
  });

  it('lists what is absent below, in lines of at most 110 columns', () => {
    const many = Array.from({ length: 20 }, (_, j) => `direction-${j + 1}`);
    const absent = { input: [], 'encoder.1': ['digit', 'colour'], 'head.1': many };
    const lines = linesOf(analysisOf([layer('input', [])], absent)).slice(3);
    expect(lines[0]).toBe('absent at encoder.1: digit, colour');
    expect(lines[1]).toMatch(/^absent at head\.1: direction-1, .*,$/);
    expect(lines[2]).toMatch(/^ {2}direction-/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(
      lines
        .slice(1)
        .join(' ')
        .match(/direction-\d+/g),
    ).toEqual(many);
  });

  it('prints up to twelve feature weights below, with what theory predicts', () => {
    const weighted = (name: string, count: number, weight: number): LayerAnalysis => ({
      ...layer(name, []),
      featureWeights: Array.from({ length: count }, (_, j) => ({
        feature: `f${j + 1}`,
        weight: weight * (j + 1),
        absent: false,
        source: 'coordinate',
      })),
    });
    const layers = [weighted('input', 2, 1), weighted('head.1', 2, 0.25)];
    const theory = {
      source: 'closed form',
      layers: [{ layer: 'head.1', weights: [{ feature: 'f1', weight: 0.24 }] }],
    };
    expect(linesOf({ ...analysisOf(layers), theory }).slice(4)).toEqual([
      '',
      'Feature weights: gain per unit of the feature, and in brackets what theory predicts',
      'layer                f1      f2',
      'input            1.0000  2.0000',
      'head.1  0.2500 (0.2400)  0.5000',
    ]);
    expect(describeAnalysis(analysisOf([weighted('input', 13, 1)])).join('\n')).not.toContain(
      'Feature weights',
    );
  });
});
