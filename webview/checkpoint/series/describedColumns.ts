import * as l10n from '@vscode/l10n';
import { formatCount, formatScaled } from '../../series/format.ts';
import { type LayerCell, textCell } from './cell.ts';
import type { LayerColumn } from './columns.ts';
import { type LayerRow, layerOf } from './rows.ts';
import { formatShape, KIND_LABELS } from './words.ts';

/** Shapes that differ between two checkpoints are both shown. */
const shapeCell = (row: LayerRow, print: (layer: ReturnType<typeof layerOf>) => string): LayerCell => {
  const shapes = new Set(row.sides.flatMap((layer) => (layer ? [print(layer)] : [])));
  return textCell([...shapes].join(' | '), layerOf(row).parameters);
};

/** What is known before any spectrum. */
const DESCRIBED: readonly Omit<LayerColumn, 'measured' | 'width'>[] = [
  {
    id: 'name',
    label: l10n.t('layer'),
    meaning: l10n.t('Name of the weight matrix in the file.'),
    align: 'start',
    fold: 'same',
    cell: (row) => textCell(row.name),
  },
  {
    id: 'kind',
    label: l10n.t('kind'),
    meaning: l10n.t('What the matrix does, judged by its name and shape.'),
    align: 'start',
    fold: 'same',
    cell: (row) => textCell(KIND_LABELS[layerOf(row).kind]),
  },
  {
    id: 'shape',
    label: l10n.t('shape'),
    meaning: l10n.t('Shape of the tensor.'),
    align: 'start',
    fold: 'same',
    cell: (row) => shapeCell(row, ({ shape }) => formatShape(shape)),
  },
  {
    id: 'matrix',
    label: l10n.t('matrix'),
    meaning: l10n.t(
      'Rows and columns of the matrix whose spectrum is computed, and the number of such matrices.',
    ),
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
    meaning: l10n.t('Number type in which the file stores the weights.'),
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
    meaning: l10n.t('Number of parameters.'),
    align: 'end',
    fold: 'sum',
    cell: (row) => {
      const { parameters } = layerOf(row);
      return { ...textCell(formatScaled(parameters), parameters), detail: formatCount(parameters) };
    },
  },
];

/** Px of a character, generously, and of what is beside the text in a cell. */
const [CHARACTER, PADDING] = [8, 24];
/** Px of the sign of a warning before a name. */
const SIGN = 18;
/** The name stays visible beside the scrolled columns, so it must leave room for them. */
const MOST = { name: 320, other: 150 };

const fittingWidth = (
  { id, label, cell }: Omit<LayerColumn, 'measured' | 'width'>,
  rows: readonly LayerRow[],
): number => {
  const longest = rows.reduce((most, row) => Math.max(most, cell(row).text.length), label.length);
  const width = Math.ceil(longest * CHARACTER) + PADDING;
  return id === 'name' ? Math.min(MOST.name, width + SIGN) : Math.min(MOST.other, width);
};

/** The columns with the facts from the file's header, as wide as their texts in `rows`. */
export const describedColumns = (rows: readonly LayerRow[]): LayerColumn[] =>
  DESCRIBED.map((column) => ({ ...column, width: fittingWidth(column, rows), measured: false }));
