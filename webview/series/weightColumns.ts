import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, WeightMeasure } from '../../src/protocol/index.ts';
import { formatCount } from './format.ts';
import { failedCell, type LayerCell, measureCell, NO_CELL, spectrumCell, textCell } from './weightCell.ts';
import { type ColumnSource, explainMeasure, type LayerColumn } from './weightColumn.ts';
import { comparisonColumns } from './weightCompareColumns.ts';
import { outlineOf } from './weightCurves.ts';
import { type LayerRow, layerOf, type MeasuredOf } from './weightRows.ts';
import { formatScaled, formatShape, formatShare, KIND_LABELS } from './weightWords.ts';

/** Shapes that differ between two checkpoints are both shown. */
const shapeCell = (row: LayerRow, print: (layer: ReturnType<typeof layerOf>) => string): LayerCell => {
  const shapes = new Set(row.sides.flatMap((layer) => (layer ? [print(layer)] : [])));
  return textCell([...shapes].join(' | '), layerOf(row).parameters);
};

type Described = Omit<LayerColumn, 'measured'>;

/** What is known before any spectrum. */
const DESCRIBED: readonly Described[] = [
  {
    id: 'name',
    label: l10n.t('layer'),
    meaning: l10n.t('Name of the weight matrix in the file.'),
    width: 210,
    align: 'start',
    fold: 'same',
    cell: (row) => textCell(row.name),
  },
  {
    id: 'kind',
    label: l10n.t('kind'),
    meaning: l10n.t('What the matrix does, as far as its name and shape tell.'),
    width: 86,
    align: 'start',
    fold: 'same',
    cell: (row) => textCell(KIND_LABELS[layerOf(row).kind]),
  },
  {
    id: 'shape',
    label: l10n.t('shape'),
    meaning: l10n.t('Shape of the tensor.'),
    width: 92,
    align: 'start',
    fold: 'same',
    cell: (row) => shapeCell(row, ({ shape }) => formatShape(shape)),
  },
  {
    id: 'matrix',
    label: l10n.t('matrix'),
    meaning: l10n.t('Rows and columns of the matrix whose spectrum is taken, and how many there are.'),
    width: 92,
    align: 'start',
    fold: 'same',
    cell: (row) =>
      shapeCell(row, ({ matrix, slices }) =>
        slices === 1 ? formatShape(matrix) : l10n.t('{0} of {1}', slices, formatShape(matrix)),
      ),
  },
  {
    id: 'dtype',
    label: l10n.t('type'),
    meaning: l10n.t('How the file stores a weight.'),
    width: 58,
    align: 'start',
    fold: 'same',
    cell: (row) => {
      const types = new Set(row.sides.flatMap((layer) => (layer ? [layer.dtype] : [])));
      return textCell([...types].join(' | '));
    },
  },
  {
    id: 'parameters',
    label: l10n.t('params'),
    meaning: l10n.t('Number of weights.'),
    width: 72,
    align: 'end',
    fold: 'sum',
    cell: (row) => {
      const { parameters } = layerOf(row);
      return { ...textCell(formatScaled(parameters), parameters), detail: formatCount(parameters) };
    },
  },
];

const GRID_MEASURES: readonly { key: WeightMeasure; label: string; width: number }[] = [
  { key: 'spectralNorm', label: l10n.t('σ₁'), width: 76 },
  { key: 'stableRank', label: l10n.t('stable rank'), width: 92 },
  { key: 'effectiveRank', label: l10n.t('effective rank'), width: 112 },
  { key: 'alpha', label: l10n.t('α'), width: 104 },
  { key: 'spikes', label: l10n.t('spikes'), width: 70 },
  { key: 'frobeniusNorm', label: l10n.t('‖W‖F'), width: 76 },
  { key: 'condition', label: l10n.t('condition'), width: 104 },
];

const measureColumns = ({ measuredOf, definitions }: ColumnSource): LayerColumn[] =>
  GRID_MEASURES.map(({ key, label, width }) => ({
    id: key,
    label,
    meaning: explainMeasure(key, definitions),
    width,
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

export const sparkColumn = ({ measuredOf }: ColumnSource): LayerColumn => ({
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

/** The columns of the table of layers, of one checkpoint or of two that are compared. */
export const layerColumns = (source: ColumnSource): LayerColumn[] => {
  const described = DESCRIBED.map((column): LayerColumn => ({ ...column, measured: false }));
  if (source.names.length > 1) {
    // The shape says it too, and room is short.
    const short = described.filter(({ id }) => id !== 'matrix');
    return [...short, sparkColumn(source), ...comparisonColumns(source)];
  }
  const { measuredOf } = source;
  return [
    ...described,
    sparkColumn(source),
    ...measureColumns(source),
    shareColumn(
      'nan',
      l10n.t('NaN, Inf'),
      l10n.t('Share of values that are no finite number.'),
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
  ];
};
