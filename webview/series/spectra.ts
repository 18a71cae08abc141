import type { Analysis, LayerAnalysis } from '../../src/protocol/messages.ts';

/** Which of a layer's spectra is drawn. */
export type SpectrumKind = 'uncentred' | 'centred' | 'view-correlation';

/** Up to this many lines are told apart one by one; more are coloured by depth. */
export const FEW_LAYERS = 12;

/** With more layers than this, a figure describes all of them together instead of each. */
export const MANY_LAYERS = 24;

export interface SpectrumSeries {
  readonly layer: string;
  readonly part: LayerAnalysis['part'];
  /** Descending; the k-th value is drawn at k = 1, 2, ... */
  readonly values: readonly number[];
}

export const spectrumOf = (layer: LayerAnalysis, kind: SpectrumKind): readonly number[] => {
  if (kind === 'uncentred') return layer.singularValues;
  return kind === 'centred' ? layer.centredSingularValues : layer.viewCorrelation;
};

/** Standard errors of the values of `spectrumOf`, where the document has them. */
export const spectrumErrors = (layer: LayerAnalysis, kind: SpectrumKind): readonly number[] | undefined => {
  if (kind === 'uncentred') return layer.singularValueErrors;
  return kind === 'centred' ? layer.centredSingularValueErrors : layer.viewCorrelationErrors;
};

/** Centred, without the mean that all samples share, if the analysis has it: the mean alone can be the largest value. */
export const defaultKind = (layers: readonly LayerAnalysis[]): SpectrumKind =>
  layers.some((layer) => layer.centredSingularValues.length > 0) ? 'centred' : 'uncentred';

/** sigma_k / sigma_1: the shape of a spectrum without its scale. A zero spectrum stays zero. */
export const normalised = (values: readonly number[]): number[] => {
  const largest = values[0] ?? 0;
  return values.map((value) => (largest > 0 ? value / largest : 0));
};

/** sum_{i <= k} sigma_i^2 / sum_i sigma_i^2 for k = 1 ... d; empty for a zero spectrum. */
export const cumulativeEnergy = (values: readonly number[]): number[] => {
  const total = values.reduce((sum, value) => sum + value * value, 0);
  if (total === 0) return [];
  let sum = 0;
  return values.map((value) => {
    sum += value * value;
    return Math.min(1, sum / total);
  });
};

/** Smallest k whose leading k values have `share` of the energy; null for a zero spectrum. */
export const valuesForEnergy = (values: readonly number[], share: number): number | null => {
  const index = cumulativeEnergy(values).findIndex((energy) => energy >= share);
  return index < 0 ? null : index + 1;
};

export const spectrumSeries = (
  analysis: Analysis,
  kind: SpectrumKind,
  transform: (values: readonly number[]) => readonly number[],
): SpectrumSeries[] =>
  analysis.layers.map((layer) => ({
    layer: layer.name,
    part: layer.part,
    values: transform(spectrumOf(layer, kind)),
  }));

/**
 * Indices 0 ... count - 1 thinned to those that fall on different pixels of `width`; `position` maps an index to px.
 * First and last are always kept. A spectrum descends, so nothing visible is lost.
 */
export const pixelIndices = (count: number, position: (index: number) => number): number[] => {
  const kept: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < count; index++) {
    const here = position(index);
    if (index === count - 1 || here - last >= 0.5) {
      kept.push(index);
      last = here;
    }
  }
  return kept;
};
