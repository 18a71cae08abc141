import type { CheckpointSummary, LayerSpectrum, WeightLayer } from '../../src/protocol/index.ts';

/** The results for a layer. An estimate is kept beside the problem that prevented the exact values. */
export interface Measured {
  readonly spectrum: LayerSpectrum | null;
  readonly problem: string | null;
}

/** The results for a layer of the checkpoint at an index; null while there are none. */
export type MeasuredOf = (checkpoint: number, layer: string) => Measured | null;

/** A layer by its name, in each shown checkpoint; null in one that does not have it. */
export interface LayerRow {
  readonly name: string;
  readonly sides: readonly (WeightLayer | null)[];
}

/** The layer as the first checkpoint that has it describes it. */
export const layerOf = ({ sides }: LayerRow): WeightLayer =>
  sides.find((layer) => layer !== null) as WeightLayer;

/** One row for each name: those of the first checkpoint in the order of its file, then those that only the other has. */
export const layerRows = (summaries: readonly Pick<CheckpointSummary, 'layers'>[]): LayerRow[] => {
  const known = summaries.map(({ layers }) => new Map(layers.map((layer) => [layer.name, layer])));
  const names = new Set(known.flatMap((layers) => [...layers.keys()]));
  return [...names].map((name) => ({ name, sides: known.map((layers) => layers.get(name) ?? null) }));
};
