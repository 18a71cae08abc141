import * as l10n from '@vscode/l10n';
import { formatCount, formatScaled, shorten } from '../../series/format.ts';
import { type LayerCell, textCell } from './cell.ts';
import type { LayerColumn } from './columns.ts';
import { fittingName, type SharedEnds, sharedEnds } from './fittingNames.ts';
import { type GridRow, type LayerRow, layerOf } from './rows.ts';
import { formatShape, KIND_LABELS } from './words.ts';

/** Shapes that differ between two checkpoints are both shown. */
const shapeCell = (row: LayerRow, print: (layer: ReturnType<typeof layerOf>) => string): LayerCell => {
  const shapes = new Set(row.sides.flatMap((layer) => (layer ? [print(layer)] : [])));
  return textCell([...shapes].join(' | '), layerOf(row).parameters);
};

type Described = Omit<LayerColumn, 'measured' | 'width' | 'section' | 'usual' | 'shown'>;

const NAME: Described = {
  id: 'name',
  label: l10n.t('layer'),
  name: l10n.t('layer'),
  meaning: l10n.t('Name of the weight matrix in the file.'),
  align: 'start',
  fold: 'same',
  cell: (row) => textCell(row.name),
};

/** What is known before any spectrum. */
const DESCRIBED: readonly Described[] = [
  {
    id: 'kind',
    label: l10n.t('kind'),
    name: l10n.t('kind'),
    meaning: l10n.t('What the matrix does, judged by its name and shape.'),
    align: 'start',
    fold: 'same',
    cell: (row) => textCell(KIND_LABELS[layerOf(row).kind]),
  },
  {
    id: 'shape',
    label: l10n.t('shape'),
    name: l10n.t('shape'),
    meaning: l10n.t('Shape of the tensor.'),
    align: 'start',
    fold: 'same',
    cell: (row) => shapeCell(row, ({ shape }) => formatShape(shape)),
  },
  {
    id: 'parameters',
    label: l10n.t('params'),
    name: l10n.t('parameters'),
    meaning: l10n.t('Number of parameters.'),
    align: 'end',
    fold: 'sum',
    cell: (row) => {
      const { parameters } = layerOf(row);
      return { ...textCell(formatScaled(parameters), parameters), detail: formatCount(parameters) };
    },
  },
  {
    id: 'matrix',
    label: l10n.t('matrix'),
    name: l10n.t('matrix'),
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
    name: l10n.t('number type'),
    meaning: l10n.t('Number type in which the file stores the weights.'),
    align: 'start',
    fold: 'same',
    cell: (row) => {
      const types = new Set(row.sides.flatMap((layer) => (layer ? [layer.dtype] : [])));
      return textCell([...types].join(' | '));
    },
  },
];

/** Px of a character in a wide font, less in names, which are mostly small letters; and of what is beside the text. */
const [CHARACTER, OF_NAME, PADDING] = [8, 7.6, 18];
/** Px of the sign of a warning before a name, or of the arrow of a block. */
const SIGN = 18;
/** The measures should be in sight without scrolling, and the name stays visible beside them. */
const MOST = { name: 216, other: 124 };
/** Characters of a name that fit into its column, and of one inside an open block, which is indented. */
const ROOM = Math.floor((MOST.name - PADDING - SIGN) / OF_NAME);
const ROOM_INSIDE = ROOM - 2;

const widthOf = (texts: readonly string[], character: number): number =>
  Math.ceil(texts.reduce((most, text) => Math.max(most, [...text].length), 0) * character) + PADDING;

/** Inside an open block, the path of all its blocks is left out. */
const layerName = (row: LayerRow, inside: boolean, shared: SharedEnds): string => {
  const { repeated } = layerOf(row);
  const ends = repeated === null ? shared : { ...shared, prefix: repeated.slice(0, repeated.indexOf('*')) };
  if (!inside) return fittingName(row.name, ends, ROOM);
  const rest = row.name.slice(ends.prefix.length);
  const short = ends.prefix !== '' && row.name.startsWith(ends.prefix) ? `…${rest}` : row.name;
  return fittingName(short, { ...shared, prefix: '' }, ROOM_INSIDE);
};

/** The number of layers of a folded block is left out where it does not fit. */
const blockName = ({ pattern, blocks, rows }: Extract<GridRow, { kind: 'group' }>): string => {
  const counted = ` ×${formatCount(blocks)}`;
  const whole = l10n.t('{0} ({1} layers)', pattern + counted, formatCount(rows.length));
  return [...whole].length <= ROOM ? whole : shorten(pattern, ROOM - counted.length) + counted;
};

/** The columns with the facts from the file's header, as wide as their texts in `rows`; the name is the first. */
export const describedColumns = (
  rows: readonly LayerRow[],
): [name: LayerColumn, ...others: LayerColumn[]] => {
  const shared = sharedEnds(rows.map(({ name }) => name));
  const shown = (row: GridRow): string =>
    row.kind === 'group' ? blockName(row) : layerName(row.row, row.inside, shared);
  const names = rows.map((row) => layerName(row, false, shared));
  const name: LayerColumn = {
    ...NAME,
    width: Math.min(MOST.name, widthOf([NAME.label, ...names], OF_NAME) + SIGN),
    measured: false,
    section: null,
    usual: true,
    shown,
  };
  const others = DESCRIBED.map((column): LayerColumn => {
    const texts = rows.map((row) => column.cell(row).text);
    const width = Math.min(MOST.other, widthOf([column.label, ...texts], CHARACTER));
    return { ...column, width, measured: false, section: l10n.t('Layer'), usual: true };
  });
  return [name, ...others];
};
