import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, WeightLayer } from '../../../src/protocol/messages.ts';
import { formatCount } from '../../series/format.ts';
import type { Measured } from './rows.ts';
import { formatMeasure } from './words.ts';

/** One checkpoint's part in the figures of a layer. */
interface LayerSide {
  readonly name: string;
  readonly layer: WeightLayer | null;
  readonly measured: Measured | null;
}

/** What the figures of a layer draw: its spectrum in one checkpoint, or in the two that are compared. */
export interface LayerFigureData {
  readonly layer: string;
  readonly sides: readonly LayerSide[];
}

/** A spectrum with the index of its checkpoint. */
export interface PlacedSpectrum {
  readonly place: number;
  readonly name: string;
  readonly layer: WeightLayer;
  readonly spectrum: LayerSpectrum;
}

/** The available spectra with a value above zero. */
export const placedSpectra = ({ sides }: LayerFigureData): PlacedSpectrum[] =>
  sides.flatMap(({ name, layer, measured }, place) => {
    const spectrum = measured?.spectrum;
    return layer && spectrum && spectrum.singularValues[0] > 0 ? [{ place, name, layer, spectrum }] : [];
  });

/** Number of singular values of a layer, over all its slices. */
export const valueCount = ({ matrix, slices }: WeightLayer): number => Math.min(...matrix) * slices;

/**
 * The edge of the noise and how many values are spikes beyond it. Null if there is no bulk to draw: it was not fitted,
 * or most values are beyond it, so it is not noise with a few spikes.
 */
export const noiseBulk = ({
  metrics,
  singularValues,
}: LayerSpectrum): { readonly edge: number; readonly spikes: number } | null => {
  const edge = metrics.bulkEdge?.value ?? 0;
  const spikes = metrics.spikes?.value ?? 0;
  return edge > 0 && 2 * spikes <= singularValues.length ? { edge, spikes } : null;
};

const prefix = (data: LayerFigureData, { name }: PlacedSpectrum): string =>
  data.sides.length > 1 ? `${name}: ` : '';

/** The finding of a spectrum in a sentence for each checkpoint: how many values, the largest and the ranks. */
export const describeWeightSpectrum = (data: LayerFigureData): string =>
  placedSpectra(data)
    .map((one) => {
      const { singularValues, metrics, method } = one.spectrum;
      const facts = [
        method === 'estimate'
          ? l10n.t('the {0} largest singular values, estimated', formatCount(singularValues.length))
          : l10n.t('{0} singular values', formatCount(singularValues.length)),
        l10n.t('largest {0}', formatMeasure(singularValues[0])),
      ];
      const stable = metrics.stableRank?.value ?? null;
      const effective = metrics.effectiveRank?.value ?? null;
      if (stable !== null) facts.push(l10n.t('stable rank {0}', formatMeasure(stable, 3)));
      if (effective !== null) facts.push(l10n.t('effective rank {0}', formatMeasure(effective, 3)));
      return `${prefix(data, one)}${facts.join(', ')}.`;
    })
    .join(' ');

/** The value of each line of the figure at `k`, one line of text each. */
export const describeWeightValue = (data: LayerFigureData, k: number): string[] =>
  placedSpectra(data).flatMap((one) => {
    const { singularValues, shuffled, error } = one.spectrum;
    const value = singularValues[k - 1];
    if (value === undefined) return [];
    const bound = error?.values[k - 1];
    const printed = formatMeasure(value);
    const measured =
      bound === undefined
        ? l10n.t('k = {0}: σ = {1}', formatCount(k), printed)
        : l10n.t('k = {0}: σ ≈ {1}, within {2}', formatCount(k), printed, formatMeasure(bound, 2));
    const random = shuffled?.[k - 1];
    const beside = random === undefined ? '' : l10n.t(', shuffled {0}', formatMeasure(random));
    return [`${prefix(data, one)}${measured}${beside}.`];
  });

/** The finding of an eigenvalue density: the power law of its tail, and what is beyond the bulk. */
export const describeDensity = (data: LayerFigureData): string =>
  placedSpectra(data)
    .map((one) => {
      const { alpha, alphaError, tail } = one.spectrum.metrics;
      const facts: string[] = [];
      if (typeof alpha?.value === 'number')
        facts.push(
          l10n.t(
            'power law with α = {0} ± {1} over {2} eigenvalues',
            formatMeasure(alpha.value, 3),
            formatMeasure(alphaError?.value ?? 0, 2),
            formatCount(tail?.value ?? 0),
          ),
        );
      // The note of a fit without result says what it lacks.
      else facts.push(alpha?.note ?? l10n.t('no power law was fitted'));
      const spikes = noiseBulk(one.spectrum)?.spikes;
      if (spikes !== undefined)
        facts.push(
          spikes === 1
            ? l10n.t('1 eigenvalue beyond the Marchenko–Pastur edge')
            : l10n.t('{0} eigenvalues beyond the Marchenko–Pastur edge', formatCount(spikes)),
        );
      return `${prefix(data, one)}${facts.join(', ')}.`;
    })
    .join(' ');
