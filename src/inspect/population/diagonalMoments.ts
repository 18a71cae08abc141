import type { Population } from '../../data/index.ts';
import { float32, type TensorData } from '../../runtime/index.ts';
import type { ExactMoments, Representation, SourceLayer, SourceReader } from '../../sources/index.ts';
import { type Matrix, matrix, scaled, symmetrised } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { PopulationLayer } from './populationLayer.ts';

type Atoms = NonNullable<Population['atoms']>;

/**
 * A diagonal layer acts on every coordinate separately. Coordinates are independent and their values symmetric about
 * 0, so moments between different coordinates vanish: every (atom, coordinate) is a separate event.
 */
export const diagonalMoments = async (
  { population, atoms: inputs }: ExactMoments,
  reader: SourceReader,
  layers: readonly SourceLayer[],
  products: Products,
): Promise<ReadonlyMap<string, PopulationLayer>> => {
  const { first, second } = inputs!;
  const atoms = population.atoms!;
  const [clean, ...views] = [
    await reader.readInputs(cleanInputs(population, atoms)),
    await reader.readInputs(first),
    await reader.readInputs(second),
  ];
  const moments = new Map<string, PopulationLayer>();
  for (const { name } of layers) {
    const [one, other] = views.map((view) => eventsOf(view.get(name)!, atoms));
    moments.set(name, {
      root: meanRoot(one, other),
      positive: symmetrised(await products.cross(one, other)),
      gains: gainsOf(clean.get(name)!, population, atoms),
    });
  }
  return moments;
};

/** phi_j h_j of every atom, without augmentation. */
const cleanInputs = ({ strengths }: Population, { count, factor }: Atoms): TensorData =>
  float32(
    [count, strengths.length],
    Float32Array.from(factor, (h, at) => strengths[at % strengths.length] * h),
  );

/** Row (atom, j) holds sqrt(p) r_j in column j. */
const eventsOf = ({ columns, data }: Representation, { probability }: Atoms): Matrix => {
  const events = matrix(data.length, columns);
  for (let at = 0; at < data.length; at++) {
    events.data[at * columns + (at % columns)] = Math.sqrt(probability[at]) * data[at];
  }
  return events;
};

/** R with R^T R the mean of those of two roots: both over sqrt(2), one below the other. */
const meanRoot = (one: Matrix, other: Matrix): Matrix => {
  const root = matrix(one.rows + other.rows, one.columns);
  root.data.set(scaled(one, Math.SQRT1_2).data);
  root.data.set(scaled(other, Math.SQRT1_2).data, one.data.length);
  return root;
};

/** |E[r_j h_j]| / phi_j. */
const gainsOf = (
  { data }: Representation,
  { strengths }: Population,
  { factor, probability }: Atoms,
): Float64Array => {
  const sums = new Float64Array(strengths.length);
  for (let at = 0; at < data.length; at++) sums[at % sums.length] += probability[at] * data[at] * factor[at];
  return sums.map((sum, j) => Math.abs(sum) / strengths[j]);
};
