import * as l10n from '@vscode/l10n';
import {
  WEIGHT_MEASURES as ENTRIES,
  type LayerSpectrum,
  WEIGHT_MEASURE_KEYS,
  type WeightMeasure,
} from '../../../src/protocol/messages.ts';
import { formatCount } from '../../series/format.ts';
import { withSigns } from '../../series/signs.ts';
import { failedCell, measureCell, NO_CELL, spectrumCell, textCell } from './cell.ts';
import type { ColumnSource, LayerColumn } from './columns.ts';
import { outlineOf } from './curves.ts';
import type { MeasuredOf } from './rows.ts';
import { formatShare, WEIGHT_MEASURES } from './words.ts';

/** Meaning and definition of a measure, for a tooltip. */
export const explainMeasure = (
  key: WeightMeasure,
  definitions: Readonly<Partial<Record<WeightMeasure, string>>>,
): string => {
  const { label, meaning } = WEIGHT_MEASURES[key];
  const definition = definitions[key];
  return [`${label}. ${meaning}`, ...(definition === undefined ? [] : [withSigns(definition)])].join(' ');
};

/** Those that are read first must be in sight; measures that are not named here follow. */
const ORDER: readonly WeightMeasure[] = [
  'alpha',
  'alphaError',
  'xmin',
  'ksDistance',
  'tail',
  'numericalRankStored',
  'numericalRank',
  'stableRank',
  'effectiveRank',
  'participationRatio',
  'matrixEntropy',
  'spectralNorm',
  'spikes',
  'bulkEdge',
  'aboveShuffled',
  'frobeniusNorm',
  'condition',
  'conditionStored',
];
/** The picture of the spectrum comes before this measure, after the ranks. */
const AFTER_SPARK: WeightMeasure = 'spectralNorm';

/** Width for the range of a folded block, such as `5.41 – 12.5`, px; counts need less. */
const RANGE = 108;

const measureColumns = ({ measuredOf, definitions }: ColumnSource, folded: boolean): LayerColumn[] =>
  [...new Set([...ORDER, ...WEIGHT_MEASURE_KEYS])].map((key) => {
    const { label, column } = WEIGHT_MEASURES[key];
    return {
      id: key,
      label: column.label,
      name: label,
      section: l10n.t('Measures'),
      usual: ENTRIES[key].usual ?? false,
      meaning: explainMeasure(key, definitions),
      width: folded && key !== 'spikes' ? Math.max(column.width, RANGE) : column.width,
      align: 'end',
      fold: 'range',
      measured: true,
      cell: (row) => spectrumCell(row, 0, measuredOf, (spectrum) => measureCell(spectrum, key)),
    };
  });

const shareColumn = (
  words: Pick<LayerColumn, 'id' | 'label' | 'name' | 'meaning'>,
  count: (statistics: LayerSpectrum['statistics']) => number,
  measuredOf: MeasuredOf,
): LayerColumn => ({
  ...words,
  section: l10n.t('Values'),
  usual: true,
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

const shareColumns = ({ measuredOf }: ColumnSource): LayerColumn[] => [
  shareColumn(
    {
      id: 'nan',
      label: l10n.t('NaN, Inf'),
      name: l10n.t('NaN and infinite'),
      meaning: l10n.t('Share of values that are not finite.'),
    },
    ({ nan, infinite }) => nan + infinite,
    measuredOf,
  ),
  shareColumn(
    {
      id: 'zero',
      label: l10n.t('zeros'),
      name: l10n.t('zeros'),
      meaning: l10n.t('Share of values that are zero.'),
    },
    ({ zero }) => zero,
    measuredOf,
  ),
];

export const sparkColumn = ({ measuredOf }: ColumnSource, section: string): LayerColumn => ({
  id: 'spectrum',
  label: l10n.t('spectrum'),
  name: l10n.t('spectrum'),
  section,
  usual: true,
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

/** The columns of the spectra of one checkpoint. */
export const measuredColumns = (source: ColumnSource, folded: boolean): LayerColumn[] => {
  const measures = measureColumns(source, folded);
  const place = measures.findIndex(({ id }) => id === AFTER_SPARK);
  const spark = sparkColumn(source, l10n.t('Measures'));
  return [...measures.slice(0, place), spark, ...measures.slice(place), ...shareColumns(source)];
};
