import type { LayerRow, MeasuredOf } from '../series/weightRows.ts';

/** Whether a spectrum of the layer is still missing from any checkpoint that has it. */
export const isWanted = ({ name, sides }: LayerRow, measuredOf: MeasuredOf): boolean =>
  sides.some((layer, place) => layer !== null && measuredOf(place, name) === null);

/**
 * Names of the layers to measure, each once: the selected one, then the visible ones, then the others that match
 * the filter, then all others.
 */
export const wantedLayers = (
  selected: string | null,
  ranked: readonly (readonly LayerRow[])[],
  measuredOf: MeasuredOf,
): string[] => {
  const all = new Map(ranked.flat().map((row) => [row.name, row]));
  const first = selected === null ? undefined : all.get(selected);
  const ordered = new Map([...(first ? [first] : []), ...ranked.flat()].map((row) => [row.name, row]));
  return [...ordered.values()].filter((row) => isWanted(row, measuredOf)).map(({ name }) => name);
};
