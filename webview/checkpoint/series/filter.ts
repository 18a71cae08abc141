import * as l10n from '@vscode/l10n';
import type { LayerKind } from '../../../src/protocol/messages.ts';
import { type LayerRow, layerOf } from './rows.ts';
import { KIND_LABELS } from './words.ts';

/** What a layer must have to be shown. */
export interface LayerFilter {
  /** A part of the name, in any case; empty for all. */
  readonly text: string;
  /** Null for all. */
  readonly kind: LayerKind | null;
  /** Whether it must have an error or a warning. */
  readonly warned: boolean;
}

export const NO_FILTER: LayerFilter = { text: '', kind: null, warned: false };

/** Whether a layer has an error or a warning. */
type IsWarned = (row: LayerRow) => boolean;

const hasText = ({ name }: LayerRow, text: string): boolean =>
  name.toLowerCase().includes(text.trim().toLowerCase());
const hasKind = (row: LayerRow, kind: LayerKind | null): boolean =>
  kind === null || layerOf(row).kind === kind;

export const filterRows = (
  rows: readonly LayerRow[],
  { text, kind, warned }: LayerFilter,
  isWarned: IsWarned,
): readonly LayerRow[] =>
  rows.filter((row) => hasText(row, text) && hasKind(row, kind) && (!warned || isWarned(row)));

/** The filter without what hides a layer. */
export const showing = (
  { text, kind, warned }: LayerFilter,
  row: LayerRow,
  isWarned: IsWarned,
): LayerFilter => ({
  text: hasText(row, text) ? text : '',
  kind: hasKind(row, kind) ? kind : null,
  warned: warned && isWarned(row),
});

/** The kinds of these layers, in the order of `KIND_LABELS`. */
export const kindsOf = (rows: readonly LayerRow[]): LayerKind[] => {
  const present = new Set(rows.map((row) => layerOf(row).kind));
  return (Object.keys(KIND_LABELS) as LayerKind[]).filter((kind) => present.has(kind));
};

/** Which filters leave no layer, in a sentence. */
export const noMatchWords = ({ text, kind, warned }: LayerFilter): string => {
  const parts = [
    ...(text.trim() === '' ? [] : [l10n.t("name contains '{0}'", text.trim())]),
    ...(kind === null ? [] : [l10n.t('kind is {0}', KIND_LABELS[kind])]),
    ...(warned ? [l10n.t('has a warning')] : []),
  ];
  return l10n.t('No layer matches the filter: {0}.', parts.join(', '));
};
