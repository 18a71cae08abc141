import * as l10n from '@vscode/l10n';
import type { Analysis, FeatureWeight } from '../../src/protocol/messages.ts';
import { formatNumber } from './format.ts';
import type { Table } from './table.ts';

export type WeightSource = FeatureWeight['source'];

export const SOURCE_LABELS: Readonly<Record<WeightSource, string>> = {
  factor: l10n.t('factors of the data'),
  coordinate: l10n.t('synthetic coordinates'),
  direction: l10n.t('principal input directions'),
};

export interface WeightCell {
  readonly weight: number;
  readonly absent: boolean;
  /** What theory predicts for this cell, if the model has a closed form. */
  readonly theory: number | null;
}

/** Layers x features; a null cell was not measured at that layer. */
export interface WeightMatrix {
  readonly source: WeightSource;
  readonly layers: readonly string[];
  readonly features: readonly string[];
  readonly cells: readonly (readonly (WeightCell | null)[])[];
}

/** The sources of weights in a document, in its order. */
export const weightSources = (analysis: Analysis): WeightSource[] => [
  ...new Set(analysis.layers.flatMap((layer) => layer.featureWeights.map(({ source }) => source))),
];

/** Weights of one source only: gains per unit of different kinds of features must not share a scale. */
export const weightMatrix = (analysis: Analysis, source: WeightSource): WeightMatrix => {
  const theory = new Map(
    analysis.theory?.layers.map((layer) => [
      layer.layer,
      new Map(layer.weights.map((predicted) => [predicted.feature, predicted.weight])),
    ]),
  );
  const measured = analysis.layers.map((layer) => ({
    name: layer.name,
    weights: new Map(
      layer.featureWeights
        .filter((weight) => weight.source === source)
        .map((weight) => [weight.feature, weight]),
    ),
  }));
  const features = [...new Set(measured.flatMap((layer) => [...layer.weights.keys()]))];
  return {
    source,
    layers: measured.map((layer) => layer.name),
    features,
    cells: measured.map((layer) =>
      features.map((feature) => {
        const cell = layer.weights.get(feature);
        if (!cell) return null;
        return {
          weight: cell.weight,
          absent: cell.absent,
          theory: theory.get(layer.name)?.get(feature) ?? null,
        };
      }),
    ),
  };
};

export const largestWeight = (cells: readonly (WeightCell | null)[]): number =>
  cells.reduce((largest, cell) => Math.max(largest, cell?.weight ?? 0), 0);

/** The largest weight of a feature that is not absent, whose weight would be chance; 0 without one. */
const largestPresent = (cells: readonly (WeightCell | null)[]): number =>
  largestWeight(cells.filter((cell) => !cell?.absent));

/**
 * weight / the layer's largest weight, for both the weight and its prediction; zero layers stay zero. The largest is that
 * of a feature that is not absent, if there is one.
 */
export const relativeToLayer = (matrix: WeightMatrix): WeightMatrix => ({
  ...matrix,
  cells: matrix.cells.map((row) => {
    const largest = largestPresent(row) || largestWeight(row);
    const relative = (value: number): number => (largest > 0 ? value / largest : 0);
    return row.map(
      (cell) =>
        cell && {
          ...cell,
          weight: relative(cell.weight),
          theory: cell.theory === null ? null : relative(cell.theory),
        },
    );
  }),
});

/** Features by descending weight at `layer`, then the absent ones, then the unmeasured ones; ties in the document's order. */
export const sortedByLayer = (matrix: WeightMatrix, layer: string): WeightMatrix => {
  const row = matrix.cells[matrix.layers.indexOf(layer)];
  if (!row) return matrix;
  const order = matrix.features.map((_, index) => index);
  /** Absent ones below all others, in the same order. */
  const place = (cell: WeightCell | null): readonly [rank: number, weight: number] =>
    cell === null ? [2, 0] : [cell.absent ? 1 : 0, -cell.weight];
  order.sort((a, b) => {
    const [[rankA, weightA], [rankB, weightB]] = [place(row[a]), place(row[b])];
    return rankA - rankB || weightA - weightB;
  });
  return {
    ...matrix,
    features: order.map((index) => matrix.features[index]),
    cells: matrix.cells.map((cells) => order.map((index) => cells[index])),
  };
};

/** Number of names in a sentence before the rest becomes a count. */
const NAMED = 6;

const list = (names: readonly string[]): string => {
  const rest = names.length - NAMED;
  const named = names.slice(0, NAMED).join(', ');
  return rest > 0 ? l10n.t('{0} and {1} more', named, rest) : named;
};

/** One cell in words. */
export const describeWeight = (matrix: WeightMatrix, row: number, column: number): string => {
  const place = l10n.t('{0} at {1}', matrix.features[column], matrix.layers[row]);
  const cell = matrix.cells[row][column];
  if (!cell) return l10n.t('{0}: not measured', place);
  const weight =
    cell.theory === null
      ? l10n.t('{0}: weight {1}', place, formatNumber(cell.weight))
      : l10n.t('{0}: weight {1}, theory {2}', place, formatNumber(cell.weight), formatNumber(cell.theory));
  return cell.absent ? l10n.t('{0}, absent', weight) : weight;
};

/** One layer in words: its strongest feature and the absent ones. */
export const describeLayer = (matrix: WeightMatrix, row: number): string => {
  const [layer, cells] = [matrix.layers[row], matrix.cells[row]];
  if (cells.every((cell) => cell === null)) return l10n.t('{0}: no feature weights', layer);
  const largest = largestPresent(cells);
  const strongest = cells.findIndex((cell) => cell && !cell.absent && cell.weight === largest);
  const absent = matrix.features.filter((_, column) => cells[column]?.absent);
  const missing = absent.length === 0 ? l10n.t('none absent') : l10n.t('absent: {0}', list(absent));
  if (strongest < 0) return l10n.t('{0}: {1}', layer, missing);
  return l10n.t(
    '{0}: strongest {1} ({2}); {3}',
    layer,
    matrix.features[strongest],
    formatNumber(largest),
    missing,
  );
};

/** One row per measured weight, with its prediction if there is one. */
export const weightTable = (matrix: WeightMatrix): Table => {
  const predicted = matrix.cells.some((row) => row.some((cell) => cell?.theory != null));
  return {
    columns: ['layer', 'feature', 'weight', 'absent', ...(predicted ? ['theory'] : [])],
    rows: matrix.layers.flatMap((layer, y) =>
      matrix.features.flatMap((feature, x) => {
        const cell = matrix.cells[y][x];
        if (!cell) return [];
        return [
          [layer, feature, cell.weight, cell.absent ? 'absent' : '', ...(predicted ? [cell.theory] : [])],
        ];
      }),
    ),
  };
};
