import type { Measure } from '../../protocol/index.ts';
import { wilsonInterval } from '../../statistics/index.ts';
import { symmetricEigen } from '../decomposition/symmetricEigen.ts';
import { dot, type Matrix, rowOf, squaredNorm, transpose } from '../matrix.ts';
import { measured, unmeasured } from '../measure.ts';
import { multiply } from '../product.ts';
import { type Centre, type ClassScatter, centredMeans } from './classScatter.ts';

export interface WithinClassOptions {
  /** Default 'samples'. */
  readonly centre?: Centre;
  /** Whether the trace is divided by the number of classes (default), as in tding1 and nc-toolbox, but not in Papyan. */
  readonly perClass?: boolean;
  /** Invert Sb above d eps lambda_1 (default; at most K - 1 eigenvalues), or exactly its first K - 1. */
  readonly inverse?: 'cut-off' | 'rank K - 1';
}

/**
 * NC1, within-class variability: tr(Sw Sb^+) / K with Sw = (1/N) sum (z - mu_c)(z - mu_c)^T, Sb = (1/K) sum_c m_c m_c^T,
 * m_c = mu_c - mean of all samples; 0 when collapsed. Sb^+ is computed from the K x K Gram matrix of the m_c.
 * Source: Papyan, Han and Donoho 2020; conventions of tding1 validate_NC.py.
 */
export function withinClassVariability(scatter: ClassScatter, options: WithinClassOptions = {}): Measure {
  const { centre = 'samples', perClass = true, inverse = 'cut-off' } = options;
  const classes = scatter.counts.length;
  if (classes < 2) return unmeasured(`${classes} classes`);
  const means = centredMeans(scatter, centre);
  const { values, vectors } = symmetricEigen(multiply(means, transpose(means)));
  if (!(values[0] > 0)) return unmeasured('all classes have the same mean');
  const least = inverse === 'cut-off' ? Math.max(classes, means.columns) * Number.EPSILON * values[0] : 0;
  // Sb = M^T M / K with M M^T = U L U^T, so Sb^+ = K sum_k (M^T u_k)(M^T u_k)^T / l_k^2.
  const directions = multiply(vectors, means);
  const spread = multiply(directions, scatter.within);
  let sum = 0;
  for (let k = 0; k < Math.min(classes - 1, means.columns); k++) {
    if (values[k] > least) sum += dot(rowOf(spread, k), rowOf(directions, k)) / values[k] ** 2;
  }
  const total = (classes / scatter.samples) * sum;
  return measured(perClass ? total / classes : total);
}

/**
 * NC2, equal norms: standard deviation / mean of the norms of the rows (class means minus the mean of class means,
 * or classifier weights); 0 when collapsed. The deviation divides by K - 1, or by K with `ddof` 0.
 * Source: Papyan, Han and Donoho 2020.
 */
export function equinormness(vectors: Matrix, ddof: 0 | 1 = 1): Measure {
  const norms = rowNorms(vectors);
  if (norms.length < 2) return unmeasured(`${norms.length} classes`);
  const mean = norms.reduce((sum, norm) => sum + norm, 0) / norms.length;
  if (!(mean > 0)) return unmeasured('all vectors are zero');
  const squares = norms.reduce((sum, norm) => sum + (norm - mean) ** 2, 0);
  return measured(Math.sqrt(squares / (norms.length - ddof)) / mean);
}

/**
 * NC2, equal angles: mean over pairs c != c' of |cos(m_c, m_c') + 1 / (K - 1)|; 0 for a simplex.
 * Source: Papyan, Han and Donoho 2020 (coherence).
 */
export function equiangularity(vectors: Matrix): Measure {
  const norms = rowNorms(vectors);
  const classes = norms.length;
  if (classes < 2) return unmeasured(`${classes} classes`);
  if (norms.some((norm) => norm === 0)) return unmeasured('a vector is zero and has no direction');
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    for (let other = 0; other < c; other++) {
      const cosine = dot(rowOf(vectors, c), rowOf(vectors, other)) / (norms[c] * norms[other]);
      sum += Math.abs(cosine + 1 / (classes - 1));
    }
  }
  return measured((2 * sum) / (classes * (classes - 1)));
}

/**
 * NC3, self-duality: || W / ||W||_F - M / ||M||_F ||_F of the classifier weights W and centred class means M, both K x d;
 * 0 when collapsed. Papyan's demo prints the square.
 */
export function selfDuality(weights: Matrix, means: Matrix, squared = false): Measure {
  if (weights.rows !== means.rows || weights.columns !== means.columns) {
    return unmeasured('the classifier does not have one weight vector per class mean');
  }
  const weightNorm = Math.sqrt(squaredNorm(weights));
  const meanNorm = Math.sqrt(squaredNorm(means));
  if (!(weightNorm > 0 && meanNorm > 0)) return unmeasured('all weights or all class means are zero');
  let sum = 0;
  for (let k = 0; k < weights.data.length; k++) {
    sum += (weights.data[k] / weightNorm - means.data[k] / meanNorm) ** 2;
  }
  return measured(squared ? sum : Math.sqrt(sum));
}

/**
 * NC4: share of the samples for which the network's decision is the class with the nearest mean (Euclidean; the first
 * of equals); 1 when collapsed. `decisions` are row numbers of `means`.
 */
export function nearestCentreAgreement(
  samples: Matrix,
  means: Matrix,
  decisions: ArrayLike<number>,
): Measure {
  if (samples.rows === 0 || means.rows === 0) return unmeasured('no samples');
  let agreeing = 0;
  for (let i = 0; i < samples.rows; i++) {
    if (nearestRow(means, rowOf(samples, i)) === decisions[i]) agreeing++;
  }
  const agreement = measured(agreeing / samples.rows);
  return { ...agreement, interval: wilsonInterval(agreeing, samples.rows) };
}

function nearestRow(means: Matrix, z: Float64Array): number {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < means.rows; c++) {
    let distance = 0;
    for (let j = 0; j < z.length; j++) distance += (z[j] - means.data[c * means.columns + j]) ** 2;
    if (distance < least) {
      least = distance;
      nearest = c;
    }
  }
  return nearest;
}

const rowNorms = (vectors: Matrix): number[] =>
  Array.from({ length: vectors.rows }, (_, i) => Math.sqrt(dot(rowOf(vectors, i), rowOf(vectors, i))));
