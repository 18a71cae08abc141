import {
  type Analysis,
  analysisSchema,
  type LayerAnalysis,
  type OutOfFold,
  type Probe,
  packOutcomes,
} from '../../../src/protocol/index.ts';

/** Analyses with chosen outcomes, for what recommendations make of them. */

/** Right outcomes first. Two layers of one order differ in as many samples as their counts. */
export const first = (right: number, samples = 1000): number[] =>
  Array.from({ length: samples }, (_, at) => Number(at < right));

/** The same number of right outcomes, on other samples. */
export const last = (right: number, samples = 1000): number[] => first(right, samples).reverse();

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A 95 % interval of roughly the right width. */
const score = (outcomes: readonly number[]) => {
  const samples = outcomes.length;
  const accuracy = sum(outcomes) / samples;
  const half = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / samples);
  const interval: [number, number] = [Math.max(0, accuracy - half), Math.min(1, accuracy + half)];
  return { accuracy, interval, samples };
};

type Groups = Record<string, readonly number[]>;

export const evaluation = (on: string, outcomes: readonly number[], groups: Groups = {}) => {
  const scored = Object.entries(groups).map(([group, own]) => ({ ...score(own), group, trainSamples: 9 }));
  const [worst] = [...scored].sort((a, b) => a.accuracy - b.accuracy);
  return {
    ...score(outcomes),
    on,
    outcomes: packOutcomes(outcomes),
    groups: scored,
    worstGroup: worst ?? null,
    trainWeightedAccuracy: null,
  };
};

/** Out of fold, and the same on the test split. */
export const probe = (outcomes: readonly number[], change: Partial<Probe> = {}): Probe => ({
  task: 'digit',
  factor: 'digit',
  classes: 10,
  method: 'logistic-standardised',
  score: 'accuracy',
  trainSamples: 4000,
  evaluations: [evaluation('test', outcomes)],
  outOfFold: { ...evaluation('train', outcomes), on: 'train', folds: 5 } as OutOfFold,
  c: 1,
  shuffledNull: { accuracy: 0.1, interval: [0.08, 0.12], samples: 1000 },
  majority: 0.1,
  ...change,
});

export const grouped = (groups: Groups): Probe => {
  const outcomes = Object.values(groups).flat();
  return probe(outcomes, {
    evaluations: [evaluation('test', outcomes, groups)],
    outOfFold: { ...evaluation('train', outcomes, groups), on: 'train', folds: 5 } as OutOfFold,
  });
};

export const layer = (
  name: string,
  probes: Probe[],
  part: LayerAnalysis['part'] = 'encoder',
  role: LayerAnalysis['role'] = 'inner',
): LayerAnalysis => ({
  name,
  part,
  role,
  dimensions: 8,
  samples: 1000,
  pooling: 'none',
  singularValues: [1],
  centredSingularValues: [1],
  measures: {},
  featureWeights: [],
  inequality: { effectiveNumber: { value: 1 }, gini: { value: 0 } },
  viewCorrelation: [],
  probes,
});

export const analysis = (layers: LayerAnalysis[], change: Partial<Analysis> = {}): Analysis =>
  analysisSchema.parse({
    version: 2,
    experiment: 'demo',
    seed: 0,
    epoch: 5,
    step: 75,
    backend: 'native',
    dataHash: 'abc',
    samples: { train: 4000, test: 1000 },
    usualMethod: 'logistic-standardised',
    definitions: {},
    layers,
    similarity: { samples: 0, cka: [] },
    absent: { threshold: 'none', byLayer: {} },
    theory: null,
    ...change,
  });

export const plain = (outcomes: Record<string, readonly number[]>): Analysis =>
  analysis(Object.entries(outcomes).map(([name, own]) => layer(name, [probe(own)])));
