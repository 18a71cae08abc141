/**
 * The diagonal network f_j(x) = w2_j S_b(w1_j x_j), S_b(z) = ReLU(z - b) - ReLU(-z - b), trained by gradient flow on
 * the spectral contrastive loss with noiseless Rademacher features x_j = phi_j h_j. Derived.
 */
export interface DiagonalStart {
  /** phi_j. */
  readonly strength: number;
  /** w1_j(0) and w2_j(0). */
  readonly first: number;
  readonly second: number;
  /** b, not trained. */
  readonly threshold: number;
}

export interface DiagonalEnd {
  /** False: the feature is absent after the threshold, and does not change. */
  readonly learned: boolean;
  /** |w1_j| at the end: the pre weight. */
  readonly preWeight: number;
  /** |f_j| at |h_j| = 1: 0 or 1. */
  readonly postAmplitude: number;
  /** Gain per unit of the feature: amplitude / phi_j. */
  readonly postWeight: number;
}

/**
 * A feature never crosses the threshold, and so gets no gradient, exactly when |w1(0)| max|x| <= b. Then the post
 * weight is 0 while the pre weight stays what it was.
 */
const staysAbsent = (first: number, largest: number, threshold: number): boolean =>
  Math.abs(first) * largest <= threshold;

/**
 * Where gradient flow ends. With a = |w1| phi - b it conserves a^2 - phi^2 w2^2 = c and ends at |w2| a = 1, so
 * a^2 = (c + sqrt(c^2 + 4 phi^2)) / 2. A start with w2 = 0 has a gradient of zero and does not move.
 */
export function diagonalOutcome({ strength, first, second, threshold }: DiagonalStart): DiagonalEnd {
  if (staysAbsent(first, strength, threshold) || second === 0) {
    return { learned: false, preWeight: Math.abs(first), postAmplitude: 0, postWeight: 0 };
  }
  const start = Math.abs(first) * strength - threshold;
  const conserved = start ** 2 - (strength * second) ** 2;
  const excess = Math.sqrt((conserved + Math.hypot(conserved, 2 * strength)) / 2);
  return {
    learned: true,
    preWeight: (excess + threshold) / strength,
    postAmplitude: 1,
    postWeight: 1 / strength,
  };
}
