import type { Measure } from '../../protocol/index.ts';
import { centred, type Matrix, squaredNorm, transpose } from '../matrix.ts';
import { measured, unmeasured } from '../measure.ts';
import { gramOf, multiply } from '../product.ts';
import { forEachKernelBlock, SIDE } from '../wasm/kernelBlocks.ts';

/** `debiased` is the one to show; `biased` tends to 1 when the dimensions outnumber the samples. */
export type CkaForm = 'biased' | 'debiased';

/**
 * The terms from which the dependence of two representations X and Y of the same n samples is computed; K = X
 * X^T, L = Y Y^T.
 */
export interface DependencePieces {
  readonly samples: number;
  /** ||Xc^T Yc||_F^2 with centred columns: n^2 times the biased HSIC, up to its factor. */
  readonly centredProduct: number;
  /** For the kernels with their diagonals set to zero: tr(K L), 1^T K 1, 1^T L 1 and 1^T K L 1. */
  readonly hollow: {
    readonly trace: number;
    readonly totalX: number;
    readonly totalY: number;
    readonly rows: number;
  };
}

/** HSIC_1 of Song et al. 2012, unbiased: [tr(KL) + 1K1 1L1 / ((n-1)(n-2)) - 2/(n-2) 1KL1] / (n(n-3)), hollow kernels. */
export function unbiasedHsic({ samples: n, hollow }: DependencePieces): number {
  const { trace, totalX, totalY, rows } = hollow;
  return (trace + (totalX * totalY) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * rows) / (n * (n - 3));
}

/**
 * Linear CKA from its pieces: HSIC(X, Y) / sqrt(HSIC(X, X) HSIC(Y, Y)).
 * Biased: ||Yc^T Xc||_F^2 / (||Xc^T Xc||_F ||Yc^T Yc||_F), columns centred (Kornblith et al. 2019); in [0, 1].
 * Debiased: with HSIC_1, which can be slightly negative and needs n >= 4.
 */
export function ckaOfPieces(
  xy: DependencePieces,
  xx: DependencePieces,
  yy: DependencePieces,
  form: CkaForm,
): Measure {
  if (form === 'debiased' && xy.samples < 4) return unmeasured(`${xy.samples} samples; debiased CKA needs 4`);
  const of = form === 'biased' ? (pieces: DependencePieces) => pieces.centredProduct : unbiasedHsic;
  const x = of(xx);
  const y = of(yy);
  if (!(x > 0 && y > 0)) return unmeasured('a representation does not vary over the samples');
  return measured(of(xy) / Math.sqrt(x) / Math.sqrt(y));
}

/** Linear CKA of two matrices with the same samples as rows; see `ckaOfPieces`. Source: Kornblith et al. 2019. */
export const linearCka = (x: Matrix, y: Matrix, form: CkaForm = 'debiased'): Measure =>
  ckaMatrix([x, y], form)[0][1];

/**
 * Linear CKA between all of several representations of the same samples, exactly, in n^2 d / 2 multiplications each and
 * without n x n matrices. For more samples than about twice the dimensions use `SimilarityMoments`, which streams.
 */
export function ckaMatrix(representations: readonly Matrix[], form: CkaForm = 'debiased'): Measure[][] {
  const samples = representations[0]?.rows ?? 0;
  if (representations.some(({ rows }) => rows !== samples)) {
    throw new RangeError('the representations do not have the same samples');
  }
  const pieces = kernelPieces(representations.map(centred), samples);
  return pieces.map((row, l) => row.map((xy, m) => ckaOfPieces(xy, pieces[l][l], pieces[m][m], form)));
}

/** Pieces of every pair, from one pass over the blocks of the kernels of centred representations. */
function kernelPieces(representations: readonly Matrix[], samples: number): DependencePieces[][] {
  const layers = representations.map(() => ({
    rowSums: new Float64Array(samples),
    diagonal: new Float64Array(samples),
    products: new Float64Array(representations.length),
  }));
  forEachKernelBlock(representations, (kernels, rowsFrom, columnsFrom) => {
    const height = Math.min(SIDE, samples - rowsFrom);
    const width = Math.min(SIDE, samples - columnsFrom);
    for (const [l, layer] of layers.entries()) {
      clearBelowDiagonal(kernels[l], rowsFrom === columnsFrom, layer.diagonal.subarray(rowsFrom));
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const entry = kernels[l][i * SIDE + j];
          layer.rowSums[rowsFrom + i] += entry;
          layer.rowSums[columnsFrom + j] += entry;
        }
      }
      for (let m = 0; m <= l; m++) layer.products[m] += 2 * blockProduct(kernels[l], kernels[m]);
    }
  });
  return layers.map((_, l) =>
    layers.map((_, m) => {
      const [x, y] = l >= m ? [layers[l], layers[m]] : [layers[m], layers[l]];
      const trace = x.products[Math.min(l, m)];
      const onDiagonal = blockProduct(x.diagonal, y.diagonal);
      const hollow = {
        trace,
        totalX: sumOf(x.rowSums),
        totalY: sumOf(y.rowSums),
        rows: blockProduct(x.rowSums, y.rowSums),
      };
      return { samples, centredProduct: trace + onDiagonal, hollow };
    }),
  );
}

/** In a block on the kernel's diagonal, keeps only what is strictly above the diagonal, and records the diagonal. */
function clearBelowDiagonal(kernel: Float64Array, onDiagonal: boolean, diagonal: Float64Array): void {
  if (!onDiagonal) return;
  for (let i = 0; i < SIDE; i++) {
    if (i < diagonal.length) diagonal[i] = kernel[i * SIDE + i];
    kernel.fill(0, i * SIDE, i * SIDE + i + 1);
  }
}

function blockProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

const sumOf = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0);

/**
 * The "CKA" of WeightWatcher's `distances`: ||A^T B||_F / sqrt(||A^T A||_F ||B B^T||_F), uncentred and with an unsquared
 * numerator. Not linear CKA; only for comparison with that tool.
 */
export function weightWatcherSimilarity(a: Matrix, b: Matrix): Measure {
  const left = Math.sqrt(squaredNorm(gramOf(a)));
  const right = Math.sqrt(squaredNorm(gramOf(b)));
  if (!(left > 0 && right > 0)) return unmeasured('a matrix is zero');
  return measured(Math.sqrt(squaredNorm(multiply(transpose(a), b)) / (left * right)));
}
