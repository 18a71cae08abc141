import { runFault } from '../protocol/index.ts';
import type { Matrix } from './matrix.ts';

/**
 * The power of two that brings the largest entry of `a` to [1, 2), so that squares neither overflow nor vanish and
 * nothing is rounded; 1 for the zero matrix. A run fault when an entry is not finite.
 */
export function unitScale(a: Matrix): number {
  let largest = 0;
  for (let k = 0; k < a.data.length; k++) {
    const magnitude = Math.abs(a.data[k]);
    if (!(magnitude < Number.POSITIVE_INFINITY)) {
      throw runFault(
        `A ${a.rows} x ${a.columns} matrix holds ${a.data[k]}`,
        `entry [${Math.floor(k / a.columns)}, ${k % a.columns}]`,
        'Look for divergence in training or damage in the file',
      );
    }
    if (magnitude > largest) largest = magnitude;
  }
  // Beyond 2^1000 the reciprocal scale would itself be subnormal or infinite.
  return largest === 0 ? 1 : 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}

/**
 * Squared norm below which a vector of a matrix scaled to 1 counts as zero: its square would lose all digits, and its
 * own size is below rounding by more than a hundred orders of magnitude.
 */
export const VANISHING = 1e-290;
