import { gaussians, type Initialiser } from './initial.ts';

/**
 * `count` orthonormal vectors of length `extent` (row-major [count, extent]), uniformly distributed: Gram-Schmidt on
 * seeded Gaussian vectors, each orthogonalised twice, which is enough for full double precision.
 */
const orthonormalFrame = (seed: number, name: string, count: number, extent: number): Float64Array => {
  const frame = gaussians(seed, name, count * extent);
  for (let i = 0; i < count; i++) {
    const row = frame.subarray(i * extent, (i + 1) * extent);
    for (let j = 0; j < 2 * i; j++) {
      const other = frame.subarray((j % i) * extent, ((j % i) + 1) * extent);
      const overlap = dot(row, other);
      for (let k = 0; k < extent; k++) row[k] -= overlap * other[k];
    }
    const norm = Math.sqrt(dot(row, row));
    for (let k = 0; k < extent; k++) row[k] /= norm;
  }
  return frame;
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
};

/**
 * Balanced orthogonal start of a chain of linear layers: W_l = scale * Q_l^T Q_(l-1), where Q_l is a frame of r
 * orthonormal vectors in the space after layer l and r is the narrowest width of the whole chain. Then
 * W_(l+1)^T W_(l+1) = W_l W_l^T exactly, the condition under which gradient flow stays balanced and the closed forms of
 * the linear model hold; with equal widths every W_l / scale is orthogonal.
 *
 * @param from index of the space that the layer reads (0 is the input); it writes space `from + 1`.
 */
export const balanced =
  (from: number, rank: number, scale: number): Initialiser =>
  (seed, _name, [outputs, inputs]) => {
    const target = orthonormalFrame(seed, `frame.${from + 1}`, rank, outputs);
    const source = orthonormalFrame(seed, `frame.${from}`, rank, inputs);
    const sums = new Float64Array(outputs * inputs);
    for (let r = 0; r < rank; r++) {
      for (let i = 0; i < outputs; i++) {
        const factor = scale * target[r * outputs + i];
        for (let j = 0; j < inputs; j++) sums[i * inputs + j] += factor * source[r * inputs + j];
      }
    }
    return Float32Array.from(sums);
  };
