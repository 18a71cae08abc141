import type { Measure } from '../../protocol/index.ts';
import { standardErrorOf } from '../../statistics/index.ts';
import { measured, unmeasured } from '../measure.ts';

/**
 * The terms from which the dependence of two representations X and Y of the same n samples is computed, for the kernels
 * K = X X^T and L = Y Y^T with their diagonals set to zero: tr(K L), 1^T K 1, 1^T L 1 and 1^T K L 1.
 */
export interface DependencePieces {
  readonly samples: number;
  readonly trace: number;
  readonly totalX: number;
  readonly totalY: number;
  readonly rows: number;
}

/** HSIC_1 of Song et al. 2012, unbiased: [tr(KL) + 1K1 1L1 / ((n-1)(n-2)) - 2/(n-2) 1KL1] / (n(n-3)). */
function unbiasedHsic({ samples: n, trace, totalX, totalY, rows }: DependencePieces): number {
  return (trace + (totalX * totalY) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * rows) / (n * (n - 3));
}

/**
 * Debiased linear CKA from its pieces: HSIC_1(X, Y) / sqrt(HSIC_1(X, X) HSIC_1(Y, Y)). It can be slightly negative, and
 * needs n >= 4. Not the biased form, which tends to 1 when the dimensions outnumber the samples. Source: Kornblith et
 * al. 2019 with the estimator of Song et al. 2012.
 */
export function debiasedCka(xy: DependencePieces, xx: DependencePieces, yy: DependencePieces): Measure {
  if (xy.samples < 4) return unmeasured(`${xy.samples} samples; debiased CKA needs 4`);
  const x = unbiasedHsic(xx);
  const y = unbiasedHsic(yy);
  if (!(x > 0 && y > 0)) return unmeasured('a representation does not vary over the samples');
  return measured(unbiasedHsic(xy) / Math.sqrt(x) / Math.sqrt(y));
}

/**
 * Standard error of `debiasedCka` over samples like these. `xy`, `xx` and `yy` hold the mean of K_ij L_ij over the other
 * samples j for each sample i, which is half its influence on HSIC: to first order the rest of HSIC_1 is constant.
 * Source: Hoeffding 1948 for U-statistics, Song et al. 2012 for HSIC; the quotient by its derivatives.
 */
export function ckaError(xy: Float64Array, xx: Float64Array, yy: Float64Array): number | null {
  const [product, x, y] = [xy, xx, yy].map(meanOf);
  if (!(x > 0 && y > 0)) return null;
  const scale = Math.sqrt(x) * Math.sqrt(y);
  const cka = product / scale;
  return standardErrorOf(xy.map((own, i) => (2 * own) / scale - cka * (xx[i] / x + yy[i] / y)));
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
