import type { Analysis } from '../protocol/index.ts';
import { centreColumns, type Matrix } from './matrix.ts';
import type { Products } from './products.ts';

interface CentredLayer {
  readonly centred: Matrix;
  /** ||x_i||^2 of every centred row. */
  readonly rowSquares: Float64Array;
}

const centre = (m: Matrix): CentredLayer => {
  const centred = centreColumns(m);
  const rowSquares = new Float64Array(m.rows);
  for (let at = 0; at < centred.data.length; at++) {
    rowSquares[Math.floor(at / m.columns)] += centred.data[at] ** 2;
  }
  return { centred, rowSquares };
};

const squaredNorm = (m: Matrix): number => {
  let sum = 0;
  for (const value of m.data) sum += value * value;
  return sum;
};

/**
 * Unbiased estimate of ||Sigma_xy||_F^2 up to a factor, HSIC_1 of Song et al. 2012 in its feature form (X, Y centred):
 * ||X^T Y||_F^2 - n / (n - 2) sum_i ||x_i||^2 ||y_i||^2 + sum_i ||x_i||^2 sum_i ||y_i||^2 / ((n - 1)(n - 2)).
 */
const debiasedProduct = async (products: Products, x: CentredLayer, y: CentredLayer): Promise<number> => {
  const n = x.centred.rows;
  let together = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < n; i++) {
    together += x.rowSquares[i] * y.rowSquares[i];
    sumX += x.rowSquares[i];
    sumY += y.rowSquares[i];
  }
  const cross = squaredNorm(await products.cross(x.centred, y.centred));
  return cross - (n / (n - 2)) * together + (sumX * sumY) / ((n - 1) * (n - 2));
};

const ratios = (count: number, product: readonly (readonly number[])[]): (number | null)[][] =>
  Array.from({ length: count }, (_, a) =>
    Array.from({ length: count }, (_, b) => {
      const scale = product[a][a] * product[b][b];
      if (!(product[a][a] > 0) || !(scale > 0)) return null;
      return a === b ? 1 : product[Math.max(a, b)][Math.min(a, b)] / Math.sqrt(scale);
    }),
  );

/**
 * Debiased linear CKA between representations of the same samples (rows); it can be slightly negative. Cells are null
 * below 4 samples and for a representation without variance.
 */
export const similarityOf = async (
  products: Products,
  representations: readonly Matrix[],
  signal?: AbortSignal,
): Promise<Analysis['similarity']> => {
  const samples = representations[0].rows;
  const empty = representations.map(() => representations.map(() => null));
  if (samples < 4) return { samples, cka: empty };
  const layers = representations.map(centre);
  const product: number[][] = [];
  for (let a = 0; a < layers.length; a++) {
    product.push([]);
    for (let b = 0; b <= a; b++) {
      signal?.throwIfAborted();
      product[a].push(await debiasedProduct(products, layers[a], layers[b]));
    }
  }
  return { samples, cka: ratios(layers.length, product) };
};

/** Linear CKA of exact moments: ||E[r_l r_m^T]||_F^2 over its geometric mean; roots as in `PopulationLayer`. */
export const populationSimilarity = async (
  products: Products,
  roots: readonly Matrix[],
): Promise<Analysis['similarity']> => {
  const product: number[][] = [];
  for (let a = 0; a < roots.length; a++) {
    product.push([]);
    for (let b = 0; b <= a; b++) product[a].push(squaredNorm(await products.cross(roots[a], roots[b])));
  }
  return { samples: 0, cka: ratios(roots.length, product) };
};
