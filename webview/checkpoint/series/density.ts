import { binEdges, densityOfDistribution, histogram, type Steps } from '../../series/densitySteps.ts';
import { type TailFit, tailFit } from '../../series/tailFit.ts';
import { type LayerFigureData, noiseBulk, type PlacedSpectrum, placedSpectra } from './figureData.ts';

export interface DensitySettings {
  readonly logX: boolean;
  readonly logY: boolean;
  readonly shuffled: boolean;
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

/** Eigenvalues under this share of the largest are rounding, or close to it: a log axis does not begin lower. */
const LOG_FLOOR = 1e-10;
const BINS = [12, 80] as const;

/** About 2 sqrt(n) bins for n values. */
const binCount = (count: number): number =>
  Math.max(BINS[0], Math.min(BINS[1], Math.ceil(2 * Math.sqrt(count))));

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

/** Null if there is no spectrum, or every value is zero. */
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
  const most = sources.reduce((longest, { eigenvalues }) => Math.max(longest, eigenvalues.length), 0);
  const edges = binEdges(domainX[0], domainX[1], binCount(most), logX);
  const densities = sources.flatMap((source) => densitiesOf(source, edges));
  // Only the largest values of an estimate are known individually: no tail was fitted to them.
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
