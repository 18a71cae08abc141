import * as l10n from '@vscode/l10n';
import type { Analysis, LayerAnalysis } from '../../src/protocol/messages.ts';
import { flattens, type MeasureAxis } from './measures.ts';
import {
  type Quantity,
  type QuantityRow,
  type QuantityValue,
  quantityAxis,
  sharedQuantities,
} from './quantities.ts';
import { type SpectrumKind, spectrumOf } from './spectra.ts';
import type { Cell, Table } from './table.ts';

/** Two analyses, of two runs or of two epochs of one, and their names. */
export interface Comparison {
  readonly a: Analysis;
  readonly b: Analysis;
  readonly nameA: string;
  readonly nameB: string;
}

export interface LayerPair {
  readonly a: LayerAnalysis;
  readonly b: LayerAnalysis;
}

export interface MatchedLayers {
  /** Layers of the same name, ordered as in `a`. */
  readonly pairs: readonly LayerPair[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

export const matchLayers = ({ a, b }: Comparison): MatchedLayers => {
  const others = new Map(b.layers.map((layer) => [layer.name, layer]));
  const names = new Set(a.layers.map(({ name }) => name));
  return {
    pairs: a.layers.flatMap((layer) => {
      const other = others.get(layer.name);
      return other ? [{ a: layer, b: other }] : [];
    }),
    onlyA: a.layers.map(({ name }) => name).filter((name) => !others.has(name)),
    onlyB: b.layers.map(({ name }) => name).filter((name) => !names.has(name)),
  };
};

/** A quantity at every layer that both have. */
export interface ComparedQuantity extends Omit<Quantity, 'rows'> {
  readonly rows: readonly (Omit<QuantityRow, 'values'> & {
    readonly a: QuantityValue;
    readonly b: QuantityValue;
  })[];
}

/** The probe accuracy of every task that both have, then effective rank, then the other measures. */
export const comparedQuantities = ({ a, b }: Comparison): ComparedQuantity[] =>
  sharedQuantities([a, b]).map(({ rows, ...quantity }) => ({
    ...quantity,
    rows: rows.map(({ values: [ofA, ofB], ...row }) => ({ ...row, a: ofA, b: ofB })),
  }));

/** b - a, or null if one is missing. */
export const differenceOf = ({ a, b }: ComparedQuantity['rows'][number]): number | null =>
  a.value === null || b.value === null ? null : b.value - a.value;

/** The axis of both values. */
export const comparedAxis = ({ unit, rows }: ComparedQuantity): MeasureAxis =>
  quantityAxis(
    unit,
    rows.flatMap(({ isInput, a, b }) => [a, b].map(({ value }) => ({ value, isInput }))),
  );

/** The axis of the differences, with zero in its middle. */
export const differenceAxis = ({ rows }: ComparedQuantity): MeasureAxis => {
  const largest = (ofInput: boolean): number =>
    rows.reduce(
      (most, row) => (row.isInput === ofInput ? Math.max(most, Math.abs(differenceOf(row) ?? 0)) : most),
      0,
    );
  const [input, others] = [largest(true), largest(false)];
  if (!flattens(input, others)) {
    const most = Math.max(input, others) || 1;
    return { domain: [-most, most], inputBeyond: null };
  }
  const rises = rows.some((row) => row.isInput && (differenceOf(row) ?? 0) > 0);
  return { domain: [-others, others], inputBeyond: rises ? 'above' : 'below' };
};

/** One row per layer and quantity; layers that only one has follow, without values. */
export const comparisonTable = (comparison: Comparison): Table => {
  const { nameA, nameB } = comparison;
  const { onlyA, onlyB } = matchLayers(comparison);
  const unmatched = (layers: readonly string[], name: string): Cell[][] =>
    layers.map((layer) => [layer, `only in ${name}`, null, null, null]);
  return {
    columns: ['layer', 'quantity', nameA, nameB, 'B − A'],
    rows: [
      ...comparedQuantities(comparison).flatMap(({ label, rows }) =>
        rows.map((row): Cell[] => [row.layer, label, row.a.value, row.b.value, differenceOf(row)]),
      ),
      ...unmatched(onlyA, nameA),
      ...unmatched(onlyB, nameB),
    ],
  };
};

/** One row per layer that both have and k. */
export const spectrumComparisonTable = (comparison: Comparison, kind: SpectrumKind): Table => ({
  columns: ['layer', 'k', comparison.nameA, comparison.nameB],
  rows: matchLayers(comparison).pairs.flatMap(({ a, b }) => {
    const [ofA, ofB] = [spectrumOf(a, kind), spectrumOf(b, kind)];
    return Array.from({ length: Math.max(ofA.length, ofB.length) }, (_, index): Cell[] => [
      a.name,
      index + 1,
      ofA[index] ?? null,
      ofB[index] ?? null,
    ]);
  }),
});

/** Names in a sentence, the first dozen of many. */
export const listNames = (names: readonly string[], limit = 12): string =>
  names.length <= limit
    ? names.join(', ')
    : l10n.t('{0} and {1} more', names.slice(0, limit).join(', '), names.length - limit);

/** The layers that have no counterpart, in words; empty when all have one. */
export const describeUnmatched = (comparison: Comparison): string => {
  const { onlyA, onlyB } = matchLayers(comparison);
  const only = (names: readonly string[], name: string): string =>
    names.length === 0 ? '' : l10n.t('Only in {0}: {1}.', name, listNames(names));
  return [only(onlyA, comparison.nameA), only(onlyB, comparison.nameB)]
    .filter((part) => part !== '')
    .join(' ');
};
