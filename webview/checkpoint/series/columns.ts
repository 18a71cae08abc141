import * as l10n from '@vscode/l10n';
import type { WeightMeasure } from '../../../src/protocol/messages.ts';
import type { LayerCell } from './cell.ts';
import { comparisonColumns } from './comparedColumns.ts';
import { describedColumns } from './describedColumns.ts';
import { measuredColumns, sparkColumn } from './measuredColumns.ts';
import { type GridRow, type LayerRow, layerOf, type MeasuredOf } from './rows.ts';

/** A column of the table of layers. */
export interface LayerColumn {
  readonly id: string;
  /** Its heading, a few characters. */
  readonly label: string;
  /** Its name in the list of columns. */
  readonly name: string;
  /** The heading above it in that list; null for the names of the layers, which are always shown. */
  readonly section: string | null;
  /** Whether it is shown unless the user chooses otherwise. */
  readonly usual: boolean;
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
  /** For names: what is shown of the name of a row, which may be long. */
  readonly shown?: (row: GridRow) => string;
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

/** Columns that come only after the measures. */
const LATE = new Set(['parameters', 'matrix', 'dtype']);

/** All columns of the table of layers, of one checkpoint or of two that are compared. */
export const layerColumns = (source: ColumnSource, rows: readonly LayerRow[]): LayerColumn[] => {
  const [name, ...described] = describedColumns(rows);
  const first = described.filter(({ id }) => !LATE.has(id));
  const late = described.filter(({ id }) => LATE.has(id));
  if (source.names.length > 1) {
    // What changed is of the most interest.
    const { changes, values } = comparisonColumns(source);
    return [name, sparkColumn(source, l10n.t('Layer')), ...changes, ...first, ...values, ...late];
  }
  const folded = rows.some((row) => layerOf(row).repeated !== null);
  return [name, ...first, ...measuredColumns(source, folded), ...late];
};

/** The columns that are shown: the name, and those that the user chose, or the usual ones. */
export const shownColumns = (
  columns: readonly LayerColumn[],
  chosen: readonly string[] | null,
): LayerColumn[] => {
  const ids = new Set(chosen);
  return columns.filter(
    ({ id, section, usual }) => section === null || (chosen === null ? usual : ids.has(id)),
  );
};
