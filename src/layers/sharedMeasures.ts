import type { LayerSpectrum, Measure } from '../protocol/index.ts';

/**
 * Shares equal measures of layers as one object, which is copied only once to another thread: thousands of small
 * matrices lack the same measures for the same reasons, and have the same ranks.
 */
export class SharedMeasures {
  private readonly known = new Map<string, Measure>();

  of(spectrum: LayerSpectrum): LayerSpectrum {
    const entries = Object.entries(spectrum.metrics);
    return { ...spectrum, metrics: Object.fromEntries(entries.map(([key, each]) => [key, this.one(each)])) };
  }

  /** Fractional values are rarely equal. */
  private one(measure: Measure): Measure {
    if (measure.value !== null && !Number.isInteger(measure.value)) return measure;
    const key = JSON.stringify(measure);
    const known = this.known.get(key);
    if (known === undefined) this.known.set(key, measure);
    return known ?? measure;
  }
}
