import { type Matrix, matrix } from '../../src/spectrum/index.ts';

/** A matrix without one of its rows. */
export const without = ({ rows, columns, data }: Matrix, row: number): Matrix =>
  matrix(
    rows - 1,
    columns,
    data.filter((_, at) => Math.floor(at / columns) !== row),
  );

/** Standard error of a statistic of n samples by leaving out each: sqrt((n - 1) / n sum (t_i - mean t)^2) (Tukey 1958). */
export const leaveOneOutError = async (
  samples: number,
  statistic: (left: number) => number | Promise<number>,
): Promise<number> => {
  const values: number[] = [];
  for (let left = 0; left < samples; left++) values.push(await statistic(left));
  const mean = values.reduce((sum, value) => sum + value, 0) / samples;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((samples - 1) / samples) * squares);
};
