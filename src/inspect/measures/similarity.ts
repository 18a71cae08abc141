import type { Analysis } from '../../protocol/index.ts';
import {
  centred,
  type DependencePieces,
  debiasedCka,
  dot,
  type Matrix,
  rowOf,
  squaredNorm,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { type Representation, toMatrix } from '../representation.ts';

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

/**
 * The pieces of HSIC_1 from X^T Y alone: with centred columns the rows of X X^T sum to 0, so the rows of the hollow
 * kernel sum to -||x_i||^2.
 */
const piecesOf = async (products: Products, x: CentredLayer, y: CentredLayer): Promise<DependencePieces> => {
  const product = squaredNorm(await products.cross(x.samples, y.samples));
  const diagonal = dot(x.rowSquares, y.rowSquares);
  return {
    samples: x.samples.rows,
    trace: product - diagonal,
    totalX: -x.total,
    totalY: -y.total,
    rows: diagonal,
  };
};

/**
 * Debiased linear CKA between representations of the same samples (rows); it can be slightly negative. Cells are null
 * below 4 samples and for a representation without variance.
 */
export const similarityOf = async (
  products: Products,
  representations: readonly Representation[],
  signal?: AbortSignal,
): Promise<Analysis['similarity']> => {
  const layers = representations.map(centre);
  const pieces: DependencePieces[][] = [];
  for (const [a, x] of layers.entries()) {
    pieces.push([]);
    for (const y of layers.slice(0, a + 1)) {
      signal?.throwIfAborted();
      pieces[a].push(await piecesOf(products, x, y));
    }
  }
  const cka = layers.map((_, a) =>
    layers.map(
      (_, b) => debiasedCka(pieces[Math.max(a, b)][Math.min(a, b)], pieces[a][a], pieces[b][b]).value,
    ),
  );
  return { samples: representations[0].rows, cka };
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
