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

/** A spectrum with the place of its checkpoint. */
export interface PlacedSpectrum {
  readonly place: number;
  readonly name: string;
  readonly layer: WeightLayer;
  readonly spectrum: LayerSpectrum;
}

/** The spectra that are there and hold a value above zero. */
export const placedSpectra = ({ sides }: LayerFigureData): PlacedSpectrum[] =>
  sides.flatMap(({ name, layer, measured }, place) => {
    const spectrum = measured?.spectrum;
    return layer && spectrum && spectrum.singularValues[0] > 0 ? [{ place, name, layer, spectrum }] : [];
  });

/** How many singular values a layer has, those of all its slices together. */
export const valueCount = ({ matrix, slices }: WeightLayer): number => Math.min(...matrix) * slices;

/**
 * The edge of the noise and how many values are spikes beyond it. Null where there is no such bulk to draw: not fitted,
 * or most values lie beyond it, so that it is not noise with a few spikes.
 */
export const noiseBulk = ({
  metrics,
  singularValues,
}: LayerSpectrum): { readonly edge: number; readonly spikes: number } | null => {
  const edge = metrics.bulkEdge?.value ?? 0;
  const spikes = metrics.spikes?.value ?? 0;
  return edge > 0 && 2 * spikes <= singularValues.length ? { edge, spikes } : null;
};
