import type { LayerSpectrum, WeightLayer } from '../../src/protocol/index.ts';
import type { Measured } from './weightRows.ts';

/** One checkpoint's part in the figures of a layer. */
export interface LayerSide {
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
