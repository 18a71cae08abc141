import * as l10n from '@vscode/l10n';
import type { LayerKind, WeightMeasure } from '../../../src/protocol/index.ts';
import { formatNumber, formatPercent } from '../../series/format.ts';

export const KIND_LABELS: Readonly<Record<LayerKind, string>> = {
  dense: l10n.t('dense'),
  convolution: l10n.t('convolution'),
  embedding: l10n.t('embedding'),
  attention: l10n.t('attention'),
  recurrent: l10n.t('recurrent'),
};

interface MeasureWords {
  readonly label: string;
  /** Its meaning, in a sentence. */
  readonly meaning: string;
  /** Of its column in the table of layers: a heading and a width in px. */
  readonly column: { readonly label: string; readonly width: number };
}

/** The words of every measure of a weight matrix, in reading order. */
export const WEIGHT_MEASURES = {
  spectralNorm: {
    label: l10n.t('largest singular value σ₁'),
    meaning: l10n.t('The largest factor by which the layer can stretch an input.'),
    column: { label: l10n.t('σ₁'), width: 104 },
  },
  frobeniusNorm: {
    label: l10n.t('Frobenius norm'),
    meaning: l10n.t('Overall size of the weights.'),
    column: { label: l10n.t('‖W‖F'), width: 104 },
  },
  stableRank: {
    label: l10n.t('stable rank'),
    meaning: l10n.t(
      'How many directions matter, measured by their energy. Low when one direction dominates.',
    ),
    column: { label: l10n.t('stable rank'), width: 104 },
  },
  effectiveRank: {
    label: l10n.t('effective rank'),
    meaning: l10n.t('How many directions matter, measured by the entropy of the spectrum.'),
    column: { label: l10n.t('effective rank'), width: 126 },
  },
  participationRatio: {
    label: l10n.t('participation ratio'),
    column: { label: l10n.t('particip. ratio'), width: 112 },
    meaning: l10n.t('How many directions share the energy.'),
  },
  matrixEntropy: {
    label: l10n.t('matrix entropy'),
    column: { label: l10n.t('entropy'), width: 84 },
    meaning: l10n.t('1 when all directions have the same energy, near 0 when one has almost all of it.'),
  },
  condition: {
    label: l10n.t('condition number'),
    meaning: l10n.t(
      'Largest singular value divided by the smallest: how unevenly the layer stretches inputs.',
    ),
    column: { label: l10n.t('condition'), width: 104 },
  },
  numericalRank: {
    label: l10n.t('numerical rank'),
    column: { label: l10n.t('rank in f64'), width: 92 },
    meaning: l10n.t('Number of singular values larger than the rounding errors of float64.'),
  },
  numericalRankStored: {
    label: l10n.t('rank as stored'),
    meaning: l10n.t(
      'Number of singular values larger than the rounding errors of the number type in the file.',
    ),
    column: { label: l10n.t('rank'), width: 64 },
  },
  conditionStored: {
    label: l10n.t('condition as stored'),
    column: { label: l10n.t('cond. stored'), width: 104 },
    meaning: l10n.t('Condition number, as precisely as the number type in the file allows.'),
  },
  alpha: {
    label: l10n.t('power-law exponent α'),
    meaning: l10n.t(
      'How fast the tail of the eigenvalue density falls. Typically 2 to 6 for well-trained layers.',
    ),
    column: { label: l10n.t('α'), width: 116 },
  },
  alphaError: {
    label: l10n.t('error of α'),
    column: { label: l10n.t('α error'), width: 84 },
    meaning: l10n.t('Standard error of the exponent.'),
  },
  xmin: {
    label: l10n.t('start of the tail'),
    column: { label: l10n.t('x min'), width: 104 },
    meaning: l10n.t('Eigenvalue from which the power law is fitted.'),
  },
  ksDistance: {
    label: l10n.t('distance from the power law'),
    column: { label: l10n.t('KS dist.'), width: 84 },
    meaning: l10n.t(
      'Kolmogorov–Smirnov distance between the tail and the power law. The power law describes the tail if it is below about 0.1.',
    ),
  },
  tail: {
    label: l10n.t('eigenvalues in the tail'),
    column: { label: l10n.t('tail'), width: 64 },
    meaning: l10n.t('Number of eigenvalues that the power law is fitted to.'),
  },
  bulkEdge: {
    label: l10n.t('Marchenko–Pastur edge'),
    column: { label: l10n.t('MP edge'), width: 104 },
    meaning: l10n.t('The largest eigenvalue that noise of the same size would have.'),
  },
  spikes: {
    label: l10n.t('spikes'),
    meaning: l10n.t('Eigenvalues beyond the edge: directions that noise does not explain.'),
    column: { label: l10n.t('spikes'), width: 70 },
  },
  aboveShuffled: {
    label: l10n.t('values above the shuffled weights'),
    meaning: l10n.t('Number of singular values larger than every one of the same weights in random order.'),
    column: { label: l10n.t('> shuffled'), width: 88 },
  },
  shuffledSpectralNorm: {
    label: l10n.t('σ₁ of the shuffled weights'),
    column: { label: l10n.t('σ₁ shuffled'), width: 104 },
    meaning: l10n.t(
      'Largest singular value of the same weights in random order. The difference is the effect of their order.',
    ),
  },
  shuffledStableRank: {
    label: l10n.t('stable rank of the shuffled weights'),
    column: { label: l10n.t('stable shuffled'), width: 122 },
    meaning: l10n.t('The same measure of the same weights in random order.'),
  },
  shuffledEffectiveRank: {
    label: l10n.t('effective rank of the shuffled weights'),
    column: { label: l10n.t('effective shuffled'), width: 136 },
    meaning: l10n.t('The same measure of the same weights in random order.'),
  },
  shuffledAlpha: {
    label: l10n.t('α of the shuffled weights'),
    column: { label: l10n.t('α shuffled'), width: 104 },
    meaning: l10n.t('The same measure of the same weights in random order.'),
  },
} as const satisfies Record<WeightMeasure, MeasureWords>;

export const formatShape = (shape: readonly number[]): string =>
  shape.length === 0 ? l10n.t('scalar') : shape.join(' × ');

/** A number of a measure; an infinite one, such as the condition of a singular matrix, as `∞`. */
export const formatMeasure = (value: number, digits = 4): string =>
  Number.isFinite(value) ? formatNumber(value, digits) : value > 0 ? '∞' : value < 0 ? '−∞' : 'NaN';

/** A share as a percentage; a small non-zero one is marked as such. */
export const formatShare = (share: number): string => {
  if (share === 0) return '0';
  return share < 0.0005 ? '< 0.1\u00a0%' : formatPercent(share);
};
