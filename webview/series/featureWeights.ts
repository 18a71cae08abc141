import * as l10n from '@vscode/l10n';
import type { Analysis, FeatureWeight } from '../../src/protocol/messages.ts';
import { formatNumber } from './format.ts';
import type { Cell, Table } from './table.ts';

export type WeightSource = FeatureWeight['source'];

export const SOURCE_LABELS: Readonly<Record<WeightSource, string>> = {
  factor: l10n.t('factors of the data'),
  coordinate: l10n.t('synthetic coordinates'),
  direction: l10n.t('principal input directions'),
};

/** How the strength of a feature at a layer is measured. */
export type WeightQuantity = 'information' | 'etaSquared' | 'gain';

export const QUANTITY_LABELS: Readonly<Record<WeightQuantity, string>> = {
  information: l10n.t('usable information'),
  etaSquared: l10n.t('share of variance (η²)'),
  gain: l10n.t('gain'),
};

/** With its unit, for a scale. */
export const QUANTITY_UNITS: Readonly<Record<WeightQuantity, string>> = {
  information: l10n.t('usable information in bits'),
  etaSquared: l10n.t('share of variance, η²'),
  gain: l10n.t('gain per unit'),
};

export interface WeightCell {
  readonly weight: number;
  /** 95 % interval of the weight; null where it is not known. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of a gain: that the feature is absent. Of the other quantities: that the interval reaches 0. */
  readonly absent: boolean;
  /** What theory predicts for this cell, if the model has a closed form. */
  readonly theory: number | null;
}

/** Layers x features; a null cell was not measured at that layer. */
export interface WeightMatrix {
  readonly source: WeightSource;
  readonly quantity: WeightQuantity;
  readonly layers: readonly string[];
  readonly features: readonly string[];
  readonly cells: readonly (readonly (WeightCell | null)[])[];
}

const sourcesOf = ({
  featureWeights,
}: Pick<Analysis['layers'][number], 'featureWeights'>): Set<WeightSource> =>
  new Set(featureWeights.map(({ source }) => source));

/** The sources of weights in a document, in its order. */
export const weightSources = (analysis: Analysis): WeightSource[] => [
  ...new Set(analysis.layers.flatMap((layer) => [...sourcesOf(layer)])),
];

/**
 * The quantities that a document has for the features of one source, the best evidence first. Gains of factors cannot be
 * compared across layers, so they are left out where there is another quantity; those of coordinates have a theory.
 */
export const weightQuantities = (analysis: Analysis, source: WeightSource): WeightQuantity[] => {
  const has = (quantity: 'information' | 'etaSquared'): boolean =>
    analysis.layers.some(({ featureWeights }) =>
      featureWeights.some((weight) => weight.source === source && weight[quantity] !== undefined),
    );
  const quantities = (['information', 'etaSquared'] as const).filter(has);
  if (source !== 'factor') return ['gain', ...quantities];
  return quantities.length > 0 ? quantities : ['gain'];
};

/** What is drawn of feature weights. */
export interface WeightChoice {
  readonly source: WeightSource;
  readonly quantity: WeightQuantity;
  /** Gains as shares of the layer's largest: each layer has a scale of its own. The other quantities have one for all. */
  readonly relative: boolean;
}

export const isRelative = ({ quantity, relative }: WeightChoice): boolean => relative && quantity === 'gain';

/** The choice, or another one where these sources or their quantities lack it. */
export const fittingChoice = <Choice extends WeightChoice>(
  choice: Choice,
  sources: readonly WeightSource[],
  quantitiesOf: (source: WeightSource) => readonly WeightQuantity[],
): Choice => {
  const source = sources.includes(choice.source) ? choice.source : (sources[0] ?? 'factor');
  const quantities = quantitiesOf(source);
  const quantity = quantities.includes(choice.quantity) ? choice.quantity : quantities[0];
  return { ...choice, source, quantity };
};

/** Weights of one source only: gains per unit of different kinds of features must not share a scale. */
export const weightMatrix = (
  analysis: Analysis,
  source: WeightSource,
  quantity: WeightQuantity,
): WeightMatrix => {
  const theory = new Map(
    analysis.theory?.layers.map((layer) => [
      layer.layer,
      new Map(layer.weights.map((predicted) => [predicted.feature, predicted.weight])),
    ]),
  );
  const measured = analysis.layers.map(({ name, featureWeights }) => {
    const weights = new Map<string, FeatureWeight>();
    for (const weight of featureWeights) if (weight.source === source) weights.set(weight.feature, weight);
    return { name, weights };
  });
  const features = [...new Set(measured.flatMap((layer) => [...layer.weights.keys()]))];
  return {
    source,
    quantity,
    layers: measured.map((layer) => layer.name),
    features,
    cells: measured.map(({ name, weights }) => {
      const predicted = theory.get(name);
      return features.map((feature) => {
        const weight = weights.get(feature);
        return weight === undefined ? null : cellOf(weight, quantity, predicted?.get(feature) ?? null);
      });
    }),
  };
};

const cellOf = (
  weight: FeatureWeight,
  quantity: WeightQuantity,
  theory: number | null,
): WeightCell | null => {
  if (quantity === 'gain')
    return { weight: weight.weight, interval: weight.interval ?? null, absent: weight.absent, theory };
  const estimate = weight[quantity];
  if (estimate === undefined) return null;
  const { value, interval } = estimate;
  return { weight: value, interval, absent: interval[0] <= 0, theory: null };
};

export const largestWeight = (cells: readonly (WeightCell | null)[]): number =>
  cells.reduce((largest, cell) => Math.max(largest, cell?.weight ?? 0), 0);

/** The largest weight of a feature that is not absent, whose weight would be chance; 0 without one. */
const largestPresent = (cells: readonly (WeightCell | null)[]): number =>
  largestWeight(cells.filter((cell) => !cell?.absent));

/**
 * weight / the layer's largest weight, for the weight, its interval and its prediction; zero layers stay zero. The largest
 * is that of a feature that is not absent, if there is one.
 */
export const relativeToLayer = (matrix: WeightMatrix): WeightMatrix => ({
  ...matrix,
  cells: matrix.cells.map((row) => {
    const largest = largestPresent(row) || largestWeight(row);
    const relative = (value: number): number => (largest > 0 ? value / largest : 0);
    return row.map(
      (cell) =>
        cell && {
          weight: relative(cell.weight),
          interval: cell.interval && [relative(cell.interval[0]), relative(cell.interval[1])],
          absent: cell.absent,
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

/** A number of this quantity in words: `weight 0.84`, `0.84 bits`, `η² 0.31`. */
export const quantityWords = (quantity: WeightQuantity, value: string): string => {
  if (quantity === 'information') return l10n.t('{0} bits', value);
  return quantity === 'etaSquared' ? l10n.t('η² {0}', value) : l10n.t('weight {0}', value);
};

const intervalWords = ({ interval }: WeightCell): string =>
  interval === null
    ? ''
    : l10n.t(' (95 % interval {0} to {1})', formatNumber(interval[0]), formatNumber(interval[1]));

/** One cell in words. */
export const describeWeight = (matrix: WeightMatrix, row: number, column: number): string => {
  const place = l10n.t('{0} at {1}', matrix.features[column], matrix.layers[row]);
  const cell = matrix.cells[row][column];
  if (!cell) return l10n.t('{0}: not measured', place);
  const value = `${quantityWords(matrix.quantity, formatNumber(cell.weight))}${intervalWords(cell)}`;
  const weight =
    cell.theory === null
      ? `${place}: ${value}`
      : l10n.t('{0}: {1}, theory {2}', place, value, formatNumber(cell.theory));
  if (!cell.absent) return weight;
  return matrix.quantity === 'gain' ? l10n.t('{0}, absent', weight) : l10n.t('{0}, not told from 0', weight);
};

/** One layer in words: its strongest feature and the absent ones. */
export const describeLayer = (matrix: WeightMatrix, row: number): string => {
  const { quantity } = matrix;
  const [layer, cells] = [matrix.layers[row], matrix.cells[row]];
  if (cells.every((cell) => cell === null)) return l10n.t('{0}: no feature weights', layer);
  const largest = largestPresent(cells);
  const strongest = cells.findIndex((cell) => cell && !cell.absent && cell.weight === largest);
  const missing = missingWords(
    quantity,
    matrix.features.filter((_, column) => cells[column]?.absent),
  );
  if (strongest < 0) return l10n.t('{0}: {1}', layer, missing);
  return l10n.t(
    '{0}: strongest {1} ({2}); {3}',
    layer,
    matrix.features[strongest],
    quantity === 'gain' ? formatNumber(largest) : quantityWords(quantity, formatNumber(largest)),
    missing,
  );
};

const missingWords = (quantity: WeightQuantity, absent: readonly string[]): string => {
  if (quantity === 'gain')
    return absent.length === 0 ? l10n.t('none absent') : l10n.t('absent: {0}', list(absent));
  return absent.length === 0 ? l10n.t('all above 0') : l10n.t('not told from 0: {0}', list(absent));
};

/** One row per measured weight, with its interval and its prediction if there are some. */
export const weightTable = (matrix: WeightMatrix): Table => {
  const cells = matrix.cells.flat();
  const bounded = cells.some((cell) => cell?.interval != null);
  const predicted = cells.some((cell) => cell?.theory != null);
  const { quantity } = matrix;
  return {
    columns: [
      'layer',
      'feature',
      quantity === 'gain' ? 'weight' : QUANTITY_UNITS[quantity],
      ...(bounded ? ['95 % low', '95 % high'] : []),
      quantity === 'gain' ? 'absent' : 'not told from 0',
      ...(predicted ? ['theory'] : []),
    ],
    rows: matrix.layers.flatMap((layer, y) =>
      matrix.features.flatMap((feature, x): Cell[][] => {
        const cell = matrix.cells[y][x];
        if (!cell) return [];
        return [
          [
            layer,
            feature,
            cell.weight,
            ...(bounded ? (cell.interval ?? [null, null]) : []),
            cell.absent ? (quantity === 'gain' ? 'absent' : 'yes') : '',
            ...(predicted ? [cell.theory] : []),
          ],
        ];
      }),
    ),
  };
};
