import type { LayerSpectrum } from '../../src/protocol/messages.ts';

/** A density that is constant between neighbouring edges: `heights` has one value fewer than `edges`. */
export interface Steps {
  readonly edges: readonly number[];
  readonly heights: readonly number[];
}

/** Edges of `count` bins of equal width from `low` to `high`, on a logarithmic axis if requested. */
export const binEdges = (low: number, high: number, count: number, log: boolean): number[] =>
  Array.from({ length: count + 1 }, (_, index) => {
    if (index === count) return high;
    return log ? low * (high / low) ** (index / count) : low + ((high - low) * index) / count;
  });

/** Density of `values` over the bins between `edges`, the last of which is closed; shares refer to all values. */
export const histogram = (values: readonly number[], edges: readonly number[]): Steps => {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    if (value < edges[0] || value > edges[edges.length - 1]) continue;
    let [low, high] = [0, counts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (edges[middle] <= value) low = middle;
      else high = middle - 1;
    }
    counts[low]++;
  }
  const heights = counts.map((count, index) => count / (values.length * (edges[index + 1] - edges[index])));
  return { edges, heights };
};

/** The density of lambda = sigma^2 from points (sigma, share at or below) of the distribution of sigma. */
export const densityOfDistribution = (distribution: NonNullable<LayerSpectrum['distribution']>): Steps => {
  const points = distribution
    .map(([sigma, share]): [number, number] => [sigma * sigma, share])
    .sort((a, b) => a[0] - b[0])
    .filter(([lambda], index, all) => index === 0 || lambda > all[index - 1][0]);
  return {
    edges: points.map(([lambda]) => lambda),
    heights: points
      .slice(1)
      .map(([lambda, share], index) => Math.max(0, share - points[index][1]) / (lambda - points[index][0])),
  };
};
