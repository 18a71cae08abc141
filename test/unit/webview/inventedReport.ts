import type { ReportSource } from '../../../src/handover/report.ts';
import type {
  Analysis,
  Candidate,
  Evaluation,
  FeatureWeight,
  LayerAnalysis,
  Metric,
  Probe,
  ProbeMethod,
  Recommendation,
  RunRecord,
} from '../../../src/protocol/index.ts';

/** The data of a report on a run. */
export type RunReport = ReportSource & {
  readonly subject: Extract<ReportSource['subject'], { kind: 'run' }>;
};

/** Invented documents to draw: plausible in shape, but not measured. */

/** mulberry32: numbers in [0, 1) that are the same on every machine. */
const randomNumbers = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const wilson = (accuracy: number, samples: number): [number, number] => {
  const z2 = 1.959964 ** 2;
  const centre = (accuracy + z2 / (2 * samples)) / (1 + z2 / samples);
  const variance = (accuracy * (1 - accuracy)) / samples + z2 / (4 * samples * samples);
  const half = (Math.sqrt(z2) / (1 + z2 / samples)) * Math.sqrt(variance);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
};

const score = (accuracy: number, samples: number) => ({
  accuracy,
  interval: wilson(accuracy, samples),
  samples,
});

const LAYERS: readonly [string, LayerAnalysis['part'], LayerAnalysis['role'], number][] = [
  ['input', 'input', 'input', 784],
  ['encoder.conv1', 'encoder', 'inner', 32],
  ['encoder.conv2', 'encoder', 'inner', 64],
  ['encoder.conv3', 'encoder', 'inner', 128],
  ['encoder.conv4', 'encoder', 'inner', 128],
  ['encoder.pool', 'encoder', 'pre-projection', 128],
  ['head.1', 'head', 'inner', 128],
  ['head.1.relu', 'head', 'inner', 128],
  ['head.2', 'head', 'post-projection', 64],
];
const FEATURES = [
  'digit',
  'clothes',
  'superclass',
  ...Array.from({ length: 9 }, (_, index) => `direction ${index + 1}`),
];
const TASKS: readonly [string, number, readonly number[]][] = [
  ['digit', 10, [0.61, 0.78, 0.86, 0.92, 0.915, 0.84, 0.66, 0.55, 0.34]],
  ['clothes', 10, [0.74, 0.79, 0.83, 0.86, 0.87, 0.874, 0.869, 0.85, 0.83]],
  ['superclass', 4, [0.9, 0.92, 0.95, 0.965, 0.972, 0.975, 0.974, 0.97, 0.968]],
];

const evaluation = (
  on: string,
  accuracy: number,
  samples: number,
  groups: readonly string[],
  gap: number,
): Evaluation => {
  const scored = groups.map((group, index) => ({
    group,
    ...score(Math.max(0.02, accuracy - gap * index), Math.round(samples / groups.length)),
    trainSamples: 800 - 180 * index,
  }));
  const worstGroup = scored.length === 0 ? null : scored[scored.length - 1];
  return {
    on,
    ...score(accuracy, samples),
    outcomes: null,
    groups: scored,
    worstGroup,
    trainWeightedAccuracy: worstGroup ? accuracy - gap / 2 : null,
  };
};

const probes = (index: number): Probe[] =>
  TASKS.flatMap(([task, classes, accuracies]) =>
    (['logistic-standardised', 'logistic-raw', 'knn'] as ProbeMethod[]).map((method, offset): Probe => {
      const accuracy = accuracies[index] - 0.015 * offset;
      const groups = task === 'clothes' ? ['shirt × 3', 'boot × 8', 'bag × 1'] : [];
      const failed = method === 'logistic-raw' && index === 0;
      const chance = 1 / classes;
      return {
        task,
        factor: task,
        classes,
        method,
        score: 'accuracy',
        trainSamples: 10_000,
        evaluations: failed
          ? []
          : [
              evaluation('test', accuracy, 2000, groups, 0.05),
              evaluation('digit strength 2', accuracy - 0.08 - 0.02 * index, 2000, groups, 0.09),
            ],
        outOfFold: null,
        c: method === 'knn' ? null : 0.1,
        majority: failed ? null : 0.1,
        shuffledNull: failed
          ? { accuracy: null, interval: null, samples: 0 }
          : score(chance + 0.004 * (index % 3), 2000),
        ...(failed ? { note: 'did not converge in 200 iterations' } : {}),
      };
    }),
  );

const featureWeights = (index: number, random: () => number): FeatureWeight[] =>
  FEATURES.map((feature, column): FeatureWeight => {
    const kept = Math.exp(-(0.04 + 0.09 * (column % 5)) * Math.max(0, index - 3) * (column === 1 ? 0 : 1.6));
    const weight = (2.4 / (1 + 0.35 * column)) * kept * (0.85 + 0.3 * random());
    const absent = weight < 0.12;
    return {
      feature,
      weight: absent ? weight / 10 : weight,
      absent,
      source: column < 3 ? 'factor' : 'direction',
    };
  });

const layer = (index: number, random: () => number): LayerAnalysis => {
  const [name, part, role, dimensions] = LAYERS[index];
  const decay = 0.6 + 0.22 * index;
  const singularValues = Array.from({ length: dimensions }, (_, k) => {
    const dead = name === 'head.1.relu' && k >= 90;
    return dead ? 0 : (140 / (k + 1) ** decay) * Math.exp(-k / dimensions);
  });
  const centredSingularValues = singularValues.map((value, k) => value * (k === 0 ? 0.6 : 0.97));
  const energy = centredSingularValues.map((value) => value * value);
  const total = energy.reduce((sum, value) => sum + value, 0);
  const squares = energy.reduce((sum, value) => sum + value * value, 0);
  return {
    name,
    part,
    role,
    dimensions,
    samples: 2000,
    pooling: part === 'encoder' && index < 5 ? 'average over positions' : 'none',
    singularValues,
    centredSingularValues,
    measures: {
      rankMe: { value: dimensions * Math.exp(-0.35 * index) },
      participationRatio: { value: (total * total) / squares },
      stableRank: { value: total / energy[0] },
      alphaReq: index === 0 ? { value: null, note: 'fit did not converge' } : { value: 0.7 + 0.2 * index },
      lidar: { value: 20 + 12 * Math.sin(index) },
      alignment: { value: 1.1 - 0.1 * index },
      uniformity: { value: -1.2 - 0.25 * index },
      nc1: { value: null, note: 'the data has no labels that were trained on' },
    },
    featureWeights: featureWeights(index, random),
    inequality: { effectiveNumber: { value: 10 - 0.8 * index }, gini: { value: 0.3 + 0.05 * index } },
    viewCorrelation: singularValues.slice(0, 32).map((_, k) => Math.max(0, 0.99 - 0.004 * k * (index + 1))),
    probes: probes(index),
  };
};

const DEFINITIONS = {
  featureWeight:
    'Gain per unit of the feature: the norm of the mean change of the representation divided by the spread of the factor.',
  rankMe: 'exp(−Σ p ln p), p = σ/Σσ + 1e-7, of the uncentred representation.',
  participationRatio: '(Σλ)² / Σλ², λ the eigenvalues of the covariance (centred).',
  stableRank: '‖Z‖² / σ₁², uncentred.',
  alphaReq: 'slope of −log λ against log i, weights 1/i, centred.',
  lidar:
    'exp of the entropy of the eigenvalues of the linear discriminant matrix over surrogate classes of 10 views each; bounded above by the number of surrogate classes less one.',
  alignment: 'mean ‖z − z⁺‖² over positive pairs of unit vectors.',
  uniformity: 'ln mean exp(−2‖z − z′‖²) over all pairs of unit vectors.',
  effectiveNumber: '(Σw)² / Σw² of the feature weights.',
  gini: 'mean absolute difference of the feature weights over twice their mean.',
};

/** Layers that are lower by up to a point cannot be told apart. */
const NEAR = 0.01;

const candidate = (name: string, accuracy: number, best: number): Candidate => ({
  layer: name,
  accuracy,
  interval: wilson(accuracy, 10_000),
  samples: 10_000,
  group: null,
  loss: best - accuracy,
  lossError: accuracy === best ? 0 : NEAR / 1.645,
  near: best - accuracy <= NEAR,
  reported: { accuracy, interval: wilson(accuracy, 2000), samples: 2000, worstGroup: null },
});

const recommend = (task: string, accuracies: readonly number[]): Recommendation => {
  const highest = accuracies.reduce((a, b) => Math.max(a, b));
  const candidates = LAYERS.map(([name], index) => candidate(name, accuracies[index], highest));
  const ranking = [...candidates].sort((a, b) => b.accuracy - a.accuracy);
  const [best, runnerUp] = ranking;
  const near = ranking.filter((each) => each.near).length;
  const last = candidates[candidates.length - 1];
  return {
    task,
    method: 'logistic-standardised',
    on: 'test',
    criterion: 'accuracy',
    within: null,
    ranked: { on: 'train', samples: 10_000, folds: 5 },
    verdict: near > 1 ? 'no clear winner' : 'clear',
    unbeaten: [],
    recommended: best,
    runnerUp,
    best,
    ranking,
    comparisons: [
      {
        with: 'last layer',
        layer: last.layer,
        accuracy: last.accuracy,
        gain: best.accuracy - last.accuracy,
        interval: [best.accuracy - last.accuracy - 0.02, best.accuracy - last.accuracy + 0.02],
      },
    ],
    optimism: 0.001,
    reason: `${best.layer} is the highest; ${near} layers cannot be told apart.`,
  };
};

const run = (name: string, layers: RunRecord['layers']): RunRecord => ({
  version: 1,
  name,
  baseDirectory: '/home/someone/secret-folder',
  experiment: { name, seed: 7, epochs: 20 },
  seed: 7,
  backend: { kind: 'onnx-native', reason: 'onnxruntime-node is installed', threads: 2 },
  versions: { pentimento: '0.1.0', 'onnxruntime-node': '1.30.0' },
  dataHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  layers,
  parameters: 412_736,
  stepsPerEpoch: 39,
  totalSteps: 780,
  created: '2026-01-15T10:12:00.000Z',
});

const metrics = (random: () => number): Metric[] =>
  Array.from({ length: 780 }, (_, index) => ({
    step: index + 1,
    epoch: (index + 1) / 39,
    loss: 5.54 * Math.exp(-index / 180) + 1.9 + 0.25 * random(),
    learningRate: index < 39 ? (0.06 * (index + 1)) / 39 : 0.03 * (1 + Math.cos((Math.PI * index) / 780)),
  }));

/** Nine layers of a small convolutional encoder with a head, twelve features, three tasks, groups and one shift. */
export const inventedImageReport = (): RunReport => {
  const random = randomNumbers(7);
  const layers = LAYERS.map((_, index) => layer(index, random));
  const analysis: Analysis = {
    version: 2,
    usualMethod: 'logistic-standardised',
    experiment: 'digits on clothes, NT-Xent',
    seed: 7,
    epoch: 20,
    step: 780,
    backend: 'onnx-native',
    dataHash: run('', []).dataHash,
    samples: { train: 10_000, test: 2000 },
    definitions: DEFINITIONS,
    layers,
    untrained: null,
    similarity: {
      samples: 2000,
      cka: layers.map((_, i) =>
        layers.map((__, j) => (i === j ? 1 : Math.exp(-0.16 * Math.abs(i - j) * (i > 5 || j > 5 ? 2 : 1)))),
      ),
    },
    absent: {
      threshold: "weight below 5 % of the layer's largest",
      byLayer: Object.fromEntries(
        layers.map(({ name, featureWeights: weights }) => [
          name,
          weights.filter(({ absent }) => absent).map(({ feature }) => feature),
        ]),
      ),
    },
    theory: null,
  };
  return {
    subject: {
      kind: 'run',
      record: run(
        analysis.experiment,
        LAYERS.map(([name, part, , dimensions]) => ({ name, part, shape: [dimensions] })),
      ),
    },
    metrics: metrics(random),
    analysis,
    recommendations: TASKS.map(([task, , accuracies]) => recommend(task, accuracies)),
  };
};

/** Three layers of a linear model on synthetic data, weights s^(l/L) with their theory, and no probe. */
export const inventedTheoryReport = (): RunReport => {
  const random = randomNumbers(11);
  const strengths = [0.2752, 0.9836, 0.5, 0.6, 0.3943];
  const names = ['input', 'encoder.1', 'head.1'];
  const predicted = names.map((_, depth) => strengths.map((strength) => strength ** (depth / 2)));
  const layers = names.map((name, depth): LayerAnalysis => {
    const weights = predicted[depth].map((weight) =>
      depth === 0 ? weight : weight * (0.96 + 0.08 * random()),
    );
    const values = [...weights].sort((a, b) => b - a);
    return {
      name,
      part: (['input', 'encoder', 'head'] as const)[depth],
      role: (['input', 'pre-projection', 'post-projection'] as const)[depth],
      dimensions: 5,
      samples: 50_000,
      pooling: 'none',
      singularValues: values,
      centredSingularValues: values,
      measures: { stableRank: { value: 2.5 - 0.4 * depth } },
      featureWeights: weights.map((weight, index) => ({
        feature: `h${index + 1}`,
        weight,
        absent: false,
        source: 'coordinate',
      })),
      inequality: { effectiveNumber: { value: 5 - depth }, gini: { value: 0.1 * depth } },
      viewCorrelation: [],
      probes: [],
    };
  });
  const image = inventedImageReport();
  const analysis: Analysis = {
    ...image.analysis,
    experiment: 'linear population, two layers',
    layers,
    similarity: {
      samples: 50_000,
      cka: names.map((_, i) => names.map((__, j) => 1 - 0.1 * Math.abs(i - j))),
    },
    absent: { threshold: "weight below 1 % of the layer's largest", byLayer: {} },
    theory: {
      source: 'linear model, s^(l/L)',
      layers: names.map((name, depth) => ({
        layer: name,
        weights: predicted[depth].map((weight, index) => ({ feature: `h${index + 1}`, weight })),
      })),
    },
  };
  return { subject: image.subject, metrics: [], analysis, recommendations: [] };
};
