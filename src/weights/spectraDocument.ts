import type { CheckpointSummary, TensorValues } from '../protocol/index.ts';
import { checkpointHealth, healthWords } from './health.ts';
import type { MeasuredLayer } from './measureLayers.ts';

/** Numbers of the metrics alone; what there is to say about them goes into the notes. */
const plainLayer = ({ layer, spectrum }: MeasuredLayer) => {
  const metrics = Object.entries(spectrum.metrics);
  const { layer: _, ...measured } = spectrum;
  return {
    ...layer,
    ...measured,
    metrics: Object.fromEntries(metrics.map(([key, { value }]) => [key, value])),
    notes: Object.fromEntries(
      metrics.flatMap(([key, { note }]) => (note === undefined ? [] : [[key, note]])),
    ),
  };
};

/** A checkpoint with the spectra of its layers: what `pentimento spectra --json` prints and the editor exports. */
export const spectraDocument = (
  summary: CheckpointSummary,
  layers: readonly MeasuredLayer[],
  values: readonly TensorValues[] = [],
) => {
  // Versions of files tell nothing to whoever reads the document elsewhere.
  const { parts: _parts, version: _version, ...described } = summary;
  const { findings, ...health } = checkpointHealth(layers, values);
  const statistics = new Map(values.map((each) => [each.name, each.statistics]));
  // Null where the values were not read.
  const counted = <T extends { readonly name: string }>(tensors: readonly T[]) =>
    tensors.map((tensor) => ({ ...tensor, statistics: statistics.get(tensor.name) ?? null }));
  return {
    ...described,
    layers: layers.map(plainLayer),
    vectors: counted(summary.vectors),
    skipped: counted(summary.skipped),
    health: { ...health, findings: findings.map((each) => ({ ...each, what: healthWords(each) })) },
  };
};
