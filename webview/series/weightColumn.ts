import type { WeightMeasure } from '../../src/protocol/index.ts';
import type { LayerCell } from './weightCell.ts';
import type { LayerRow, MeasuredOf } from './weightRows.ts';
import { MEASURES } from './weightWords.ts';

/** A column of the table of layers. */
export interface LayerColumn {
  readonly id: string;
  readonly label: string;
  /** What the column shows, in a sentence. */
  readonly meaning: string;
  /** Px. */
  readonly width: number;
  readonly align: 'start' | 'end';
  /** What stands in the row of a folded block: the one value that all have, their sum, or their range. */
  readonly fold: 'same' | 'sum' | 'range';
  /** Comes with the spectrum, which may still be on its way or have failed. */
  readonly measured: boolean;
  cell(row: LayerRow): LayerCell;
  /** A picture instead of the text: spectra to draw as small lines. Such a column is not sorted. */
  readonly spark?: (row: LayerRow) => readonly (readonly number[])[];
}

/** What columns are made from. */
export interface ColumnSource {
  /** One name, or two that are compared. */
  readonly names: readonly string[];
  readonly measuredOf: MeasuredOf;
  /** The printed form of the measures, where the host gave it. */
  readonly definitions: Readonly<Partial<Record<WeightMeasure, string>>>;
}

/** Meaning and definition of a measure, as a tooltip says them. */
export const explainMeasure = (
  key: WeightMeasure,
  definitions: Readonly<Partial<Record<WeightMeasure, string>>>,
): string => {
  const words = MEASURES.find((one) => one.key === key);
  const definition = definitions[key];
  return [
    words ? `${words.label}. ${words.meaning}` : key,
    ...(definition === undefined ? [] : [definition]),
  ].join(' ');
};
