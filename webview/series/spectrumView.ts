import * as l10n from '@vscode/l10n';
import type { Analysis, LayerAnalysis } from '../../src/protocol/messages.ts';
import { randomBaseline } from './randomBaseline.ts';
import {
  cumulativeEnergy,
  defaultKind,
  normalised,
  type SpectrumKind,
  type SpectrumSeries,
  spectrumOf,
  spectrumSeries,
} from './spectra.ts';

export interface SpectrumSettings {
  readonly kind: SpectrumKind;
  readonly view: 'overlay' | 'multiples' | 'energy';
  /** Values as shares of the layer's largest. */
  readonly relative: boolean;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly baseline: boolean;
}

/** What a figure of these layers begins with. */
export const firstSettings = (layers: readonly LayerAnalysis[]): SpectrumSettings => ({
  kind: defaultKind(layers),
  view: 'overlay',
  relative: true,
  logX: true,
  logY: true,
  baseline: false,
});

/** A curve over k = 1 ... count, in the drawn units. */
export interface Curve {
  readonly count: number;
  value(k: number): number;
}

/** What a spectrum figure draws: curves and the axes for all of them. */
export interface SpectrumView {
  readonly series: readonly SpectrumSeries[];
  readonly logX: boolean;
  readonly logY: boolean;
  readonly domainX: readonly [number, number];
  readonly domainY: readonly [number, number];
  readonly quantity: string;
  /** What k is, the fullest first; the axis below has the first for which it has room. */
  readonly indices: readonly string[];
  /** Whether the lines end at different values: the energy of each ends at 1. */
  readonly endsDiffer: boolean;
  /** The spectrum of noise of the same shape and norm; null if there is none, or none is requested. */
  baseline(index: number): Curve | null;
}

/** Values below this share of the largest are zero except for rounding: a log axis leaves them to the table. */
const LOG_FLOOR = 1e-7;

const largestOf = (series: readonly SpectrumSeries[]): number =>
  series.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, b), most), 0);

const smallestFrom = (floor: number, series: readonly SpectrumSeries[], largest: number): number =>
  series.reduce(
    (least, { values }) => values.reduce((a, b) => (b > floor ? Math.min(a, b) : a), least),
    largest,
  );

const quantityOf = ({ kind, view }: SpectrumSettings, scaled: boolean): string => {
  const symbol = kind === 'view-correlation' ? 'ρ' : 'σ';
  if (view === 'energy') return `Σ ${symbol}² up to k / Σ ${symbol}²`;
  return scaled ? 'σₖ / σ₁' : `${symbol}ₖ`;
};

/** What k is, in words for wide and narrow axes. */
const indicesOf = (long: string): string[] => [long, l10n.t('index k, largest first'), 'k'];

export const SINGULAR_VALUE_INDEX = indicesOf(l10n.t('index k of the singular value, largest first'));
const VIEW_CORRELATION_INDEX = indicesOf(l10n.t('index k of the view correlation, largest first'));

const baselineOf = (
  layer: LayerAnalysis,
  { kind, view }: SpectrumSettings,
  scaled: boolean,
): Curve | null => {
  const random = randomBaseline(layer, kind);
  if (!random) return null;
  if (view === 'energy') {
    const energy = cumulativeEnergy(Array.from({ length: random.count }, (_, k) => random.value(k + 1)));
    return { count: random.count, value: (k) => energy[k - 1] };
  }
  // Divided by the layer's own largest value, not by the largest of the noise: only then are the two comparable.
  const unit = scaled ? spectrumOf(layer, kind)[0] : 1;
  return { count: random.count, value: (k) => random.value(k) / unit };
};

/** Null if there is nothing to draw: every value is zero, or this kind was not measured. */
export const spectrumView = (analysis: Analysis, settings: SpectrumSettings): SpectrumView | null => {
  const { kind, view, relative, logX, logY } = settings;
  const scaled = relative && kind !== 'view-correlation' && view !== 'energy';
  const plain = (values: readonly number[]): readonly number[] => values;
  const transform = view === 'energy' ? cumulativeEnergy : scaled ? normalised : plain;
  const series = spectrumSeries(analysis, kind, transform);
  const measured = largestOf(series);
  if (measured === 0) return null;
  const baseline = (index: number): Curve | null =>
    settings.baseline ? baselineOf(analysis.layers[index], settings, scaled) : null;
  const log = logY && view !== 'energy';
  const floor = 0.9 * smallestFrom(measured * LOG_FLOOR, series, measured);
  // Noise can be above a spectrum that is flatter.
  const largest =
    view === 'energy'
      ? 1
      : series.reduce((most, _, index) => Math.max(most, baseline(index)?.value(1) ?? 0), measured);
  return {
    series,
    logX,
    logY: log,
    domainX: [1, series.reduce((most, { values }) => Math.max(most, values.length), 2)],
    domainY: [log ? floor : 0, view === 'energy' ? 1 : largest * (log ? 1.1 : 1.02)],
    quantity: quantityOf(settings, scaled),
    indices: settings.kind === 'view-correlation' ? VIEW_CORRELATION_INDEX : SINGULAR_VALUE_INDEX,
    endsDiffer: view !== 'energy',
    baseline,
  };
};
