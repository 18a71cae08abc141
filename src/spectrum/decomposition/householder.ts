import { dot } from '../matrix.ts';
import { VANISHING } from '../scale.ts';

export interface Reflection {
  /** 0 when nothing needs to be reflected. */
  readonly factor: number;
  readonly alpha: number;
}

/**
 * Turns x, of a matrix scaled to 1, into the Householder vector v with (I - factor v v^T) x = alpha e_0.
 * Source: Golub and Van Loan, Matrix Computations, 5.1.
 */
export function reflection(x: Float64Array): Reflection {
  const first = x[0];
  const others = x.subarray(1);
  const rest = dot(others, others);
  if (rest < VANISHING) return { factor: 0, alpha: first };
  const norm = Math.sqrt(rest + first * first);
  const alpha = first > 0 ? -norm : norm;
  x[0] = first - alpha;
  return { factor: 1 / (norm * (norm + Math.abs(first))), alpha };
}
