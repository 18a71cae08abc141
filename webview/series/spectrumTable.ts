import type { Analysis } from '../../src/protocol/index.ts';
import { randomBaseline } from './randomBaseline.ts';
import { cumulativeEnergy, type SpectrumKind, spectrumOf } from './spectra.ts';
import type { Table } from './table.ts';

/**
 * One row per singular value: layer, k, value, the cumulative share of the energy and, if requested, the
 * random baseline.
 */
export const spectrumTable = (analysis: Analysis, kind: SpectrumKind, baseline = false): Table => ({
  columns: [
    'layer',
    'k',
    kind === 'view-correlation' ? 'view correlation' : 'singular value',
    'energy up to k',
    ...(baseline ? ['random baseline'] : []),
  ],
  rows: analysis.layers.flatMap((layer) => {
    const values = spectrumOf(layer, kind);
    const energy = cumulativeEnergy(values);
    const random = baseline ? randomBaseline(layer, kind) : null;
    const noise = (k: number): number | null => (random && k <= random.count ? random.value(k) : null);
    return values.map((value, index) => [
      layer.name,
      index + 1,
      value,
      energy[index] ?? null,
      ...(baseline ? [noise(index + 1)] : []),
    ]);
  }),
});
