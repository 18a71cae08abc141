import * as l10n from '@vscode/l10n';
import {
  type Finding,
  healthOfAll,
  layerFacts,
  type Severity,
  type TensorHealth,
  type TensorValues,
  valuesFacts,
} from '../../../src/protocol/messages.ts';
import { formatCount } from '../../series/format.ts';
import type { LayerRow, MeasuredOf } from './rows.ts';

/** The findings about the tensors of one checkpoint that were examined so far. */
export interface SideHealth {
  readonly byName: ReadonlyMap<string, TensorHealth>;
  readonly tensors: number;
  readonly errors: number;
  readonly warnings: number;
}

export const sideHealth = (
  rows: readonly LayerRow[],
  place: number,
  measuredOf: MeasuredOf,
  values: readonly TensorValues[],
): SideHealth => {
  const facts = rows.flatMap(({ name, sides }) => {
    const layer = sides[place];
    const spectrum = measuredOf(place, name)?.spectrum;
    return layer && spectrum ? [layerFacts(layer, spectrum)] : [];
  });
  const all = [...facts, ...values.map(valuesFacts)];
  const health = healthOfAll(all);
  const having = (severity: TensorHealth['severity']): number =>
    health.filter((each) => each.severity === severity).length;
  return {
    byName: new Map(health.map((each) => [each.name, each])),
    tensors: all.length,
    errors: having('error'),
    warnings: having('warning'),
  };
};

/** A finding in a few words, with its own counts. */
const findingWords = ({ kind, count, of, about = '' }: Finding): string => {
  const [some, all] = [formatCount(count), formatCount(of)];
  switch (kind) {
    case 'unread':
      return l10n.t('cannot be read: {0}', about);
    case 'nan':
      return l10n.t('{0} of {1} values are NaN', some, all);
    case 'infinite':
      return l10n.t('{0} of {1} values are infinite', some, all);
    case 'dead':
      return l10n.t('all {0} values are zero', some);
    case 'constant':
      return l10n.t('all {0} values are equal', some);
    case 'rankOne':
      return l10n.t('the rank is 1');
    case 'duplicate':
      return l10n.t('has the same values as {0}', about);
    case 'zeroRows':
      return l10n.t('{0} of {1} rows are all zero', some, all);
    case 'zeroColumns':
      return l10n.t('{0} of {1} columns are all zero', some, all);
    case 'zeros':
      return l10n.t('{0} of {1} values are zero', some, all);
  }
};

const spoken = (finding: Finding): string =>
  finding.severity === 'error' ? l10n.t('Error: {0}', findingWords(finding)) : findingWords(finding);

/** What needs attention in a layer, in a few words, and how much. */
export interface LayerWarning {
  readonly severity: Severity;
  readonly text: string;
}

export const healthWarnings = (health: TensorHealth | undefined): LayerWarning[] =>
  (health?.findings ?? []).map((each) => ({ severity: each.severity, text: findingWords(each) }));

/** All findings about a tensor in one cell of a list, including notes. */
export const healthCell = (health: TensorHealth | undefined): string =>
  (health?.findings ?? []).map(spoken).join(', ');

/** How many tensors have problems, in a sentence; empty before any was examined. */
export const healthSummary = (sides: readonly SideHealth[]): string => {
  const sum = (count: (side: SideHealth) => number): number =>
    sides.reduce((total, side) => total + count(side), 0);
  const [tensors, errors, warnings] = [
    sum((side) => side.tensors),
    sum((side) => side.errors),
    sum((side) => side.warnings),
  ];
  if (tensors === 0) return '';
  if (errors + warnings === 0) return l10n.t('No problems in {0} tensors.', formatCount(tensors));
  return l10n.t(
    'Tensors with problems: {0} of {1} ({2} with errors, {3} with warnings).',
    formatCount(errors + warnings),
    formatCount(tensors),
    formatCount(errors),
    formatCount(warnings),
  );
};
