import { centred, type Matrix, squaredNorm, transpose } from '../../src/spectrum/index.ts';
import { multiply } from '../../src/spectrum/product.ts';

// Similarities of representations from whole kernels, as their sources define them: n^2 numbers for n samples.

/** Linear CKA of Kornblith et al. 2019: ||Yc^T Xc||_F^2 / (||Xc^T Xc||_F ||Yc^T Yc||_F), columns centred. */
export function biasedCka(x: Matrix, y: Matrix): number {
  const [a, b] = [centred(x), centred(y)];
  const product = (left: Matrix, right: Matrix) => squaredNorm(multiply(transpose(left), right));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** The same with HSIC_1 of Song et al. 2012 in place of the biased HSIC. */
export const debiasedCka = (x: Matrix, y: Matrix): number =>
  unbiasedHsic(x, y) / Math.sqrt(unbiasedHsic(x, x) * unbiasedHsic(y, y));

function unbiasedHsic(x: Matrix, y: Matrix): number {
  const n = x.rows;
  const [k, l] = [hollowKernel(x), hollowKernel(y)];
  const [rowsOfK, rowsOfL] = [rowSums(k), rowSums(l)];
  const total = (sums: number[]) => sums.reduce((sum, value) => sum + value, 0);
  const trace = k.data.reduce((sum, value, at) => sum + value * l.data[at], 0);
  const rows = rowsOfK.reduce((sum, value, i) => sum + value * rowsOfL[i], 0);
  const pairs = (total(rowsOfK) * total(rowsOfL)) / ((n - 1) * (n - 2));
  return (trace + pairs - (2 / (n - 2)) * rows) / (n * (n - 3));
}

/** X X^T with zeros on its diagonal; X is centred first, which changes nothing but the rounding. */
function hollowKernel(x: Matrix): Matrix {
  const samples = centred(x);
  const kernel = multiply(samples, transpose(samples));
  for (let i = 0; i < kernel.rows; i++) kernel.data[i * (kernel.rows + 1)] = 0;
  return kernel;
}

const rowSums = ({ rows, columns, data }: Matrix): number[] =>
  Array.from({ length: rows }, (_, i) =>
    data.subarray(i * columns, (i + 1) * columns).reduce((sum, value) => sum + value, 0),
  );

/** The "CKA" of WeightWatcher's `distances`: ||A^T B||_F / sqrt(||A^T A||_F ||B B^T||_F), uncentred. Not linear CKA. */
export const weightWatcherSimilarity = (a: Matrix, b: Matrix): number => {
  const norm = (left: Matrix, right: Matrix) => Math.sqrt(squaredNorm(multiply(transpose(left), right)));
  return Math.sqrt(squaredNorm(multiply(transpose(a), b)) / (norm(a, a) * norm(b, b)));
};
