import type { Analysis, LayerAnalysis } from '../../src/protocol/index.ts';
import { formatCount, formatNumber } from './format.ts';
import { countAbove, randomBaseline } from './randomBaseline.ts';
import { MANY_LAYERS, spectrumOf, valuesForEnergy } from './spectra.ts';
import type { SpectrumSettings } from './spectrumView.ts';

/** One sentence on a layer's spectrum: size, ends, energy, what stands out of noise if that is shown, and the samples. */
export const describeSpectrum = (
  layer: LayerAnalysis,
  { kind, baseline }: Pick<SpectrumSettings, 'kind' | 'baseline'>,
): string => {
  const values = spectrumOf(layer, kind);
  if (values.length === 0) return `${layer.name}: no spectrum.`;
  const [first, last] = [formatNumber(values[0]), formatNumber(values[values.length - 1])];
  const parts = [`${layer.name}: ${formatCount(values.length)} values from ${first} to ${last}`];
  const leading = valuesForEnergy(values, 0.9);
  if (leading === 1) parts.push('the first alone holds 90 % of the energy');
  else if (leading !== null) parts.push(`the first ${formatCount(leading)} hold 90 % of the energy`);
  const random = baseline ? randomBaseline(layer, kind) : null;
  if (random) {
    const above = countAbove(values, random.upperEdge);
    const edge = formatNumber(random.upperEdge);
    parts.push(
      `${formatCount(above)} ${above === 1 ? 'lies' : 'lie'} above the random baseline's upper edge, ${edge}`,
    );
  }
  const source = layer.samples === 0 ? 'exact moments' : `${formatCount(layer.samples)} samples`;
  return `${parts.join('; ')} (${source}).`;
};

/** What a screen reader says of the whole figure. */
export const summariseSpectra = (analysis: Analysis, settings: SpectrumSettings): string => {
  const { layers } = analysis;
  if (layers.length <= MANY_LAYERS) return layers.map((layer) => describeSpectrum(layer, settings)).join(' ');
  const ends = [layers[0], layers[layers.length - 1]].map((layer) => describeSpectrum(layer, settings));
  return `${formatCount(layers.length)} layers; the arrow keys read each. First ${ends[0]} Last ${ends[1]}`;
};
