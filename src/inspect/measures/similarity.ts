import type { Analysis } from '../../protocol/index.ts';
import { type Representation, rowsOf } from '../../sources/index.ts';
import {
  ckaError,
  type DependencePieces,
  debiasedCka,
  dot,
  type Matrix,
  matrix,
  meanOfRows,
  rowOf,
  squaredNorm,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';

/** Rows that are centred at a time: a copy in float64 of all layers would take twice their memory. */
const CHUNK = 2048;

interface CentredLayer {
  readonly layer: Representation;
  readonly mean: Float64Array;
  /** ||x_i||^2 of every centred row, and their sum. */
  readonly rowSquares: Float64Array;
  readonly total: number;
}

/** Rows `from` up to CHUNK more, centred. */
const centredRows = ({ layer, mean }: Pick<CentredLayer, 'layer' | 'mean'>, from: number): Matrix => {
  const { rows, columns, data } = rowsOf(layer, from, Math.min(from + CHUNK, layer.rows));
  const centred = matrix(rows, columns);
  for (let start = 0; start < data.length; start += columns) {
    for (let j = 0; j < columns; j++) centred.data[start + j] = data[start + j] - mean[j];
  }
  return centred;
};

const centre = (layer: Representation): CentredLayer => {
  const mean = meanOfRows(layer.data, layer.columns);
  const rowSquares = new Float64Array(layer.rows);
  for (let from = 0; from < layer.rows; from += CHUNK) {
    const rows = centredRows({ layer, mean }, from);
    for (let i = 0; i < rows.rows; i++) rowSquares[from + i] = dot(rowOf(rows, i), rowOf(rows, i));
  }
  return { layer, mean, rowSquares, total: rowSquares.reduce((sum, square) => sum + square, 0) };
};

/** X^T Y of centred layers. */
const crossOf = async (products: Products, x: CentredLayer, y: CentredLayer): Promise<Matrix> => {
  const sum = matrix(x.layer.columns, y.layer.columns);
  for (let from = 0; from < x.layer.rows; from += CHUNK) {
    const { data } = await products.cross(centredRows(x, from), centredRows(y, from));
    for (let at = 0; at < data.length; at++) sum.data[at] += data[at];
  }
  return sum;
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
  const cross = await crossOf(products, x, y);
  const diagonal = dot(x.rowSquares, y.rowSquares);
  const samples = x.layer.rows;
  const bySample = new Float64Array(samples);
  for (let from = 0; from < samples; from += CHUNK) {
    const predicted = await products.times(centredRows(x, from), cross);
    const rows = centredRows(y, from);
    for (let at = 0; at < rows.rows; at++) {
      const i = from + at;
      const own = dot(rowOf(predicted, at), rowOf(rows, at));
      bySample[i] = (own - x.rowSquares[i] * y.rowSquares[i]) / (samples - 1);
    }
  }
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
