import * as l10n from '@vscode/l10n';
import type { Analysis, LayerAnalysis } from '../../src/protocol/messages.ts';
import { formatCount, formatNumber } from './format.ts';
import { countAbove, randomBaseline } from './randomBaseline.ts';
import { MANY_LAYERS, spectrumOf, valuesForEnergy } from './spectra.ts';
import type { SpectrumSettings } from './spectrumView.ts';

/** One sentence on a layer's spectrum: size, ends, energy, what exceeds noise if that is shown, and the samples. */
export const describeSpectrum = (
  layer: LayerAnalysis,
  { kind, baseline }: Pick<SpectrumSettings, 'kind' | 'baseline'>,
): string => {
  const values = spectrumOf(layer, kind);
  if (values.length === 0) return l10n.t('{0}: no spectrum.', layer.name);
  const [first, last] = [formatNumber(values[0]), formatNumber(values[values.length - 1])];
  const parts = [
    l10n.t('{0}: {1} values from {2} to {3}', layer.name, formatCount(values.length), first, last),
  ];
  const leading = valuesForEnergy(values, 0.9);
  if (leading === 1) parts.push(l10n.t('the first alone holds 90 % of the energy'));
  else if (leading !== null)
    parts.push(l10n.t('the first {0} hold 90 % of the energy', formatCount(leading)));
  const random = baseline ? randomBaseline(layer, kind) : null;
  if (random) {
    const above = countAbove(values, random.upperEdge);
    const edge = formatNumber(random.upperEdge);
    parts.push(
      above === 1
        ? l10n.t('1 is above the upper edge of the random baseline, {0}', edge)
        : l10n.t('{0} are above the upper edge of the random baseline, {1}', formatCount(above), edge),
    );
  }
  const source =
    layer.samples === 0 ? l10n.t('exact moments') : l10n.t('{0} samples', formatCount(layer.samples));
  return `${parts.join('; ')} (${source}).`;
};

/** Description of the whole figure for screen readers. */
export const summariseSpectra = (analysis: Analysis, settings: SpectrumSettings): string => {
  const { layers } = analysis;
  if (layers.length <= MANY_LAYERS) return layers.map((layer) => describeSpectrum(layer, settings)).join(' ');
  const ends = [layers[0], layers[layers.length - 1]].map((layer) => describeSpectrum(layer, settings));
  return l10n.t(
    '{0} layers; use the arrow keys to read each one. First {1} Last {2}',
    formatCount(layers.length),
    ends[0],
    ends[1],
  );
};
