import * as l10n from '@vscode/l10n';
import type { LayerSpectrum, WeightMeasure } from '../../../src/protocol/messages.ts';
import { formatCount } from '../../series/format.ts';
import { failedCell, type LayerCell, measureCell, NO_CELL, spectrumCell, textCell } from './cell.ts';
import type { ColumnSource, LayerColumn } from './columns.ts';
import { explainMeasure } from './measuredColumns.ts';
import type { LayerRow, MeasuredOf } from './rows.ts';
import { formatMeasure, WEIGHT_MEASURES } from './words.ts';

export interface SpectrumDistance {
  /** ||sigma_A - sigma_B|| / ||sigma_A|| over the leading `length` values; null if those of A are all zero. */
  readonly value: number | null;
  readonly length: number;
  /** Number of values of each. */
  readonly lengths: readonly [a: number, b: number];
}

/** The distance of two descending spectra, relative to the first, over their common length. */
export const spectrumDistance = (
  a: Pick<LayerSpectrum, 'singularValues'>,
  b: Pick<LayerSpectrum, 'singularValues'>,
): SpectrumDistance => {
  const [ofA, ofB] = [a.singularValues, b.singularValues];
  const length = Math.min(ofA.length, ofB.length);
  let [apart, size] = [0, 0];
  for (let k = 0; k < length; k++) {
    apart += (ofA[k] - ofB[k]) ** 2;
    size += ofA[k] ** 2;
  }
  return {
    value: size > 0 ? Math.sqrt(apart / size) : null,
    length,
    lengths: [ofA.length, ofB.length],
  };
};

/** What is usually compared; the other measures are for those who choose them. */
const USUAL: readonly WeightMeasure[] = ['alpha', 'stableRank', 'effectiveRank', 'spectralNorm'];
const ALL = new Set([...USUAL, ...(Object.keys(WEIGHT_MEASURES) as WeightMeasure[])]);
const COMPARED = [...ALL].map((key) => {
  const { label, column } = WEIGHT_MEASURES[key];
  return { key, label: column.label, name: label, usual: USUAL.includes(key) };
});

/** Width for the range of a folded block, such as `−0.00702 – 0.00424`, px. */
const RANGE = 150;

/** A cell made from both spectra; what is shown while one of them is missing. */
const pairCell = (
  row: LayerRow,
  measuredOf: MeasuredOf,
  cell: (a: LayerSpectrum, b: LayerSpectrum) => LayerCell,
): LayerCell => {
  if (row.sides.some((layer) => layer === null)) return NO_CELL;
  return spectrumCell(row, 0, measuredOf, (a) => spectrumCell(row, 1, measuredOf, (b) => cell(a, b)));
};

const approximately = (a: LayerSpectrum, b: LayerSpectrum): boolean =>
  a.method === 'estimate' || b.method === 'estimate';

export const deltaCell = (a: LayerSpectrum, b: LayerSpectrum, key: WeightMeasure): LayerCell => {
  const cells = [measureCell(a, key), measureCell(b, key)];
  const failed = cells.find(({ sort }) => sort === null);
  if (failed) return failed;
  const delta = Number(cells[1].sort) - Number(cells[0].sort);
  // Infinity minus infinity, as for two singular matrices, is not a number.
  if (Number.isNaN(delta)) return failedCell(l10n.t('both are infinite'));
  const estimated = approximately(a, b);
  const sign = delta > 0 ? '+' : '';
  return {
    text: `${estimated ? '≈ ' : ''}${sign}${formatMeasure(delta, 3)}`,
    sort: delta,
    detail: l10n.t('from {0} to {1}', cells[0].detail, cells[1].detail),
    state: estimated ? 'estimate' : 'value',
  };
};

export const distanceCell = (a: LayerSpectrum, b: LayerSpectrum): LayerCell => {
  const { value, length, lengths } = spectrumDistance(a, b);
  const [ofA, ofB] = lengths.map(formatCount);
  if (value === null)
    return failedCell(length === 0 ? l10n.t('no values in common') : l10n.t('all of A is zero'));
  const estimated = approximately(a, b);
  return {
    text: `${estimated ? '≈ ' : ''}${formatMeasure(value, 3)}`,
    sort: value,
    detail: l10n.t(
      '{0} over the {1} largest singular values; A has {2}, B {3}',
      formatMeasure(value),
      formatCount(length),
      ofA,
      ofB,
    ),
    state: estimated ? 'estimate' : 'value',
  };
};

const presenceColumn = (names: readonly string[]): LayerColumn => ({
  id: 'in',
  label: l10n.t('in'),
  name: l10n.t('which checkpoint has the layer'),
  section: l10n.t('Layer'),
  usual: true,
  meaning: l10n.t('Which of the two checkpoints has the layer. A is {0}, B is {1}.', names[0], names[1]),
  width: 70,
  align: 'start',
  fold: 'same',
  measured: false,
  cell: ({ sides }) =>
    sides.every((layer) => layer !== null)
      ? textCell(l10n.t('both'))
      : textCell(sides[0] ? l10n.t('only A') : l10n.t('only B')),
});

/** How far the spectra are apart and what changed from A to B; and the measures of each. */
export const comparisonColumns = ({
  names,
  measuredOf,
  definitions,
}: ColumnSource): Record<'changes' | 'values', readonly LayerColumn[]> => {
  const measured = { align: 'end', fold: 'range', measured: true } as const;
  const changes = COMPARED.map(
    ({ key, label, name, usual }): LayerColumn => ({
      ...measured,
      id: `${key}.delta`,
      label: `Δ ${label}`,
      name,
      section: l10n.t('Change, B minus A'),
      usual,
      meaning: `${l10n.t('B minus A')}. ${explainMeasure(key, definitions)}`,
      width: RANGE,
      cell: (row) => pairCell(row, measuredOf, (a, b) => deltaCell(a, b, key)),
    }),
  );
  const values = COMPARED.flatMap(({ key, label, name, usual }): LayerColumn[] => {
    const meaning = explainMeasure(key, definitions);
    const plain = (place: 0 | 1, letter: string, section: string): LayerColumn => ({
      ...measured,
      id: `${key}.${letter}`,
      label: `${label} ${letter}`,
      name,
      section,
      usual,
      meaning: `${names[place]}: ${meaning}`,
      width: key === 'alpha' ? 116 : 104,
      cell: (row) => spectrumCell(row, place, measuredOf, (spectrum) => measureCell(spectrum, key)),
    });
    return [plain(0, 'A', l10n.t('Measures of A')), plain(1, 'B', l10n.t('Measures of B'))];
  });
  const distance: LayerColumn = {
    ...measured,
    id: 'distance',
    label: l10n.t('distance'),
    name: l10n.t('distance of the spectra'),
    section: l10n.t('Change, B minus A'),
    usual: true,
    meaning: l10n.t(
      'Relative difference of the spectra: ‖σA − σB‖ / ‖σA‖ over the largest singular values that both have.',
    ),
    width: RANGE,
    cell: (row) => pairCell(row, measuredOf, distanceCell),
  };
  return { changes: [distance, ...changes, presenceColumn(names)], values };
};
