import * as l10n from '@vscode/l10n';
import { cutLabel, type LayerLabel } from '../../src/protocol/messages.ts';
import { formatNumber } from './format.ts';
import type { SpectrumSeries } from './spectra.ts';

/** The values of several lines at one k. */
export interface ValuesAtK {
  readonly k: number;
  /** Largest first. */
  readonly values: readonly { readonly index: number; readonly value: number }[];
  /** How many lines there are besides. */
  readonly more: number;
}

/** Lines in a tooltip; more would cover the figure. */
const MOST = 8;

/**
 * The values at k of the lines that are drawn there, at most eight: those nearest to the pointer, from which a value is
 * `distance` px away.
 */
export const valuesAtK = (
  series: readonly SpectrumSeries[],
  k: number,
  isDrawn: (index: number, value: number) => boolean,
  distance: (value: number) => number,
): ValuesAtK => {
  const all = series.flatMap(({ values }, index) => {
    const value = values[k - 1];
    return k <= values.length && isDrawn(index, value) ? [{ index, value, away: distance(value) }] : [];
  });
  const nearest = all.sort((a, b) => a.away - b.away).slice(0, MOST);
  return {
    k,
    values: nearest.sort((a, b) => b.value - a.value).map(({ index, value }) => ({ index, value })),
    more: all.length - nearest.length,
  };
};

/** Characters of a name in a tooltip. */
const LIMIT = 40;

/** The lines of a tooltip that say so; none without values. */
export const describeValues = (
  found: ValuesAtK | null,
  labels: readonly LayerLabel[],
  quantity: string,
): string[] => {
  if (!found || found.values.length === 0) return [];
  const { k, values, more } = found;
  return [
    l10n.t('{0} at k = {1}', quantity, k),
    ...values.map(({ index, value }) => `${cutLabel(labels[index], LIMIT)}: ${formatNumber(value)}`),
    ...(more > 0 ? [l10n.t('and {0} more', more)] : []),
  ];
};
