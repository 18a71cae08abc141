import { dot, type Matrix, matrix, rowOf } from '../matrix.ts';

export interface UnitRows {
  readonly rows: Matrix;
  /** Why not all rows have length one, if some are zero vectors and remain so. */
  readonly caution?: string;
}

/** z / ||z||_2 of every row. */
export function unitRows(samples: Matrix): UnitRows {
  const rows = matrix(samples.rows, samples.columns, samples.data.slice());
  let zeros = 0;
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i);
    let largest = 0;
    for (let j = 0; j < row.length; j++) largest = Math.max(largest, Math.abs(row[j]));
    if (largest === 0) {
      zeros++;
      continue;
    }
    for (let j = 0; j < row.length; j++) row[j] /= largest;
    const norm = Math.sqrt(dot(row, row));
    for (let j = 0; j < row.length; j++) row[j] /= norm;
  }
  return zeros === 0
    ? { rows }
    : { rows, caution: `${zeros} of ${rows.rows} representations are zero and were left so` };
}
