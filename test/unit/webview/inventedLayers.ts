import type { LayerSpectrum, WeightLayer, WeightMeasure } from '../../../src/protocol/index.ts';

export const inventedLayer = (changes: Partial<WeightLayer> = {}): WeightLayer => ({
  name: 'dense.weight',
  tensor: 'dense.weight',
  kind: 'dense',
  shape: [4, 6],
  dtype: 'F32',
  matrix: [4, 6],
  slices: 1,
  parameters: 24,
  block: 'dense',
  repeated: null,
  ...changes,
});

/** Equal spectra mean equal weights. */
const layerPrint = (singularValues: readonly number[]): string => singularValues.join(' ');

export const inventedSpectrum = (
  singularValues: readonly number[],
  metrics: Partial<Record<WeightMeasure, number | string>> = {},
  changes: Partial<LayerSpectrum> = {},
): LayerSpectrum => ({
  layer: 'dense.weight',
  method: 'exact',
  singularValues,
  error: null,
  distribution: null,
  shuffled: null,
  metrics: Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => [
      key,
      typeof value === 'string' ? { value: null, note: value } : { value },
    ]),
  ),
  entries: { rows: 4, columns: 6, zeroRows: 0, zeroColumns: 0, fingerprint: layerPrint(singularValues) },
  statistics: {
    count: 24,
    nan: 0,
    infinite: 0,
    zero: 6,
    min: -1,
    max: 1,
    mean: 0,
    standardDeviation: 0.5,
  },
  ...changes,
});
