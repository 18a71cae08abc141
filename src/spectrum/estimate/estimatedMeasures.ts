import { formatAligned, type Measure } from '../../protocol/index.ts';
import { measured, unmeasured } from '../measure.ts';
import type { SpectralDistribution } from './lanczosQuadrature.ts';

export interface EstimatedMeasures {
  readonly stableRank: Measure;
  readonly effectiveRank: Measure;
  readonly participationRatio: Measure;
}

type Interval = readonly [least: number, most: number];

/**
 * Rank measures from an estimated distribution of lambda = sigma^2 (not centred) and the exact ||A||_F^2;
 * definitions as in `weightMeasures`. Each note gives the interval that holds with the distribution's
 * probability (all three together):
 * - a mean of f(lambda) over the eigenvalues errs by at most the Kolmogorov bound times the variation of f on
 *   [0, largest lambda]: 1 for sigma / sigma_1 and for lambda^2 / lambda_1^2, 2/e for -(sigma / sigma_1)
 *   ln(sigma / sigma_1);
 * - stable rank ||A||_F^2 / lambda_1 from the two bounds of lambda_1;
 * - participation ratio (sum lambda)^2 / sum lambda^2 with the first sum exact;
 * - effective rank exp(H), H = ln S + T / S with S = sum s, T = -sum s ln s, s = sigma / sigma_1.
 */
export function estimatedMeasures(
  distribution: SpectralDistribution,
  squaredNorm: number,
): EstimatedMeasures {
  const { eigenvalues: n, largest, kolmogorov, probability } = distribution;
  if (!(squaredNorm > 0 && largest.upper > 0)) {
    const none = unmeasured('all weights are zero');
    return { stableRank: none, effectiveRank: none, participationRatio: none };
  }
  const ranks: Interval = [1, n];
  const mean = (f: (share: number) => number): number =>
    distribution.nodes.reduce((sum, node, k) => sum + distribution.weights[k] * f(node / largest.upper), 0);
  const within = (value: number, variation: number): Interval => [
    Math.max(0, value - variation * kolmogorov),
    value + variation * kolmogorov,
  ];
  const estimate = (value: number, [least, most]: Interval): Measure => {
    const [from, to] = [Math.max(ranks[0], least), Math.min(ranks[1], most)];
    const bounds = `${formatAligned(from)} to ${formatAligned(to)}`;
    return measured(
      Math.min(to, Math.max(from, value)),
      `estimate; ${bounds} with probability ${probability}`,
    );
  };

  const energy = squaredNorm / largest.upper;
  const squares = mean((share) => share * share);
  const [fewestSquares, mostSquares] = within(squares, 1);
  const ratio = (square: number): number => energy ** 2 / (n * square);

  const total = mean(Math.sqrt);
  const entropy = mean((share) => (share > 0 ? (-Math.sqrt(share) * Math.log(share)) / 2 : 0));
  const [leastTotal, mostTotal] = within(total, 1);
  const [leastEntropy, mostEntropy] = within(entropy, 2 / Math.E);
  const rank = (s: number, t: number): number => (s > 0 ? n * s * Math.exp(t / s) : Number.POSITIVE_INFINITY);
  return {
    stableRank: estimate(squaredNorm / largest.lower, [energy, squaredNorm / largest.lower]),
    participationRatio: estimate(ratio(squares), [ratio(mostSquares), ratio(fewestSquares)]),
    effectiveRank: estimate(rank(total, entropy), [
      leastRank(leastTotal, mostTotal, leastEntropy, rank),
      Math.max(rank(leastTotal, mostEntropy), rank(mostTotal, mostEntropy)),
    ]),
  };
}

/** s exp(t / s) decreases up to s = t and then increases: its minimum is inside the interval or at an end. */
function leastRank(
  least: number,
  most: number,
  entropy: number,
  rank: (s: number, t: number) => number,
): number {
  const total = Math.min(most, Math.max(least, entropy));
  return total > 0 ? rank(total, entropy) : 0;
}
