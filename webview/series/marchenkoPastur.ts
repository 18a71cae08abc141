/** The singular values that a matrix of pure noise would have. */
export interface RandomSpectrum {
  /** How many there are: min(rows, columns). */
  readonly count: number;
  /** Largest singular value of a large noise matrix, in the units of the entries; values above it are structure. */
  readonly upperEdge: number;
  /** Smallest one; 0 for a square matrix. */
  readonly lowerEdge: number;
  /** The k-th largest, k = 1 ... count. */
  value(k: number): number;
}

/** Iterations after which halving [0, pi] has reached the resolution of a double. */
const HALVINGS = 52;

/**
 * Share of the Marchenko-Pastur law above lambda(theta) = 1 + q + 2 sqrt(q) cos(theta), for unit variance and 0 < q <= 1:
 * with that substitution the density sqrt((l+ - l)(l - l-)) / (2 pi q l) dl becomes
 * (2 / pi) sin^2(t) / (1 + q + 2 sqrt(q) cos(t)) dt, whose integral from 0 to theta is in closed form. Its terms of size
 * 1 / q cancel, so the error is about 1e-16 / q.
 */
export const shareAbove = (theta: number, q: number): number => {
  if (theta >= Math.PI) return 1;
  const root = Math.sqrt(q);
  const turn = Math.atan(((1 - root) / (1 + root)) * Math.tan(theta / 2));
  const integral = ((1 + q) * theta) / (4 * q) - Math.sin(theta) / (2 * root) - ((1 - q) / (2 * q)) * turn;
  return Math.max(0, Math.min(1, (2 / Math.PI) * integral));
};

/** lambda such that `share` of the law with unit variance is above it. */
const quantile = (share: number, q: number): number => {
  let [low, high] = [0, Math.PI];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (shareAbove(middle, q) < share) low = middle;
    else high = middle;
  }
  return 1 + q + 2 * Math.sqrt(q) * Math.cos((low + high) / 2);
};

/**
 * Singular values of a rows x columns matrix of independent entries of mean 0 with Frobenius norm `norm`, by the law of
 * Marchenko and Pastur (Mathematics of the USSR-Sbornik 1, 1967). With N the longer side, m the shorter, q = m / N and
 * variance s^2 = norm^2 / (N m), the eigenvalues of the m x m Gram matrix, divided by N, fill
 * [s^2 (1 - sqrt(q))^2, s^2 (1 + sqrt(q))^2]; a singular value is sqrt(N lambda). The k-th of m is taken at the quantile
 * (k - 1/2) / m: exact for large matrices, within 3 % of the mean from about ten columns on, except the smallest values of
 * a nearly square matrix.
 *
 * Centred columns have one degree of freedom fewer: pass rows - 1. Null without entries or without energy.
 */
export const randomSpectrum = (rows: number, columns: number, norm: number): RandomSpectrum | null => {
  const [count, longer] = [Math.min(rows, columns), Math.max(rows, columns)];
  if (count < 1 || !(norm > 0)) return null;
  const q = count / longer;
  // sqrt(N lambda) = sqrt(N) s sqrt(lambda at unit variance), and sqrt(N) s = norm / sqrt(m).
  const scale = norm / Math.sqrt(count);
  return {
    count,
    upperEdge: scale * (1 + Math.sqrt(q)),
    lowerEdge: scale * (1 - Math.sqrt(q)),
    value: (k) => scale * Math.sqrt(Math.max(0, quantile((k - 0.5) / count, q))),
  };
};
