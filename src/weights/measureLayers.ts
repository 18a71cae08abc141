import { setMaxListeners } from 'node:events';
import type { LayerSpectrum, LayerSpectrumParams, OnProgress, WeightLayer } from '../protocol/index.ts';
import type { SpectrumPool } from './spectrumPool.ts';

export interface MeasuredLayer {
  readonly layer: WeightLayer;
  readonly spectrum: LayerSpectrum;
}

/**
 * Measures layers of a file side by side, in the order of their names given. The first that fails ends the others;
 * cancelling rejects with the signal's reason.
 */
export const measureLayers = async (
  pool: SpectrumPool,
  layers: readonly WeightLayer[],
  question: Omit<LayerSpectrumParams, 'layer'>,
  onProgress: OnProgress,
  cancelled: AbortSignal,
): Promise<MeasuredLayer[]> => {
  const failure = new AbortController();
  const signal = AbortSignal.any([cancelled, failure.signal]);
  // Every layer listens to it, and there may be thousands.
  setMaxListeners(0, signal);
  let done = 0;
  const tell = (message: string) => onProgress({ job: 'spectra', done, total: layers.length, message });
  tell('');
  try {
    return await Promise.all(
      layers.map(async (layer) => {
        const spectrum = await pool.measure({ ...question, layer: layer.name }, signal);
        done++;
        tell(layer.name);
        return { layer, spectrum };
      }),
    );
  } catch (error) {
    failure.abort();
    cancelled.throwIfAborted();
    throw error;
  }
};
