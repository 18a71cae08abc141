import { float32 } from '../../runtime/index.ts';
import { type ExactMoments, type SourceReader, toMatrix } from '../../sources/index.ts';
import { rowOf, scaledRows } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { PopulationLayer } from './populationLayer.ts';

/** A linear layer maps x = v_j to W v_j: E[r r^T] = sum_j B_j (W v_j)(W v_j)^T, and with A_j for a pair. */
export const linearMoments = async (
  { population }: ExactMoments,
  reader: SourceReader,
  products: Products,
): Promise<ReadonlyMap<string, PopulationLayer>> => {
  const { strengths, directions, positiveMoment, secondMoment } = population;
  const x = float32([strengths.length, strengths.length], Float32Array.from(directions));
  const moments = new Map<string, PopulationLayer>();
  for (const [name, answers] of await reader.readInputs(x)) {
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
