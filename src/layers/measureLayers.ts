import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { Fault, type LayerSpectrum, type OnProgress, type WeightLayer } from '../protocol/index.ts';
import { entryNorms, valueStatistics } from '../spectrum/index.ts';
import { layerBatches } from './layerBatches.ts';
import { countsOf, noSpectrum } from './measureMatrices.ts';
import type { SpectraQuestion, SpectrumPool } from './spectrumPool.ts';

export interface MeasuredLayer {
  readonly layer: WeightLayer;
  readonly spectrum: LayerSpectrum;
}

/** The result for a layer whose measuring failed: no values, the reason at every measure, and no counts. */
const failed = (layer: WeightLayer, why: string): MeasuredLayer => ({
  layer,
  spectrum: {
    layer: layer.name,
    ...noSpectrum('exact', why),
    statistics: valueStatistics([]),
    entries: countsOf(entryNorms([])),
  },
});

/** Batches of layers requested at once: more than there are threads, but few, because each is kept in several lists. */
const LANES = 2 * availableParallelism() + 2;

/** Accepts items in any order, and passes them on in the order of their indices. */
class InOrder<T> {
  private readonly early = new Map<number, T>();
  private next = 0;

  constructor(private readonly take: (each: T) => void) {}

  put(place: number, each: T): void {
    this.early.set(place, each);
    for (let first = this.early.get(this.next); first !== undefined; first = this.early.get(this.next)) {
      this.early.delete(this.next++);
      this.take(first);
    }
  }
}

/** What a caller of `measureEach` is told, and how it ends the work. */
interface Measuring {
  readonly onProgress: OnProgress;
  readonly cancelled: AbortSignal;
  readonly take: (measured: MeasuredLayer) => void;
}

/**
 * Measures layers of a file in parallel, and passes each on in the order of the given names, so that not all of them
 * need to be kept. A layer whose measuring fails (it does not fit in memory) has no values and says why; if all fail,
 * the first fault is thrown. An unreadable file ends them all; cancelling rejects with the signal's reason.
 */
export const measureEach = async (
  pool: Pick<SpectrumPool, 'measureTogether'>,
  layers: readonly WeightLayer[],
  question: SpectraQuestion,
  { onProgress, cancelled, take }: Measuring,
): Promise<void> => {
  const failure = new AbortController();
  const signal = AbortSignal.any([cancelled, failure.signal]);
  setMaxListeners(0, signal);
  const faults: Fault[] = [];
  const measuredLayer = (layer: WeightLayer, found: LayerSpectrum | Fault): MeasuredLayer => {
    if (!(found instanceof Fault)) return { layer, spectrum: found };
    faults.push(found);
    return failed(layer, found.what);
  };
  const measured = new InOrder<readonly MeasuredLayer[]>((batch) => batch.forEach(take));
  let done = 0;
  const tell = (message: string) => onProgress({ job: 'spectra', done, total: layers.length, message });
  tell('');
  const waiting = layerBatches(layers);
  let places = 0;
  const lane = async () => {
    for (const batch of waiting) {
      signal.throwIfAborted();
      const place = places++;
      const names = batch.map(({ name }) => name);
      const found = await pool.measureTogether(names, question, signal);
      // Others may have failed meanwhile: the receiver of the layers knows.
      signal.throwIfAborted();
      measured.put(
        place,
        batch.map((layer, i) => measuredLayer(layer, found[i])),
      );
      done += batch.length;
      tell(names[names.length - 1]);
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    if (faults.length > 0 && faults.length === layers.length) throw faults[0];
  } catch (error) {
    failure.abort();
    cancelled.throwIfAborted();
    throw error;
  }
};

/** All layers at once: see `measureEach`. */
export const measureLayers = async (
  pool: Pick<SpectrumPool, 'measureTogether'>,
  layers: readonly WeightLayer[],
  question: SpectraQuestion,
  onProgress: OnProgress,
  cancelled: AbortSignal,
): Promise<MeasuredLayer[]> => {
  const measured: MeasuredLayer[] = [];
  const take = (each: MeasuredLayer) => void measured.push(each);
  await measureEach(pool, layers, question, { onProgress, cancelled, take });
  return measured;
};
