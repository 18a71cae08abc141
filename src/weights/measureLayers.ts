import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { LayerSpectrum, LayerSpectrumParams, OnProgress, WeightLayer } from '../protocol/index.ts';
import type { SpectrumPool } from './spectrumPool.ts';

export interface MeasuredLayer {
  readonly layer: WeightLayer;
  readonly spectrum: LayerSpectrum;
}

/** Layers asked for at once: more than there are threads, and few, since each takes a place in several lists. */
const LANES = 2 * availableParallelism() + 2;

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
  setMaxListeners(0, signal);
  const measured = new Array<MeasuredLayer>(layers.length);
  let done = 0;
  const tell = (message: string) => onProgress({ job: 'spectra', done, total: layers.length, message });
  tell('');
  const waiting = layers.entries();
  const lane = async () => {
    for (const [place, layer] of waiting) {
      signal.throwIfAborted();
      measured[place] = { layer, spectrum: await pool.measure({ ...question, layer: layer.name }, signal) };
      done++;
      tell(layer.name);
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    return measured;
  } catch (error) {
    failure.abort();
    cancelled.throwIfAborted();
    throw error;
  }
};
