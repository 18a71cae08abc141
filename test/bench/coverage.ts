import { type DataSet, openStream, type RandomStream } from '../../src/data/index.ts';
import { Products } from '../../src/inspect/algebra/products.ts';
import { gaugeFactors } from '../../src/inspect/featureWeights/featureWeights.ts';
import { classTraces } from '../../src/inspect/featureWeights/scatter.ts';
import { inequalityOf } from '../../src/inspect/measures/measures.ts';
import { similarityOf } from '../../src/inspect/measures/similarity.ts';
import { sampleSpectra } from '../../src/inspect/measures/spectra.ts';
import { stratifiedFolds } from '../../src/inspect/probes/folds.ts';
import { probeLayer } from '../../src/inspect/probes/probeLayer.ts';
import { rSquaredOf } from '../../src/inspect/probes/rSquared.ts';
import type { ProbeTask } from '../../src/inspect/probes/task.ts';
import { openBackend } from '../../src/runtime/index.ts';
import { type Matrix, matrix, spectralMeasures, transpose } from '../../src/spectrum/index.ts';
import { multiply } from '../../src/spectrum/product.ts';
import { normalInterval, pairedLoss, TWO_SIDED, wilsonInterval } from '../../src/statistics/index.ts';

/**
 * How often 95 % intervals hold the true value, on simulated samples whose truth is known: in closed form, or
 * from very many samples. `npm run bench --
 * coverage`; a number after it is how often each is drawn, 1,000 otherwise.
 */

const DRAWS = Number(process.argv[2] ?? 1000);

const backend = await openBackend('native', { threads: 2 });
const products = new Products(backend);

interface Simulation {
  readonly name: string;
  readonly truth: number;
  readonly interval: (random: RandomStream) => Promise<readonly [number, number]>;
}

const gaussian = (random: RandomStream, rows: number, columns: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.gaussian()),
  );

const outcomes = (length: number, draw: (sample: number) => boolean): Uint8Array =>
  Uint8Array.from({ length }, (_, sample) => Number(draw(sample)));

/** 400 outcomes, right in 4 of 5 cases. */
const accuracy: Simulation = {
  name: 'accuracy (n = 400, 80 %)',
  truth: 0.8,
  interval: async (random) => {
    const right = outcomes(400, () => random.uniform() < 0.8).reduce((sum, value) => sum + value, 0);
    return wilsonInterval(right, 400);
  },
};

/** Two layers that agree on most of 1,000 samples: the first alone is right on 6 %, the second alone on 4 %. */
const difference: Simulation = {
  name: 'paired difference (n = 1,000, 2 points)',
  truth: 0.02,
  interval: async (random) => {
    const kinds = Float64Array.from({ length: 1000 }, () => random.uniform());
    const { value, error } = pairedLoss(
      outcomes(1000, (i) => kinds[i] < 0.76),
      outcomes(1000, (i) => kinds[i] < 0.7 || (kinds[i] >= 0.76 && kinds[i] < 0.8)),
    );
    return normalInterval(value, error);
  },
};

/** y is the first of 5 dimensions with noise of the same variance, and the probe is given: R^2 = 1/2 of samples that it has not seen. */
const determination: Simulation = {
  name: 'R^2 (n = 400)',
  truth: 0.5,
  interval: async (random) => {
    const predicted = gaussian(random, 400, 1).data;
    const values = predicted.map((value) => value + random.gaussian());
    return rSquaredOf(values, predicted).interval ?? [Number.NaN, Number.NaN];
  },
};

/** Of two layers that see the same signal under independent noise, R^2 = 1/2 and 1/4 of the samples that both predict. */
const determinations: Simulation = {
  name: 'paired difference of R^2 (n = 400)',
  truth: 0.25,
  interval: async (random) => {
    const first = gaussian(random, 400, 1).data;
    const second = gaussian(random, 400, 1).data;
    const values = first.map((value, i) => value * Math.SQRT1_2 + second[i] / 2 + random.gaussian() / 2);
    const parts = [first.map((value) => value * Math.SQRT1_2), second.map((value) => value / 2)].map(
      (predicted) => Float32Array.from(rSquaredOf(values, predicted).outcomes),
    );
    const { value, error } = pairedLoss(parts[0], parts[1]);
    return normalInterval(value, error);
  },
};

/** Two classes at -1 and +1 of the first of 5 dimensions, unit noise: the best probe is sigmoid(2 x). */
const information: Simulation = {
  name: 'usable information (n = 1,000, 5 dimensions)',
  truth: informationOfTwo(),
  interval: async (random) => {
    const labels = Int32Array.from({ length: 1000 }, () => random.integer(2));
    const samples = gaussian(random, 1000, 5);
    labels.forEach((label, i) => {
      samples.data[5 * i] += label === 0 ? -1 : 1;
    });
    const set = { name: 'train', labels, groups: null };
    const task: ProbeTask = {
      name: 'task',
      factor: 'label',
      seed: 1,
      classes: 2,
      train: { labels, weights: null },
      shuffles: [],
      trainGroups: null,
      ranking: { on: 'train', set, weights: null, count: 5, folds: stratifiedFolds(labels, 5, random) },
      sets: [],
    };
    const splits = { train: samples, validation: null, tests: [samples] };
    const context = { backend, products };
    const [probe] = await probeLayer(
      splits,
      { tasks: [task], regressions: [] },
      ['logistic-standardised'],
      context,
    );
    return probe.outOfFold?.information?.interval ?? [Number.NaN, Number.NaN];
  },
};

/** 1 - E log2(1 + exp(-2 x)) for x from N(1, 1), by the trapezoidal rule. */
function informationOfTwo(): number {
  const step = 1e-3;
  let loss = 0;
  for (let x = -9; x <= 11; x += step) {
    loss += (Math.log2(1 + Math.exp(-2 * x)) * Math.exp(-((x - 1) ** 2) / 2) * step) / Math.sqrt(2 * Math.PI);
  }
  return 1 - loss;
}

/** Three equally frequent classes at the corners of a triangle of radius 1 in 6 dimensions with unit noise. */
const etaSquared: Simulation = {
  name: 'eta^2 (n = 600, 6 dimensions)',
  truth: 1 / 7,
  interval: async (random) => {
    const labels = Int32Array.from({ length: 600 }, () => random.integer(3));
    const samples = gaussian(random, 600, 6);
    labels.forEach((label, i) => {
      samples.data[6 * i] += Math.cos((2 * Math.PI * label) / 3);
      samples.data[6 * i + 1] += Math.sin((2 * Math.PI * label) / 3);
    });
    return classTraces(samples, labels, 3).etaSquared?.interval ?? [Number.NaN, Number.NaN];
  },
};

const DEVIATIONS = [3, 2.2, 1.6, 1.2, 0.9, 0.7, 0.5, 0.4];

/** Gaussian samples whose singular values are in the proportions of `DEVIATIONS`. */
const effectiveRank: Simulation = {
  name: 'effective rank (n = 2,000, 8 dimensions)',
  truth: rankOf(DEVIATIONS),
  interval: async (random) => {
    const samples = gaussian(random, 2000, 8);
    for (let at = 0; at < samples.data.length; at++) samples.data[at] *= DEVIATIONS[at % 8];
    const found = spectralMeasures(await sampleSpectra(products, samples)).effectiveRank;
    return found.interval ?? [Number.NaN, Number.NaN];
  },
};

function rankOf(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  return Math.exp(-values.reduce((sum, value) => sum + (value / total) * Math.log(value / total), 0));
}

/** X with unit variance in 5 dimensions, and Y = X W + noise in 4. */
const WEIGHTS = gaussian(openStream(1, 'weights of the simulation'), 5, 4);
const NOISE = 1.5;

const similarity: Simulation = {
  name: 'CKA (n = 1,000, 5 and 4 dimensions)',
  truth: ckaOfLinear(),
  interval: async (random) => {
    const x = gaussian(random, 1000, 5);
    const y = multiply(x, WEIGHTS);
    for (let at = 0; at < y.data.length; at++) y.data[at] += NOISE * random.gaussian();
    const { cka, errors } = await similarityOf(products, [x, y]);
    const [value, error] = [cka[0][1] ?? Number.NaN, errors?.[0][1] ?? Number.NaN];
    return [value - TWO_SIDED * error, value + TWO_SIDED * error];
  },
};

/** ||W||_F^2 / (sqrt(5) ||W^T W + noise^2 I||_F). */
function ckaOfLinear(): number {
  const second = multiply(transpose(WEIGHTS), WEIGHTS);
  for (let j = 0; j < 4; j++) second.data[5 * j] += NOISE ** 2;
  const norm = (m: Matrix) => m.data.reduce((sum, value) => sum + value * value, 0);
  return norm(WEIGHTS) / Math.sqrt(5 * norm(second));
}

/** Four categorical factors and three continuous ones, each of which moves 8 input dimensions, under unit noise. */
const CLASSES = [2, 3, 4, 6];
const COORDINATES = 3;
const SHIFTS = CLASSES.map((classes, f) =>
  gaussian(openStream(2, 'shifts of the simulation', f), classes, 8),
);
const DIRECTIONS = gaussian(openStream(3, 'directions of the simulation'), COORDINATES, 8);
/** The layer: 6 units max(0, W x), with noise of deviation 0.5. */
const LAYER = gaussian(openStream(4, 'layer of the simulation'), 8, 6);

interface Drawn {
  readonly factors: DataSet['factors'];
  readonly input: Matrix;
  readonly layer: Matrix;
}

/** The layer sees what each factor adds to the input times its scale. */
const drawFeatures = (random: RandomStream, size: number, scales: readonly number[]): Drawn => {
  const categorical = CLASSES.map((classes, f) => ({
    name: `classes-${f + 1}`,
    kind: 'categorical' as const,
    values: Int32Array.from({ length: size }, () => random.integer(classes)),
    classes: Array.from({ length: classes }, (_, c) => `${c}`),
  }));
  const continuous = Array.from({ length: COORDINATES }, (_, j) => ({
    name: `coordinate-${j + 1}`,
    kind: 'continuous' as const,
    values: gaussian(random, size, 1).data,
  }));
  const input = gaussian(random, size, 8);
  const seen = matrix(size, 8, input.data.slice());
  for (let at = 0; at < input.data.length; at++) {
    const [i, k] = [Math.floor(at / 8), at % 8];
    const added = [
      ...categorical.map(({ values }, f) => SHIFTS[f].data[8 * values[i] + k]),
      ...continuous.map(({ values }, j) => values[i] * DIRECTIONS.data[8 * j + k]),
    ];
    for (const [feature, value] of added.entries()) {
      input.data[at] += value;
      seen.data[at] += scales[feature] * value;
    }
  }
  const layer = multiply(seen, LAYER);
  for (let at = 0; at < layer.data.length; at++)
    layer.data[at] = Math.max(0, layer.data[at]) + 0.5 * random.gaussian();
  return { factors: [...categorical, ...continuous], input, layer };
};

const inequalityOfDrawn = async ({ factors, input, layer }: Drawn) => {
  const read = () => {
    throw new Error('samples are not read');
  };
  const set = { name: 'test', size: input.rows, shape: [8], factors, read };
  const gauge = await gaugeFactors(products, set, input, 1, 'factor');
  return inequalityOf(await gauge(layer));
};

/**
 * Of a layer that is not linear there is no closed form: the truth is that of 300,000 samples, whose error is a 17th of that of
 * 1,000.
 */
const inequalities = async (which: string, scales: readonly number[]): Promise<Simulation[]> => {
  const truth = await inequalityOfDrawn(
    drawFeatures(openStream(5, 'truth of the simulation'), 300_000, scales),
  );
  return (['effectiveNumber', 'gini'] as const).map((key) => ({
    name: `${key} of 7 ${which} weights (n = 1,000, 8 and 6 dimensions)`,
    truth: truth[key].value ?? Number.NaN,
    interval: async (random) =>
      (await inequalityOfDrawn(drawFeatures(random, 1000, scales)))[key].interval ?? [Number.NaN, Number.NaN],
  }));
};

/** True weights of about 0.5 to 2.1, far from 0 and from each other in units of their errors. */
const unequal = await inequalities('unequal', [1.6, 0.8, 2.4, 1.2, 0.4, 2, 0.4]);
/**
 * Five true weights between 0.93 and 1.00, with errors of up to 0.08. What the errors add to the inequality is not small then, and
 * most draws give no interval of the Gini coefficient.
 */
const nearlyEqual = await inequalities('nearly equal', [1, 1, 1, 1, 1, 1, 1]);

console.log(`95 % intervals over ${DRAWS.toLocaleString('en')} draws each:`);
for (const { name, truth, interval } of [
  accuracy,
  difference,
  determination,
  determinations,
  information,
  etaSquared,
  effectiveRank,
  similarity,
  ...unequal,
  ...nearlyEqual,
]) {
  let [held, width, known] = [0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const [low, high] = await interval(openStream(7, name, draw));
    if (Number.isNaN(low)) continue;
    if (low <= truth && truth <= high) held++;
    width += high - low;
    known++;
  }
  const share = ((100 * held) / known).toFixed(1);
  const none = known < DRAWS ? ` (${DRAWS - known} draws without an interval)` : '';
  console.log(
    `${share} % hold the truth ${truth.toPrecision(4)}, mean width ${(width / known).toPrecision(3)}: ${name}${none}`,
  );
}
await products.dispose();
