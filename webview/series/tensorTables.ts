import * as l10n from '@vscode/l10n';
import type { CheckpointSummary, TensorValues } from '../../src/protocol/index.ts';
import type { Table } from './table.ts';
import { healthCell, type SideHealth } from './weightHealth.ts';
import { formatShape } from './weightWords.ts';

/** The counts and findings of a checkpoint's tensors. */
export interface CountedTensors {
  readonly values: readonly TensorValues[];
  readonly byName: SideHealth['byName'];
}

const NOTHING_COUNTED: CountedTensors = { values: [], byName: new Map() };

export const vectorTable = (
  { vectors }: Pick<CheckpointSummary, 'vectors'>,
  { values, byName }: CountedTensors = NOTHING_COUNTED,
): Table => {
  const statistics = new Map(values.map((each) => [each.name, each.statistics]));
  return {
    columns: [
      l10n.t('name'),
      l10n.t('shape'),
      l10n.t('type'),
      l10n.t('parameters'),
      l10n.t('NaN'),
      l10n.t('infinite'),
      l10n.t('zeros'),
      l10n.t('finding'),
    ],
    rows: vectors.map(({ name, shape, dtype, parameters }) => {
      const counts = statistics.get(name);
      const counted = [counts?.nan ?? null, counts?.infinite ?? null, counts?.zero ?? null];
      return [name, formatShape(shape), dtype, parameters, ...counted, healthCell(byName.get(name))];
    }),
  };
};

export const skippedTable = (
  { skipped }: Pick<CheckpointSummary, 'skipped'>,
  { byName }: CountedTensors = NOTHING_COUNTED,
): Table => ({
  columns: [l10n.t('name'), l10n.t('shape'), l10n.t('type'), l10n.t('reason'), l10n.t('finding')],
  rows: skipped.map(({ name, shape, dtype, reason }) => [
    name,
    formatShape(shape),
    dtype,
    reason,
    healthCell(byName.get(name)),
  ]),
});
