import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, WeightMeasure } from '../../../src/protocol/index.ts';
import { formatCount } from '../../series/format.ts';
import { withSigns } from '../../series/signs.ts';
import { failedCell, type LayerCell, measureCell, NO_CELL, spectrumCell, textCell } from './cell.ts';
import { comparisonColumns } from './comparedColumns.ts';
import { outlineOf } from './curves.ts';
import { describedColumns } from './describedColumns.ts';
import { type LayerRow, layerOf, type MeasuredOf } from './rows.ts';
import { formatShare, MEASURE_COLUMNS, WEIGHT_MEASURES } from './words.ts';

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
  const { label, meaning } = WEIGHT_MEASURES[key];
  const definition = definitions[key];
  return [`${label}. ${meaning}`, ...(definition === undefined ? [] : [withSigns(definition)])].join(' ');
};

/** Width for the range of a folded block, such as `5.41 – 12.5`, px; counts need less. */
const RANGE = 108;

const measureColumns = ({ measuredOf, definitions }: ColumnSource, folded: boolean): LayerColumn[] =>
  MEASURE_COLUMNS.map(({ key, heading, width }) => ({
    id: key,
    label: heading,
    meaning: explainMeasure(key, definitions),
    width: folded && key !== 'spikes' ? Math.max(width, RANGE) : width,
    align: 'end',
    fold: 'range',
    measured: true,
    cell: (row) => spectrumCell(row, 0, measuredOf, (spectrum) => measureCell(spectrum, key)),
  }));

const shareColumn = (
  id: string,
  label: string,
  meaning: string,
  count: (statistics: LayerSpectrum['statistics']) => number,
  measuredOf: MeasuredOf,
): LayerColumn => ({
  id,
  label,
  meaning,
  width: 76,
  align: 'end',
  fold: 'range',
  measured: true,
  cell: (row) =>
    spectrumCell(row, 0, measuredOf, ({ statistics }) => {
      if (statistics.count === 0) return failedCell(l10n.t('no values'));
      const counted = count(statistics);
      const share = counted / statistics.count;
      const detail = l10n.t('{0} of {1} values', formatCount(counted), formatCount(statistics.count));
      return { ...textCell(formatShare(share), share), detail };
    }),
});

const sparkColumn = ({ measuredOf }: ColumnSource): LayerColumn => ({
  id: 'spectrum',
  label: l10n.t('spectrum'),
  meaning: l10n.t('Singular values from the largest to the smallest, on a logarithmic axis.'),
  width: 92,
  align: 'start',
  fold: 'range',
  measured: true,
  cell: (row) => {
    const place = row.sides.findIndex((layer) => layer !== null);
    return spectrumCell(row, place, measuredOf, ({ singularValues, method }) => {
      if (method === 'estimate')
        return { ...NO_CELL, detail: l10n.t('estimated distribution of all values'), state: 'estimate' };
      const half = singularValues.findIndex((value) => value <= singularValues[0] / 2);
      const words =
        half < 0
          ? l10n.t('{0} singular values', formatCount(singularValues.length))
          : l10n.t(
              '{0} singular values, half of the largest at k = {1}',
              formatCount(singularValues.length),
              formatCount(half + 1),
            );
      return { ...NO_CELL, detail: words, state: 'value' };
    });
  },
  spark: (row) =>
    row.sides.map((_, place) => {
      const spectrum = measuredOf(place, row.name)?.spectrum;
      return spectrum ? outlineOf(spectrum) : [];
    }),
});

/** Columns that come only after the measures. */
const LATE = new Set(['matrix', 'dtype']);

/** The columns of the table of layers, of one checkpoint or of two that are compared. */
export const layerColumns = (source: ColumnSource, rows: readonly LayerRow[]): LayerColumn[] => {
  const described = describedColumns(rows);
  const [name, ...first] = described.filter(({ id }) => !LATE.has(id));
  const late = described.filter(({ id }) => LATE.has(id));
  if (source.names.length > 1) {
    // What changed is of the most interest.
    const { changes, values } = comparisonColumns(source);
    return [name, sparkColumn(source), ...changes, ...first, ...values, ...late];
  }
  const { measuredOf } = source;
  return [
    name,
    ...first,
    sparkColumn(source),
    ...measureColumns(
      source,
      rows.some((row) => layerOf(row).repeated !== null),
    ),
    shareColumn(
      'nan',
      l10n.t('NaN, Inf'),
      l10n.t('Share of values that are not finite.'),
      ({ nan, infinite }) => nan + infinite,
      measuredOf,
    ),
    shareColumn(
      'zero',
      l10n.t('zeros'),
      l10n.t('Share of values that are zero.'),
      ({ zero }) => zero,
      measuredOf,
    ),
    ...late,
  ];
};
