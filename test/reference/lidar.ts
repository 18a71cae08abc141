import type { Measure } from '../../src/protocol/index.ts';
import {
  type ClassScatter,
  centredMeans,
  entropyRank,
  type Matrix,
  measured,
  scaled,
  scaledRows,
  symmetricEigen,
  symmetricEigenvalues,
  symmetrised,
  transpose,
  unmeasured,
} from '../../src/spectrum/index.ts';
import { multiply } from '../../src/spectrum/product.ts';
import { momentsOf } from './moments.ts';

/** The choices in which the implementations of LiDAR differ; `n` objects with `q` views each. */
interface LidarVariant {
  /** Added to the diagonal of the within-object covariance. */
  readonly delta: number;
  readonly epsilon: number;
  /** Whether epsilon is added to the eigenvalues before they are normalised, or to the shares after. */
  readonly epsilonOn: 'eigenvalues' | 'shares';
  readonly betweenDivisor: 'n' | 'n - 1';
  readonly withinDivisor: 'nq' | 'n(q - 1)' | 'n';
  /** Eigenvalues of the matrix, or (reptrix) of the covariance of its rows. */
  readonly spectrum: 'eigenvalues' | 'principal components';
}

/** The paper's equation, which `src/inspect` uses, and what two public implementations compute under the same name. */
export const LIDAR = {
  paper: {
    delta: 1e-4,
    epsilon: 1e-8,
    epsilonOn: 'shares',
    betweenDivisor: 'n',
    withinDivisor: 'nq',
    spectrum: 'eigenvalues',
  },
  stablePretraining: {
    delta: 1e-4,
    epsilon: 1e-8,
    epsilonOn: 'eigenvalues',
    betweenDivisor: 'n - 1',
    withinDivisor: 'n(q - 1)',
    spectrum: 'eigenvalues',
  },
  reptrix: {
    delta: 1e-6,
    epsilon: 1e-7,
    epsilonOn: 'shares',
    betweenDivisor: 'n',
    withinDivisor: 'n',
    spectrum: 'principal components',
  },
} as const satisfies Record<string, LidarVariant>;

/**
 * LiDAR: exp(-sum p ln p), p_k = lambda_k / sum lambda + epsilon, over the eigenvalues of Sw^(-1/2) Sb Sw^(-1/2), where the classes
 * of `scatter` are n objects with q augmented views each, Sb = (1/n) sum_i (mu_i - mu)(mu_i - mu)^T about the mean of the
 * object means and Sw = (1/nq) sum_ij (z_ij - mu_i)(z_ij - mu_i)^T + delta I. Delta is relative to nothing: scale
 * representations first when their within-object variance is not well above it.
 * Source: Thilak et al. 2024, equations 1 to 3.
 */
export function lidar(scatter: ClassScatter, variant: LidarVariant = LIDAR.paper): Measure {
  const objects = scatter.counts.length;
  if (objects < 2) return unmeasured(`${objects} objects`);
  if (scatter.samples === objects) return unmeasured('every object has a single view');
  const between = scaled(
    gramOf(centredMeans(scatter, 'classes')),
    1 / (variant.betweenDivisor === 'n' ? objects : objects - 1),
  );
  const within = scaled(scatter.within, 1 / withinDivisor(scatter, variant));
  for (let j = 0; j < within.rows; j++) within.data[j * (within.rows + 1)] += variant.delta;
  const whitener = inverseSquareRoot(within, variant.delta);
  const whitened = symmetrised(multiply(multiply(whitener, between), whitener));
  const spectrum = variant.spectrum === 'eigenvalues' ? whitened : momentsOf(whitened).scatter();
  const eigenvalues = symmetricEigenvalues(spectrum).map((lambda) => Math.max(0, lambda));
  if (!(eigenvalues[0] > 0)) return unmeasured('all objects have the same mean');
  const rank =
    variant.epsilonOn === 'shares'
      ? entropyRank(eigenvalues, variant.epsilon)
      : entropyRank(
          eigenvalues.map((lambda) => lambda + variant.epsilon),
          0,
        );
  if (rank.value === null || objects > within.rows) return rank;
  return measured(rank.value, `capped by ${objects} objects in ${within.rows} dimensions`);
}

function withinDivisor(scatter: ClassScatter, { withinDivisor: divisor }: LidarVariant): number {
  const objects = scatter.counts.length;
  if (divisor === 'n') return objects;
  return divisor === 'nq' ? scatter.samples : scatter.samples - objects;
}

const gramOf = (a: Matrix): Matrix => multiply(transpose(a), a);

/** S^(-1/2) of a symmetric positive semi-definite matrix; eigenvalues below `floor` are raised to it. */
function inverseSquareRoot(s: Matrix, floor: number): Matrix {
  const { values, vectors } = symmetricEigen(s);
  return gramOf(
    scaledRows(
      vectors,
      values.map((lambda) => Math.max(lambda, floor) ** -0.25),
    ),
  );
}
