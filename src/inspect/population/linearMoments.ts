import type { Population } from '../../data/index.ts';
import { float32 } from '../../runtime/index.ts';
import { rowOf, scaledRows } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Reader } from '../reader.ts';
import { toMatrix } from '../representation.ts';
import type { TappedLayer } from '../tappedLayer.ts';
import { type PopulationLayer, readInputs } from './populationLayer.ts';

/** A linear layer maps x = v_j to W v_j: E[r r^T] = sum_j B_j (W v_j)(W v_j)^T, and with A_j for a pair. */
export const linearMoments = async (
  { strengths, directions, positiveMoment, secondMoment }: Population,
  reader: Reader,
  layers: readonly TappedLayer[],
  products: Products,
): Promise<ReadonlyMap<string, PopulationLayer>> => {
  const x = float32([strengths.length, strengths.length], Float32Array.from(directions));
  const moments = new Map<string, PopulationLayer>();
  for (const [name, answers] of await readInputs(reader, layers, x)) {
    const columns = toMatrix(answers);
    const paired = scaledRows(columns, positiveMoment.map(Math.sqrt));
    moments.set(name, {
      root: scaledRows(columns, secondMoment.map(Math.sqrt)),
      positive: await products.cross(paired, paired),
      gains: strengths.map((_, j) =>
        rowOf(columns, j).reduce((length, value) => Math.hypot(length, value), 0),
      ),
    });
  }
  return moments;
};
