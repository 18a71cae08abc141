import type { LayerAnalysis } from '../../src/protocol/messages.ts';
import { type RandomSpectrum, randomSpectrum } from './marchenkoPastur.ts';
import { type SpectrumKind, spectrumOf } from './spectra.ts';

/**
 * The spectrum of noise of the same samples x dimensions and Frobenius norm as the layer, in the units of its singular
 * values (roots of the eigenvalues of Z^T Z, not divided by the samples). Null if there is none: exact moments have no
 * samples, and view correlations are not singular values.
 */
export const randomBaseline = (layer: LayerAnalysis, kind: SpectrumKind): RandomSpectrum | null => {
  if (kind === 'view-correlation' || layer.samples === 0) return null;
  const norm = Math.sqrt(spectrumOf(layer, kind).reduce((sum, value) => sum + value * value, 0));
  // Centring takes one degree of freedom from every column.
  const rows = kind === 'centred' ? layer.samples - 1 : layer.samples;
  return randomSpectrum(rows, layer.dimensions, norm);
};

/** How many of the descending values are above `edge`. */
export const countAbove = (values: readonly number[], edge: number): number => {
  const index = values.findIndex((value) => value <= edge);
  return index < 0 ? values.length : index;
};
