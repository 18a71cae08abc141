import type { Analysis } from '../../protocol/index.ts';
import { type Representation, toMatrix } from '../../sources/index.ts';
import {
  centred,
  ckaError,
  type DependencePieces,
  debiasedCka,
  dot,
  type Matrix,
  rowOf,
  squaredNorm,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';

interface CentredLayer {
  readonly samples: Matrix;
  /** ||x_i||^2 of every centred row, and their sum. */
  readonly rowSquares: Float64Array;
  readonly total: number;
}

const centre = (layer: Representation): CentredLayer => {
  const samples = centred(toMatrix(layer));
  const rowSquares = Float64Array.from({ length: samples.rows }, (_, i) => {
    const row = rowOf(samples, i);
    return dot(row, row);
  });
  return { samples, rowSquares, total: squaredNorm(samples) };
};

/** What is known of two layers. */
interface Dependence {
  readonly pieces: DependencePieces;
  /** For each sample i, the mean of (x_i . x_j)(y_i . y_j) over the other samples j. */
  readonly bySample: Float64Array;
}

/**
 * The pieces of HSIC_1 from C = X^T Y alone: with centred columns the rows of X X^T sum to 0, so the rows of the hollow
 * kernel sum to -||x_i||^2. The sum of (x_i . x_j)(y_i . y_j) over all j is x_i C y_i.
 */
const dependenceOf = async (products: Products, x: CentredLayer, y: CentredLayer): Promise<Dependence> => {
  const cross = await products.cross(x.samples, y.samples);
  const diagonal = dot(x.rowSquares, y.rowSquares);
  const samples = x.samples.rows;
  const predicted = await products.times(x.samples, cross);
  const bySample = Float64Array.from({ length: samples }, (_, i) => {
    const own = dot(rowOf(predicted, i), rowOf(y.samples, i));
    return (own - x.rowSquares[i] * y.rowSquares[i]) / (samples - 1);
  });
  const pieces = {
    samples,
    trace: squaredNorm(cross) - diagonal,
    totalX: -x.total,
    totalY: -y.total,
    rows: diagonal,
  };
  return { pieces, bySample };
};

/**
 * Debiased linear CKA between representations of the same samples (rows), with standard errors; it can be slightly
 * negative. Cells are null below 4 samples and for a representation without variance.
 */
export const similarityOf = async (
  products: Products,
  representations: readonly Representation[],
  signal?: AbortSignal,
): Promise<Analysis['similarity']> => {
  const layers = representations.map(centre);
  const below: Dependence[][] = [];
  for (const [a, x] of layers.entries()) {
    below.push([]);
    for (const y of layers.slice(0, a + 1)) {
      signal?.throwIfAborted();
      below[a].push(await dependenceOf(products, x, y));
    }
  }
  const cells = layers.map((_, a) =>
    layers.map((_, b) => {
      const pair = below[Math.max(a, b)][Math.min(a, b)];
      const [own, other] = [below[a][a], below[b][b]];
      const cka = debiasedCka(pair.pieces, own.pieces, other.pieces).value;
      return { cka, error: cka === null ? null : ckaError(pair.bySample, own.bySample, other.bySample) };
    }),
  );
  return {
    samples: representations[0].rows,
    cka: cells.map((row) => row.map(({ cka }) => cka)),
    errors: cells.map((row) => row.map(({ error }) => error)),
  };
};

/** Linear CKA of exact moments, ||E[r_l r_m^T]||_F^2 over its geometric mean; roots as in `PopulationLayer`. */
export const populationSimilarity = async (
  products: Products,
  roots: readonly Matrix[],
): Promise<Analysis['similarity']> => {
  const norms: number[][] = [];
  for (const left of roots) {
    const row: number[] = [];
    for (const right of roots) row.push(squaredNorm(await products.cross(left, right)));
    norms.push(row);
  }
  const cka = norms.map((row, l) =>
    row.map((norm, m) => {
      const scale = Math.sqrt(norms[l][l]) * Math.sqrt(norms[m][m]);
      return scale > 0 ? norm / scale : null;
    }),
  );
  return { samples: 0, cka };
};
