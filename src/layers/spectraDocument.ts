import {
  type CheckpointSummary,
  HealthGatherer,
  jsonText,
  layerFacts,
  type TensorValues,
  valuesFacts,
  WrittenList,
} from '../protocol/index.ts';
import { gatheredHealth, healthWords } from './health.ts';
import type { MeasuredLayer } from './measureLayers.ts';
import { PackedLines } from './packedLines.ts';

/** Measures as plain numbers; remarks about them go into the notes. */
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

/**
 * A checkpoint with the spectra of its layers: what `pentimento spectra --json` prints and the editor exports. Layers
 * are added one by one and kept as compressed text, because there may be hundreds of thousands of them. Written with
 * `jsonPieces`.
 */
export class SpectraDocument {
  private readonly layers = new PackedLines();
  private readonly health = new HealthGatherer();

  add(measured: MeasuredLayer): void {
    this.layers.add(jsonText(plainLayer(measured)));
    this.health.add(layerFacts(measured.layer, measured.spectrum));
  }

  /** The whole document, once all layers are added; `values` are those of the other tensors. */
  complete(summary: CheckpointSummary, values: readonly TensorValues[]): object {
    // Versions of files mean nothing to a reader on another machine.
    const { parts: _parts, version: _version, ...described } = summary;
    for (const each of values) this.health.add(valuesFacts(each));
    const { findings, ...health } = gatheredHealth(this.health);
    const statistics = new Map(values.map((each) => [each.name, each.statistics]));
    // Null if the values were not read.
    const counted = <T extends { readonly name: string }>(tensors: readonly T[]) =>
      tensors.map((tensor) => ({ ...tensor, statistics: statistics.get(tensor.name) ?? null }));
    return {
      ...described,
      layers: new WrittenList(() => this.layers.lines()),
      vectors: counted(summary.vectors),
      skipped: counted(summary.skipped),
      health: { ...health, findings: findings.map((each) => ({ ...each, what: healthWords(each) })) },
    };
  }
}
