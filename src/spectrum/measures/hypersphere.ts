import type { Measure } from '../../protocol/index.ts';
import { standardErrorOf } from '../../statistics/index.ts';
import { type Matrix, rowOf } from '../matrix.ts';
import { measured, unmeasured, withError } from '../measure.ts';
import { forEachKernelBlock, SIDE } from '../wasm/kernelBlocks.ts';
import { unitRows } from './unitRows.ts';

/** Distances are not negative. */
const NOT_NEGATIVE = [0, Number.POSITIVE_INFINITY] as const;

/**
 * Alignment: mean over positive pairs of ||z - z+||^power (power 2), rows L2-normalised here; 0 is best.
 * Its interval is that of a mean over pairs. Source: Wang and Isola 2020.
 */
export function alignment(first: Matrix, second: Matrix, power = 2): Measure {
  if (first.rows === 0) return unmeasured('no pairs');
  if (first.rows !== second.rows || first.columns !== second.columns) {
    throw new RangeError('the two views do not have the same shape');
  }
  const x = unitRows(first);
  const y = unitRows(second);
  const distances = new Float64Array(first.rows);
  for (let i = 0; i < first.rows; i++) {
    const a = rowOf(x.rows, i);
    const b = rowOf(y.rows, i);
    let squared = 0;
    for (let j = 0; j < a.length; j++) squared += (a[j] - b[j]) ** 2;
    distances[i] = squared ** (power / 2);
  }
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / first.rows;
  return withError(measured(mean, x.caution ?? y.caution), standardErrorOf(distances), NOT_NEGATIVE);
}

/**
 * Uniformity: ln mean_{i<j} exp(-t ||z_i - z_j||^2), t = 2 (lightly: t = 1), rows L2-normalised here; lower is more uniform.
 * Over all pairs, exactly: n^2 d / 2 multiplications. Its interval is that of a U-statistic (Hoeffding 1948): the influence
 * of a sample on the mean is twice its own mean over the others. `inner`: the inner products of the normalised rows [n, n],
 * where something faster has computed them.
 * Source: Wang and Isola 2020.
 */
export function uniformity(samples: Matrix, t = 2, inner: Matrix | null = null): Measure {
  const n = samples.rows;
  if (n < 2) return unmeasured(`${n} samples`);
  const { rows, caution } = unitRows(samples);
  const squares = Float64Array.from({ length: n }, (_, i) =>
    rowOf(rows, i).reduce((sum, value) => sum + value * value, 0),
  );
  const sums = new Float64Array(n);
  const add = (i: number, j: number, product: number): void => {
    const near = Math.exp(-t * Math.max(0, squares[i] + squares[j] - 2 * product));
    sums[i] += near;
    sums[j] += near;
  };
  if (inner === null) {
    forEachKernelBlock([rows], ([kernel], rowsFrom, columnsFrom) => {
      for (let i = rowsFrom; i < Math.min(rowsFrom + SIDE, n); i++) {
        for (let j = Math.max(columnsFrom, i + 1); j < Math.min(columnsFrom + SIDE, n); j++) {
          add(i, j, kernel[(i - rowsFrom) * SIDE + j - columnsFrom]);
        }
      }
    });
  } else {
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) add(i, j, inner.data[i * n + j]);
  }
  const mean = sums.reduce((total, sum) => total + sum, 0) / (n * (n - 1));
  const influences = sums.map((sum) => (2 * sum) / (n - 1) / mean);
  return withError(measured(Math.log(mean), caution), standardErrorOf(influences));
}

/**
 * Mean over dimensions of the standard deviation (n - 1) of L2-normalised representations; 1 / sqrt(d) when spread evenly, 0
 * when collapsed. Source: lightly, std_of_l2_normalized.
 */
export function stdOfNormalised(samples: Matrix): Measure {
  const { rows: n, columns: d } = samples;
  if (n < 2) return unmeasured(`${n} samples`);
  const { rows, caution } = unitRows(samples);
  let total = 0;
  const influences = new Float64Array(n);
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += rows.data[i * d + j] / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (rows.data[i * d + j] - mean) ** 2;
    const deviation = Math.sqrt(squares / (n - 1));
    total += deviation;
    if (deviation === 0) continue;
    for (let i = 0; i < n; i++) influences[i] += (rows.data[i * d + j] - mean) ** 2 / (2 * deviation * d);
  }
  return withError(measured(total / d, caution), standardErrorOf(influences), NOT_NEGATIVE);
}
