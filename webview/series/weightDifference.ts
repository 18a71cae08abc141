import * as l10n from '@vscode/l10n';
import { type Comparison, matchLayers } from './comparison.ts';
import {
  isRelative,
  quantityWords,
  relativeToLayer,
  type WeightCell,
  type WeightChoice,
  type WeightMatrix,
  type WeightQuantity,
  type WeightSource,
  weightMatrix,
  weightQuantities,
  weightSources,
} from './featureWeights.ts';
import { formatNumber } from './format.ts';
import type { Cell, Table } from './table.ts';

interface DifferenceCell {
  readonly a: WeightCell;
  readonly b: WeightCell;
  /** b - a. */
  readonly difference: number;
}

/** Layers x features that both have; a null cell was not measured at that layer of one of them. */
export interface WeightDifference {
  readonly quantity: WeightQuantity;
  readonly layers: readonly string[];
  readonly features: readonly string[];
  readonly cells: readonly (readonly (DifferenceCell | null)[])[];
  /** Largest |b - a|. */
  readonly largest: number;
}

/** The sources of feature weights that both have. */
export const sharedSources = ({ a, b }: Comparison): WeightSource[] => {
  const others = weightSources(b);
  return weightSources(a).filter((source) => others.includes(source));
};

/** The quantities that both have for the features of a source. */
export const sharedQuantities = ({ a, b }: Comparison, source: WeightSource): WeightQuantity[] => {
  const others = weightQuantities(b, source);
  const shared = weightQuantities(a, source).filter((quantity) => others.includes(quantity));
  return shared.length > 0 ? shared : ['gain'];
};

const cellsByName = ({ layers, features, cells }: WeightMatrix) => {
  const rows = new Map(layers.map((layer, index) => [layer, index]));
  const columns = new Map(features.map((feature, index) => [feature, index]));
  return (layer: string, feature: string): WeightCell | null =>
    cells[rows.get(layer) ?? -1]?.[columns.get(feature) ?? -1] ?? null;
};

/** b - a of the feature weights, layers and features matched by name. */
export const weightDifference = (comparison: Comparison, choice: WeightChoice): WeightDifference => {
  const { source, quantity } = choice;
  const scaled = isRelative(choice) ? relativeToLayer : (matrix: WeightMatrix): WeightMatrix => matrix;
  const [a, b] = [comparison.a, comparison.b].map((analysis) =>
    scaled(weightMatrix(analysis, source, quantity)),
  );
  const layers = matchLayers(comparison).pairs.map((pair) => pair.a.name);
  const features = a.features.filter((feature) => b.features.includes(feature));
  const [ofA, ofB] = [cellsByName(a), cellsByName(b)];
  const cells = layers.map((layer) =>
    features.map((feature): DifferenceCell | null => {
      const [one, other] = [ofA(layer, feature), ofB(layer, feature)];
      return one && other ? { a: one, b: other, difference: other.weight - one.weight } : null;
    }),
  );
  const largest = cells.flat().reduce((most, cell) => Math.max(most, Math.abs(cell?.difference ?? 0)), 0);
  return { quantity, layers, features, cells, largest };
};

/** With its sign: `+0.25`, `−0.25`, `0`. */
export const formatDifference = (value: number, digits?: number): string =>
  `${value > 0 ? '+' : ''}${formatNumber(value, digits)}`;

const weightWords = ({ weight, absent }: WeightCell, quantity: WeightQuantity): string => {
  if (quantity !== 'gain') {
    const words = quantityWords(quantity, formatNumber(weight));
    return absent ? l10n.t('{0} (not told from 0)', words) : words;
  }
  return absent ? l10n.t('{0} (absent)', formatNumber(weight)) : formatNumber(weight);
};

/** One cell in words. */
export const describeDifference = (
  { quantity, layers, features, cells }: WeightDifference,
  row: number,
  column: number,
  [nameA, nameB]: readonly [string, string],
): string => {
  const place = l10n.t('{0} at {1}', features[column], layers[row]);
  const cell = cells[row][column];
  if (!cell) return l10n.t('{0}: not measured in both', place);
  return l10n.t(
    '{0}: {1} {2}, {3} {4}; difference {5}',
    place,
    nameA,
    weightWords(cell.a, quantity),
    nameB,
    weightWords(cell.b, quantity),
    formatDifference(cell.difference),
  );
};

/** The largest change at a layer, or anywhere for a row of -1; null if nothing was measured there. */
export const largestDifference = (
  { cells }: WeightDifference,
  row = -1,
): { readonly row: number; readonly column: number } | null => {
  const rows = row < 0 ? cells.map((_, index) => index) : [row];
  const places = rows.flatMap((y) =>
    cells[y].flatMap((cell, x) => (cell ? [{ row: y, column: x, size: Math.abs(cell.difference) }] : [])),
  );
  if (places.length === 0) return null;
  return places.reduce((most, place) => (place.size > most.size ? place : most));
};

/** One row per layer and feature. */
export const weightDifferenceTable = (
  { layers, features, cells }: WeightDifference,
  [nameA, nameB]: readonly [string, string],
): Table => ({
  columns: ['layer', 'feature', nameA, nameB, 'B − A'],
  rows: layers.flatMap((layer, y) =>
    features.flatMap((feature, x): Cell[][] => {
      const cell = cells[y][x];
      return cell ? [[layer, feature, cell.a.weight, cell.b.weight, cell.difference]] : [];
    }),
  ),
});
