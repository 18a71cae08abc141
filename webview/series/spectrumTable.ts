import type { Analysis } from '../../src/protocol/messages.ts';
import { randomBaseline } from './randomBaseline.ts';
import { cumulativeEnergy, type SpectrumKind, spectrumErrors, spectrumOf } from './spectra.ts';
import type { Table } from './table.ts';

const VALUE_COLUMN: Readonly<Record<SpectrumKind, string>> = {
  uncentred: 'singular value',
  centred: 'centred singular value',
  'view-correlation': 'view correlation',
};

/**
 * One row per singular value: layer, k, value, its standard error if the document has it, the cumulative share of the energy
 * and, if requested, the random baseline.
 */
export const spectrumTable = (analysis: Analysis, kind: SpectrumKind, baseline = false): Table => {
  const hasErrors = analysis.layers.some((layer) => spectrumErrors(layer, kind) !== undefined);
  return {
    columns: [
      'layer',
      'k',
      VALUE_COLUMN[kind],
      ...(hasErrors ? ['standard error'] : []),
      'energy up to k',
      ...(baseline ? ['random baseline'] : []),
    ],
    rows: analysis.layers.flatMap((layer) => {
      const values = spectrumOf(layer, kind);
      const errors = spectrumErrors(layer, kind);
      const energy = cumulativeEnergy(values);
      const random = baseline ? randomBaseline(layer, kind) : null;
      const noise = (k: number): number | null => (random && k <= random.count ? random.value(k) : null);
      return values.map((value, index) => [
        layer.name,
        index + 1,
        value,
        ...(hasErrors ? [errors?.[index] ?? null] : []),
        energy[index] ?? null,
        ...(baseline ? [noise(index + 1)] : []),
      ]);
    }),
  };
};
