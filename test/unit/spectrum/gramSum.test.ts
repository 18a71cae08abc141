import { describe, expect, it } from 'vitest';
import { GRAM_ROWS, GramSum, gramSumBytes } from '../../../src/spectrum/index.ts';

/** Whole numbers from -3 to 3, whose products are summed without rounding. */
const whole = (rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, k) => ((k * 2654435761) % 7) - 3);

const summed = (a: Float64Array, columns: number, blockRows: number): GramSum => {
  const sum = new GramSum(columns);
  for (let at = 0; at < a.length; at += blockRows * columns)
    sum.add(a.subarray(at, at + blockRows * columns));
  return sum;
};

describe('the sum of A^T A over blocks of rows', () => {
  it.each([
    [1, 1],
    [3, 5],
    [128, 4],
    [130, 7],
    [1000, 133],
    [128 * 64 + 3, 2],
    [128 * 130, 3],
  ])('of %i rows of %i columns is that of all rows', (rows, columns) => {
    const a = whole(rows, columns);
    const { data } = summed(a, columns, 2 * GRAM_ROWS).gram();
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        let expected = 0;
        for (let k = 0; k < rows; k++) expected += a[k * columns + i] * a[k * columns + j];
        expect(data[i * columns + j]).toBe(expected);
      }
    }
  });

  it('states a bound of its rounding that holds', () => {
    const [rows, columns] = [20_000, 3];
    // Thirds do not sum exactly; the true sum of n squares of x is n x^2, which is as exact as one product.
    const sum = summed(new Float64Array(rows * columns).fill(1 / 3), columns, GRAM_ROWS);
    const { data } = sum.gram();
    const exact = rows * (1 / 3) ** 2;
    const difference = columns * Math.abs(data[0] - exact);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(sum.errorBound(columns * exact));
    expect(sum.errorBound(1)).toBeLessThan(3e-14);
  });

  it('refuses rows behind an incomplete block', () => {
    const sum = new GramSum(2);
    sum.add(new Float64Array(6));
    expect(() => sum.add(new Float64Array(6))).toThrow(RangeError);
  });

  it('takes the upper triangle twice and a block, whatever the rows', () => {
    expect(gramSumBytes(2048)).toBeLessThan(2 * 8 * 2048 * 2056 * 0.51 + 8 * 128 * 2048);
  });
});
