import { type Matrix, matrix } from './matrix.ts';
import { seededRandom } from './random.ts';

/**
 * A copy of A with its entries in a uniformly random order (Fisher and Yates), the same for the same seed (an
 * integer below 2^53). What is left of a spectrum under it comes from the sizes of the weights alone, not
 * from their arrangement.
 */
export function shuffledEntries(a: Matrix, seed: number): Matrix {
  const data = a.data.slice();
  const random = seededRandom(seed);
  for (let last = data.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const kept = data[last];
    data[last] = data[other];
    data[other] = kept;
  }
  return matrix(a.rows, a.columns, data);
}
