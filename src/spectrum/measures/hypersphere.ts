import type { Measure } from '../../protocol/index.ts';
import { type Matrix, rowOf } from '../matrix.ts';
import { measured, unmeasured } from '../measure.ts';
import { forEachKernelBlock, SIDE } from '../wasm/kernelBlocks.ts';
import { unitRows } from './unitRows.ts';

/**
 * Alignment: mean over positive pairs of ||z - z+||^power (power 2), rows L2-normalised here; 0 is best.
 * Source: Wang and Isola 2020.
 */
export function alignment(first: Matrix, second: Matrix, power = 2): Measure {
  if (first.rows === 0) return unmeasured('no pairs');
  if (first.rows !== second.rows || first.columns !== second.columns) {
    throw new RangeError('the two views do not have the same shape');
  }
  const x = unitRows(first);
  const y = unitRows(second);
  let sum = 0;
  for (let i = 0; i < first.rows; i++) {
    const a = rowOf(x.rows, i);
    const b = rowOf(y.rows, i);
    let squared = 0;
    for (let j = 0; j < a.length; j++) squared += (a[j] - b[j]) ** 2;
    sum += squared ** (power / 2);
  }
  return measured(sum / first.rows, x.caution ?? y.caution);
}

/**
 * Uniformity: ln mean_{i<j} exp(-t ||z_i - z_j||^2), t = 2 (lightly: t = 1), rows L2-normalised here; lower is more uniform.
 * Over all pairs, exactly: n^2 d / 2 multiplications.
 * Source: Wang and Isola 2020.
 */
export function uniformity(samples: Matrix, t = 2): Measure {
  const n = samples.rows;
  if (n < 2) return unmeasured(`${n} samples`);
  const { rows, caution } = unitRows(samples);
  const squares = Float64Array.from({ length: n }, (_, i) =>
    rowOf(rows, i).reduce((sum, value) => sum + value * value, 0),
  );
  let sum = 0;
  forEachKernelBlock([rows], ([kernel], rowsFrom, columnsFrom) => {
    for (let i = rowsFrom; i < Math.min(rowsFrom + SIDE, n); i++) {
      for (let j = Math.max(columnsFrom, i + 1); j < Math.min(columnsFrom + SIDE, n); j++) {
        const product = kernel[(i - rowsFrom) * SIDE + j - columnsFrom];
        sum += Math.exp(-t * Math.max(0, squares[i] + squares[j] - 2 * product));
      }
    }
  });
  return measured(Math.log((2 * sum) / (n * (n - 1))), caution);
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
  for (let j = 0; j < d; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += rows.data[i * d + j] / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (rows.data[i * d + j] - mean) ** 2;
    total += Math.sqrt(squares / (n - 1));
  }
  return measured(total / d, caution);
}
