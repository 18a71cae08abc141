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
  /** What the row of a folded block shows: the common value, the sum, or the range. */
  readonly fold: 'same' | 'sum' | 'range';
  /** Part of the spectrum, which may still be missing or have failed. */
  readonly measured: boolean;
  cell(row: LayerRow): LayerCell;
  /** A picture instead of text: spectra to draw as small lines. Such a column cannot be sorted. */
  readonly spark?: (row: LayerRow) => readonly (readonly number[])[];
}

/** The data for columns. */
export interface ColumnSource {
  /** One name, or two that are compared. */
  readonly names: readonly string[];
  readonly measuredOf: MeasuredOf;
  /** The printed form of the measures, if the host sent it. */
  readonly definitions: Readonly<Partial<Record<WeightMeasure, string>>>;
}

/** Meaning and definition of a measure, for a tooltip. */
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
