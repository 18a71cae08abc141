import * as l10n from '@vscode/l10n';
import type { Analysis, LayerAnalysis, ProbeMethod } from '../../src/protocol/index.ts';
import { accuracySeries, evaluationSets, probeMethods, probeTasks } from './accuracy.ts';
import { flattens, type MeasureAxis, measureAxis, measureSeries } from './measures.ts';
import { type SpectrumKind, spectrumOf } from './spectra.ts';
import type { Cell, Table } from './table.ts';
import { type CurvePoint, valueRange } from './training.ts';

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

export interface ComparedValue {
  readonly value: number | null;
  /** 95 % interval of an accuracy. */
  readonly interval: readonly [number, number] | null;
}

/** A quantity at every layer that both have. */
export interface ComparedQuantity {
  readonly key: string;
  readonly label: string;
  readonly unit: 'number' | 'accuracy';
  readonly rows: readonly {
    readonly layer: string;
    /** Whether the layer is the input of the model. */
    readonly isInput: boolean;
    readonly a: ComparedValue;
    readonly b: ComparedValue;
  }[];
}

const NOTHING: ComparedValue = { value: null, interval: null };

const probeValues = (analysis: Analysis, task: string, method: ProbeMethod): Map<string, ComparedValue> => {
  const series = accuracySeries(analysis, method, 'test').find((one) => one.task === task);
  return new Map(
    series?.points.map(({ layer, evaluation }) => [
      layer,
      { value: evaluation?.accuracy ?? null, interval: evaluation?.interval ?? null },
    ]),
  );
};

const measureValues = (analysis: Analysis, key: string): Map<string, ComparedValue> => {
  const series = measureSeries(analysis).find((one) => one.key === key);
  return new Map(
    series?.points.map(({ layer, measure }) => [layer, { value: measure?.value ?? null, interval: null }]),
  );
};

/** The probe accuracy of every task that both have, then effective rank, then the other measures. */
export const comparedQuantities = (comparison: Comparison): ComparedQuantity[] => {
  const { a, b } = comparison;
  const { pairs } = matchLayers(comparison);
  const rows = (ofA: Map<string, ComparedValue>, ofB: Map<string, ComparedValue>) =>
    pairs.map(({ a: { name: layer, part } }) => ({
      layer,
      isInput: part === 'input',
      a: ofA.get(layer) ?? NOTHING,
      b: ofB.get(layer) ?? NOTHING,
    }));
  const method = probeMethods(a).find((one) => probeMethods(b).includes(one));
  const probed = [a, b].every((analysis) => evaluationSets(analysis).includes('test'));
  const tasks = method && probed ? probeTasks(a).filter((task) => probeTasks(b).includes(task)) : [];
  const accuracies = tasks.map(
    (task): ComparedQuantity => ({
      key: `probe ${task}`,
      label: l10n.t('probe accuracy: {0}', task),
      unit: 'accuracy',
      rows: rows(probeValues(a, task, method as ProbeMethod), probeValues(b, task, method as ProbeMethod)),
    }),
  );
  const shared = new Set(measureSeries(b).map(({ key }) => key));
  const measures = measureSeries(a)
    .filter(({ key }) => shared.has(key))
    .map(
      ({ key, label }): ComparedQuantity => ({
        key,
        label,
        unit: 'number',
        rows: rows(measureValues(a, key), measureValues(b, key)),
      }),
    );
  const isRank = ({ key }: ComparedQuantity): boolean => key === 'effectiveRank';
  const all = [...accuracies, ...measures.filter(isRank), ...measures.filter((one) => !isRank(one))];
  return all.filter((one) => one.rows.some((row) => row.a.value !== null && row.b.value !== null));
};

/** b - a, or null if one is missing. */
export const differenceOf = ({ a, b }: ComparedQuantity['rows'][number]): number | null =>
  a.value === null || b.value === null ? null : b.value - a.value;

/** The axis of both values. Accuracies are compared with each other, other quantities with zero. */
export const comparedAxis = ({ unit, rows }: ComparedQuantity): MeasureAxis => {
  const values = rows.flatMap(({ isInput, a, b }) => [a, b].map(({ value }) => ({ value, isInput })));
  const inputBeyond = unit === 'accuracy' ? null : measureAxis(values).inputBeyond;
  const points = values.flatMap(({ value, isInput }): CurvePoint[] =>
    value === null || (isInput && inputBeyond !== null) ? [] : [[0, value]],
  );
  const fromZero = unit === 'number' && points.every(([, value]) => value >= 0);
  return { domain: valueRange(points, fromZero), inputBeyond };
};

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
