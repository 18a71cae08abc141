import type { LayerSpectrum, WeightMeasure } from '../../src/protocol/index.ts';
import { type LayerFigureData, noiseBulk, type PlacedSpectrum, placedSpectra } from './weightFigure.ts';

/** A density that is constant between neighbouring edges: `heights` has one value less than `edges`. */
export interface Steps {
  readonly edges: readonly number[];
  readonly heights: readonly number[];
}

export interface DensitySettings {
  readonly logX: boolean;
  readonly logY: boolean;
  readonly shuffled: boolean;
}

/** p(lambda) = height (lambda / from)^-alpha on [from, to], normalised like the density that it was fitted to. */
export interface TailFit {
  readonly place: number;
  readonly alpha: number;
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

export interface DensityView {
  readonly densities: readonly (Steps & {
    readonly place: number;
    readonly kind: 'measured' | 'shuffled';
  })[];
  readonly fits: readonly TailFit[];
  /** Upper edge of the Marchenko-Pastur bulk, and the eigenvalues beyond it that count as spikes. */
  readonly bulks: readonly {
    readonly place: number;
    readonly edge: number;
    readonly spikes: readonly number[];
  }[];
  readonly logX: boolean;
  readonly logY: boolean;
  readonly domainX: readonly [number, number];
  readonly domainY: readonly [number, number];
  /** Eigenvalues left of the axis, zeros among them. */
  readonly below: number;
}

/** Eigenvalues under this share of the largest are rounding, or close to it: a log axis begins no lower. */
const LOG_FLOOR = 1e-10;
const BINS = [12, 80] as const;

/** About 2 sqrt(n) bins for n values. */
const binCount = (count: number): number =>
  Math.max(BINS[0], Math.min(BINS[1], Math.ceil(2 * Math.sqrt(count))));

/** Edges of `count` bins of equal width from `low` to `high`, on a logarithmic axis if wanted. */
export const binEdges = (low: number, high: number, count: number, log: boolean): number[] =>
  Array.from({ length: count + 1 }, (_, index) => {
    if (index === count) return high;
    return log ? low * (high / low) ** (index / count) : low + ((high - low) * index) / count;
  });

/** Density of `values` over the bins between `edges`, the last of which is closed; shares are of all values. */
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

const metric = ({ metrics }: LayerSpectrum, key: WeightMeasure): number | null => metrics[key]?.value ?? null;

/**
 * The fitted law (Clauset, Shalizi and Newman 2009): (alpha - 1) / xmin (lambda / xmin)^-alpha has mass 1 above xmin, of
 * which the tail's share of all `count` eigenvalues is drawn. Null without a fit.
 */
export const tailFit = (spectrum: LayerSpectrum, place: number, count: number): TailFit | null => {
  const [alpha, xmin, tail] = (['alpha', 'xmin', 'tail'] as const).map((key) => metric(spectrum, key));
  const largest = (spectrum.singularValues[0] ?? 0) ** 2;
  if (alpha === null || xmin === null || tail === null || !(alpha > 1 && xmin > 0 && largest > xmin))
    return null;
  return {
    place,
    alpha,
    from: xmin,
    to: largest,
    height: ((tail / count) * (alpha - 1)) / xmin,
  };
};

export const fitAt = ({ alpha, from, height }: TailFit, lambda: number): number =>
  height * (lambda / from) ** -alpha;

const squares = (values: readonly number[]): number[] => values.map((value) => value * value);

/** Lowest and highest eigenvalue to show. */
const rangeOf = (values: readonly number[], edges: readonly number[], log: boolean): [number, number] => {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (value > 0) least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const high = edges.reduce((top, edge) => Math.max(top, edge), most);
  if (!log) return [0, high];
  const low = Math.max(least, most * LOG_FLOOR);
  return [Math.min(low, high * 0.5), high];
};

interface Source extends PlacedSpectrum {
  readonly eigenvalues: readonly number[];
  readonly shuffled: readonly number[];
}

const densitiesOf = (
  { place, spectrum, eigenvalues, shuffled }: Source,
  edges: readonly number[],
): DensityView['densities'][number][] => {
  const measured = spectrum.distribution
    ? densityOfDistribution(spectrum.distribution)
    : histogram(eigenvalues, edges);
  const copy =
    shuffled.length > 0 ? [{ place, kind: 'shuffled' as const, ...histogram(shuffled, edges) }] : [];
  return [...copy, { place, kind: 'measured', ...measured }];
};

/** Null when no spectrum is there, or every value is zero. */
export const densityView = (data: LayerFigureData, settings: DensitySettings): DensityView | null => {
  const sources = placedSpectra(data).map(
    (one): Source => ({
      ...one,
      eigenvalues: squares(one.spectrum.singularValues),
      shuffled: settings.shuffled ? squares(one.spectrum.shuffled ?? []) : [],
    }),
  );
  if (sources.length === 0) return null;
  const { logX, logY } = settings;
  const all = sources.flatMap(({ eigenvalues, shuffled, spectrum }) => [
    ...eigenvalues,
    ...shuffled,
    ...(spectrum.distribution ?? []).map(([sigma]) => sigma * sigma),
  ]);
  const marks = sources.flatMap(({ spectrum }) => noiseBulk(spectrum)?.edge ?? []);
  const domainX = rangeOf(all, marks, logX);
  const most = Math.max(...sources.map(({ eigenvalues }) => eigenvalues.length));
  const edges = binEdges(domainX[0], domainX[1], binCount(most), logX);
  const densities = sources.flatMap((source) => densitiesOf(source, edges));
  // Of an estimate only the largest values are known one by one: no tail was fitted to them.
  const fits = sources.flatMap(({ spectrum, place, eigenvalues }) =>
    spectrum.method === 'exact' ? (tailFit(spectrum, place, eigenvalues.length) ?? []) : [],
  );
  const heights = densities.flatMap((one) => one.heights.filter((height) => height > 0));
  const top = heights.reduce((a, b) => Math.max(a, b), 0);
  const bottom = heights.reduce((a, b) => Math.min(a, b), top);
  return {
    densities,
    fits,
    bulks: sources.flatMap(({ place, spectrum, eigenvalues }) => {
      const bulk = noiseBulk(spectrum);
      return bulk ? [{ place, edge: bulk.edge, spikes: eigenvalues.slice(0, bulk.spikes) }] : [];
    }),
    logX,
    logY,
    domainX,
    domainY: [logY ? 0.7 * bottom : 0, top * (logY ? 1.5 : 1.04)],
    below: sources.reduce(
      (count, { eigenvalues }) => count + eigenvalues.filter((value) => value < domainX[0]).length,
      0,
    ),
  };
};
