import type { CheckpointSummary, TensorValues } from '../protocol/index.ts';
import { checkpointHealth, healthWords } from './health.ts';
import type { MeasuredLayer } from './measureLayers.ts';

/** Numbers of the metrics alone; what there is to say about them goes into the notes. */
const plainLayer = ({ layer, spectrum }: MeasuredLayer) => {
  const { layer: _, ...measured } = spectrum;
  const metrics: Record<string, number | null> = {};
  const notes: Record<string, string> = {};
  for (const [key, { value, note }] of Object.entries(spectrum.metrics)) {
    metrics[key] = value;
    if (note !== undefined) notes[key] = note;
  }
  return { ...layer, ...measured, metrics, notes };
};

/** Made when it is written: there may be as many layers as fill the memory when each is there a second time. */
const written = (measured: MeasuredLayer) => ({ toJSON: () => plainLayer(measured) });

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
    layers: layers.map(written),
    vectors: counted(summary.vectors),
    skipped: counted(summary.skipped),
    health: { ...health, findings: findings.map((each) => ({ ...each, what: healthWords(each) })) },
  };
};
