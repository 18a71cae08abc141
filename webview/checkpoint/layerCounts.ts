import type { LayerRow, MeasuredOf } from '../series/weightRows.ts';
import { isWanted } from './wantedLayers.ts';

/** The progress of measuring, in layers. */
export interface LayerCounts {
  readonly layers: number;
  readonly measured: number;
  /** Measured layers without a spectrum, and with a warning. */
  readonly failed: number;
  readonly warned: number;
}

export const countLayers = (
  rows: readonly LayerRow[],
  measuredOf: MeasuredOf,
  warningsOf: (row: LayerRow) => readonly string[],
): LayerCounts => {
  const done = rows.filter((row) => !isWanted(row, measuredOf));
  const failed = ({ name, sides }: LayerRow): boolean =>
    sides.some((_, place) => measuredOf(place, name)?.spectrum === null);
  return {
    layers: rows.length,
    measured: done.length,
    failed: done.filter(failed).length,
    warned: rows.filter((row) => warningsOf(row).length > 0).length,
  };
};
