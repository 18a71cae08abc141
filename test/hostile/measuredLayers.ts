import type { MeasuredLayer } from '../../src/layers/index.ts';
import type {
  CheckpointSummary,
  LayerSpectrum,
  SkippedTensor,
  WeightLayer,
} from '../../src/protocol/index.ts';

const layerOf = (name: string): WeightLayer => ({
  name,
  tensor: name,
  kind: 'dense',
  shape: [1, 1],
  dtype: 'F32',
  matrix: [1, 1],
  slices: 1,
  parameters: 1,
  block: '',
  repeated: null,
});

const spectrumOf = (layer: string, at: number): LayerSpectrum => ({
  layer,
  method: 'exact',
  singularValues: [1],
  error: null,
  distribution: null,
  shuffled: null,
  metrics: { spectralNorm: { value: 1 }, alpha: { value: null, note: `only ${at} of them` } },
  entries: { rows: 1, columns: 1, zeroRows: 0, zeroColumns: 0, fingerprint: '' },
  statistics: { count: 1, nan: 0, infinite: 0, zero: 0, min: 1, max: 1, mean: 1, standardDeviation: 0 },
});

export const measuredLayers = (names: readonly string[]): MeasuredLayer[] =>
  names.map((name, at) => ({ layer: layerOf(name), spectrum: spectrumOf(name, at) }));

export const summaryOf = (
  measured: readonly MeasuredLayer[],
  skipped: readonly SkippedTensor[] = [],
): CheckpointSummary => ({
  file: 'model.safetensors',
  format: 'safetensors',
  parts: [],
  version: '',
  bytes: 0,
  parameters: 0,
  layers: measured.map(({ layer }) => layer),
  vectors: [],
  skipped,
  warnings: [],
  metadata: {},
  definitions: {} as CheckpointSummary['definitions'],
});
