import type { LayerSpectrum } from '../../../src/protocol/messages.ts';
import type { SpectrumView } from '../../series/spectrumView.ts';
import {
  type LayerFigureData,
  noiseBulk,
  type PlacedSpectrum,
  placedSpectra,
  valueCount,
} from './figureData.ts';

export interface WeightSpectrumSettings {
  /** Values as shares of the largest. */
  readonly relative: boolean;
  readonly logX: boolean;
  readonly logY: boolean;
  /** With the spectrum of the same weights in a random order. */
  readonly shuffled: boolean;
}

/** Points of a line, k from 1 upwards. */
export interface SpectrumCurve {
  readonly place: number;
  /** `distribution` is all values of an estimate, of which only the largest are known individually. */
  readonly kind: 'measured' | 'shuffled' | 'distribution';
  readonly ks: readonly number[];
  readonly values: readonly number[];
}

interface SpectrumMark {
  readonly place: number;
  readonly value: number;
}

/** Everything that the figure of singular values against their index draws, in the units of its axes. */
export interface WeightSpectrumView {
  readonly curves: readonly SpectrumCurve[];
  /** The Marchenko-Pastur edge of each spectrum. */
  readonly edges: readonly SpectrumMark[];
  /** How many of the leading values of each are spikes. */
  readonly spikes: readonly SpectrumMark[];
  readonly axes: Pick<SpectrumView, 'logX' | 'logY' | 'domainX' | 'domainY'>;
  readonly quantity: string;
}

/** Values below this share of the largest are zero except for rounding: a log axis leaves them to the table. */
const LOG_FLOOR = 1e-7;

/**
 * The points (k, sigma) of an estimated distribution after the individually known values: a share F of the n values
 * is at or below sigma, so about n (1 - F) are above it. Begins at the last known value.
 */
export const distributionCurve = (
  distribution: NonNullable<LayerSpectrum['distribution']>,
  count: number,
  { ks, values }: { readonly ks: readonly number[]; readonly values: readonly number[] },
): { readonly ks: number[]; readonly values: number[] } => {
  const [lastK, lastValue] = [ks.at(-1) ?? 0, values.at(-1) ?? Number.POSITIVE_INFINITY];
  const points = distribution
    .map(([sigma, share]) => ({ k: count * (1 - share) + 1, sigma }))
    .filter(({ k, sigma }) => k > lastK && k <= count && sigma <= lastValue)
    .sort((a, b) => a.k - b.k || b.sigma - a.sigma);
  return {
    ks: [...ks.slice(-1), ...points.map(({ k }) => k)],
    values: [...values.slice(-1), ...points.map(({ sigma }) => sigma)],
  };
};

/** Number of values of an estimate in a small line. */
const SPARK_POINTS = 64;

/** Descending values over the whole spectrum: all singular values, or quantiles of the distribution of an estimate. */
export const outlineOf = ({
  singularValues,
  distribution,
}: Pick<LayerSpectrum, 'singularValues' | 'distribution'>): readonly number[] => {
  if (!distribution || distribution.length === 0) return singularValues;
  const ascending = [...distribution].sort((a, b) => a[0] - b[0]);
  const most = ascending[ascending.length - 1];
  const quantiles = Array.from({ length: SPARK_POINTS }, (_, index) => {
    const share = 1 - (index + 0.5) / SPARK_POINTS;
    return (ascending.find((point) => point[1] >= share) ?? most)[0];
  });
  return [...singularValues.slice(0, 1), ...quantiles];
};

const curvesOf = ({ place, layer, spectrum }: PlacedSpectrum, shuffled: boolean): SpectrumCurve[] => {
  const indices = (values: readonly number[]): number[] => values.map((_, index) => index + 1);
  const { singularValues, distribution } = spectrum;
  const measured: SpectrumCurve = {
    place,
    kind: 'measured',
    ks: indices(singularValues),
    values: singularValues,
  };
  const all: SpectrumCurve[] = distribution
    ? [{ place, kind: 'distribution', ...distributionCurve(distribution, valueCount(layer), measured) }]
    : [];
  const random: SpectrumCurve[] =
    shuffled && spectrum.shuffled
      ? [{ place, kind: 'shuffled', ks: indices(spectrum.shuffled), values: spectrum.shuffled }]
      : [];
  return [...random, ...all, measured];
};

const extent = (curves: readonly SpectrumCurve[]): { least: number; most: number; last: number } => {
  const values = curves.flatMap((curve) => curve.values);
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  const least = values.reduce((low, value) => (value > most * LOG_FLOOR ? Math.min(low, value) : low), most);
  return { least, most, last: curves.reduce((end, { ks }) => Math.max(end, ks.at(-1) ?? 0), 2) };
};

/** A bulk edge is an eigenvalue, lambda = sigma^2; on this axis it is at its root. */
const edgesOf = (spectra: readonly PlacedSpectrum[]): SpectrumMark[] =>
  spectra.flatMap(({ place, spectrum }) => {
    const bulk = noiseBulk(spectrum);
    return bulk ? [{ place, value: Math.sqrt(bulk.edge) }] : [];
  });

/** Null if there is no spectrum, or every value is zero. */
export const weightSpectrumView = (
  data: LayerFigureData,
  { relative, logX, logY, shuffled }: WeightSpectrumSettings,
): WeightSpectrumView | null => {
  const spectra = placedSpectra(data);
  if (spectra.length === 0) return null;
  const units = new Map(
    spectra.map(({ place, spectrum }) => [place, relative ? spectrum.singularValues[0] : 1]),
  );
  // The shuffled copy is also divided by the layer's own largest value: only then are the two comparable.
  const scaled = (value: number, place: number): number => value / (units.get(place) ?? 1);
  const curves = spectra
    .flatMap((one) => curvesOf(one, shuffled))
    .map((curve) => ({ ...curve, values: curve.values.map((value) => scaled(value, curve.place)) }));
  const edges = edgesOf(spectra).map(({ place, value }) => ({ place, value: scaled(value, place) }));
  const { least, most, last } = extent(curves);
  const top = edges.reduce((high, { value }) => Math.max(high, value), most);
  return {
    curves,
    edges,
    spikes: spectra.flatMap(({ place, spectrum }) => {
      const spikes = noiseBulk(spectrum)?.spikes ?? 0;
      return spikes > 0 ? [{ place, value: spikes }] : [];
    }),
    axes: {
      logX,
      logY,
      domainX: [1, last],
      domainY: [logY ? 0.9 * least : 0, top * (logY ? 1.15 : 1.03)],
    },
    quantity: relative ? 'σₖ / σ₁' : 'σₖ',
  };
};
