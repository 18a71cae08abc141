import type { Population } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { float32 } from '../runtime/index.ts';
import { symmetrised } from '../spectrum/index.ts';
import { type DoubleMatrix, type Matrix, matrix, rowOf } from './matrix.ts';
import type { Products } from './products.ts';
import { type Reader, readAll, tensorSource } from './representations.ts';
import type { TappedLayer } from './tappedLayer.ts';

/** Exact moments of one layer's representation over the augmented views. */
export interface PopulationLayer {
  /** R with R^T R = E[r r^T]; row i belongs to the same event at every layer, so R_l^T R_m = E[r_l r_m^T]. */
  readonly root: DoubleMatrix;
  /** E[r r+^T], symmetrised: [dimensions, dimensions]. */
  readonly positive: DoubleMatrix;
  /** ||E[r h_j]|| / phi_j for the unaugmented input: [features]. */
  readonly gains: Float64Array;
}

export const isLinear = ({ encoder, head }: Experiment): boolean =>
  encoder.kind === 'linear' && ['none', 'linear', 'reweighting'].includes(head.kind);

const isDiagonal = ({ encoder, head }: Experiment): boolean =>
  encoder.kind === 'diagonal' &&
  (head.kind === 'none' ||
    head.kind === 'reweighting' ||
    (head.kind === 'symmetric-relu' && head.weights === 'diagonal'));

/** @throws Fault when the model is neither linear nor diagonal on the axes: moments do not pass through it. */
export const readPopulation = async (
  experiment: Experiment,
  population: Population,
  reader: Reader,
  layers: readonly TappedLayer[],
  products: Products,
): Promise<ReadonlyMap<string, PopulationLayer>> => {
  if (isLinear(experiment)) return linearMoments(population, reader, layers, products);
  if (isDiagonal(experiment) && population.atoms !== null && onAxes(population)) {
    return diagonalMoments(population, reader, layers, products);
  }
  throw inputFault(
    'exact moments pass through linear and diagonal models only',
    '/data/sampling',
    'Set it to "sampled"',
  );
};

const onAxes = ({ strengths, directions }: Population): boolean =>
  directions.every((value, at) => value === (at % (strengths.length + 1) === 0 ? 1 : 0));

const readRows = (reader: Reader, layers: readonly TappedLayer[], rows: Float64Array, features: number) => {
  const count = rows.length / features;
  const x = float32([count, features], Float32Array.from(rows));
  return readAll(reader, layers, count, tensorSource(x), 'population');
};

/** A linear layer answers to x = v_j with W v_j: E[r r^T] = sum_j B_j (W v_j)(W v_j)^T, and with A_j for a pair. */
const linearMoments = async (
  { strengths, directions, positiveMoment, secondMoment }: Population,
  reader: Reader,
  layers: readonly TappedLayer[],
  products: Products,
) => {
  const responses = await readRows(reader, layers, directions, strengths.length);
  const moments = new Map<string, PopulationLayer>();
  for (const [name, response] of responses) {
    const paired = scaleRows(response, positiveMoment.map(Math.sqrt));
    moments.set(name, {
      root: scaleRows(response, secondMoment.map(Math.sqrt)),
      positive: await products.cross(paired, paired),
      gains: Float64Array.from(strengths, (_, j) => Math.hypot(...rowOf(response, j))),
    });
  }
  return moments;
};

const scaleRows = (m: Matrix, factors: Float64Array): DoubleMatrix =>
  matrix(
    m.rows,
    m.columns,
    Float64Array.from(m.data, (value, at) => value * factors[Math.floor(at / m.columns)]),
  );

/**
 * A diagonal layer acts on every coordinate by itself. Coordinates are independent and their values symmetric about 0,
 * so that moments between different coordinates vanish: every (atom, coordinate) is an event of its own.
 */
const diagonalMoments = async (
  { strengths, atoms }: Population,
  reader: Reader,
  layers: readonly TappedLayer[],
  products: Products,
) => {
  const features = strengths.length;
  const { count, factor, first, second, probability } = atoms!;
  const clean = await readRows(
    reader,
    layers,
    factor.map((h, at) => strengths[at % features] * h),
    features,
  );
  const views = [
    await readRows(reader, layers, first, features),
    await readRows(reader, layers, second, features),
  ];
  const moments = new Map<string, PopulationLayer>();
  for (const { name } of layers) {
    const [one, other] = views.map((view) => eventsOf(view.get(name)!, probability, count, features));
    const paired = await products.cross(one, other);
    const gains = new Float64Array(features);
    const response = clean.get(name)!;
    for (let at = 0; at < count * features; at++) {
      gains[at % features] += probability[at] * response.data[at] * factor[at];
    }
    moments.set(name, {
      root: stackHalves(one, other),
      positive: symmetrised(paired),
      gains: gains.map((gain, j) => Math.abs(gain) / strengths[j]),
    });
  }
  return moments;
};

/** Row (atom, j) holds sqrt(p) r_j in column j. */
const eventsOf = (view: Matrix, probability: Float64Array, count: number, features: number): DoubleMatrix => {
  const data = new Float64Array(count * features * features);
  for (let at = 0; at < count * features; at++) {
    data[at * features + (at % features)] = Math.sqrt(probability[at]) * view.data[at];
  }
  return matrix(count * features, features, data);
};

/** The mean of two second moments, as one root. */
const stackHalves = (one: DoubleMatrix, other: DoubleMatrix): DoubleMatrix => {
  const data = new Float64Array(one.data.length + other.data.length);
  data.set(one.data);
  data.set(other.data, one.data.length);
  return matrix(
    one.rows + other.rows,
    one.columns,
    data.map((value) => value * Math.SQRT1_2),
  );
};
