import * as l10n from '@vscode/l10n';
import type { Analysis, ProbeMethod } from '../../src/protocol/messages.ts';
import { type AccuracySeries, accuracySeries, evaluationSets, probeMethods, probeTasks } from './accuracy.ts';
import { type MeasureAxis, measureAxis, measureSeries } from './measures.ts';
import { type CurvePoint, valueRange } from './training.ts';

/** What one analysis has at a layer. */
export interface QuantityValue {
  readonly value: number | null;
  /** 95 % interval over the samples, where it is known. */
  readonly interval: readonly [number, number] | null;
}

export interface QuantityRow {
  readonly layer: string;
  /** Whether the layer is the input of the model. */
  readonly isInput: boolean;
  /** One for each analysis, in their order. */
  readonly values: readonly QuantityValue[];
}

/** A quantity at every layer that all analyses have, in the order of the first. */
export interface Quantity {
  readonly key: string;
  readonly label: string;
  readonly unit: 'number' | 'accuracy';
  readonly rows: readonly QuantityRow[];
}

const NOTHING: QuantityValue = { value: null, interval: null };

type ByLayer = ReadonlyMap<string, QuantityValue>;

const probeValues = (series: AccuracySeries | undefined): ByLayer =>
  new Map(
    series?.points.map(({ layer, evaluation }) => [
      layer,
      { value: evaluation?.accuracy ?? null, interval: evaluation?.interval ?? null },
    ]),
  );

const seriesOf = (analysis: Analysis, task: string, method: ProbeMethod): AccuracySeries | undefined =>
  accuracySeries(analysis, method, 'test').find((one) => one.task === task);

/** Names of the layers that all analyses have, in the order of the first. */
const sharedLayers = (analyses: readonly Analysis[]): string[] => {
  const sets = analyses.map(({ layers }) => new Set(layers.map(({ name }) => name)));
  return analyses[0].layers.map(({ name }) => name).filter((name) => sets.every((set) => set.has(name)));
};

const inAll = <T>(lists: readonly (readonly T[])[]): T[] =>
  lists[0].filter((one) => lists.every((list) => list.includes(one)));

/**
 * What all analyses have: the probe accuracy, or R², of every task, then effective rank, then the other measures; without
 * those that have no layer at which all have a value.
 */
export const sharedQuantities = (analyses: readonly Analysis[]): Quantity[] => {
  const layers = sharedLayers(analyses);
  const isInput = new Map(analyses[0].layers.map(({ name, part }) => [name, part === 'input']));
  const rowsOf = (values: readonly ByLayer[]): QuantityRow[] =>
    layers.map((layer) => ({
      layer,
      isInput: isInput.get(layer) ?? false,
      values: values.map((ofOne) => ofOne.get(layer) ?? NOTHING),
    }));
  const [method] = inAll(analyses.map(probeMethods));
  const probed = analyses.every((analysis) => evaluationSets(analysis).includes('test'));
  const tasks = method && probed ? inAll(analyses.map(probeTasks)) : [];
  const accuracies = tasks.flatMap((task): Quantity[] => {
    const series = analyses.map((analysis) => seriesOf(analysis, task, method));
    const scores = new Set(series.map((one) => one?.score));
    if (scores.size > 1) return [];
    const label = scores.has('R²') ? l10n.t('R² of a probe: {0}', task) : l10n.t('probe accuracy: {0}', task);
    return [{ key: `probe ${task}`, label, unit: 'accuracy', rows: rowsOf(series.map(probeValues)) }];
  });
  const all = analyses.map(
    (analysis) => new Map(measureSeries(analysis).map((series) => [series.key, series])),
  );
  const measures = [...all[0].values()]
    .filter(({ key }) => all.every((series) => series.has(key)))
    .map(
      ({ key, label }): Quantity => ({
        key,
        label,
        unit: 'number',
        rows: rowsOf(
          all.map(
            (series) =>
              new Map(
                series
                  .get(key)
                  ?.points.map(({ layer, measure }) => [
                    layer,
                    { value: measure?.value ?? null, interval: measure?.interval ?? null },
                  ]),
              ),
          ),
        ),
      }),
    );
  const isRank = ({ key }: Quantity): boolean => key === 'effectiveRank';
  const ordered = [...accuracies, ...measures.filter(isRank), ...measures.filter((one) => !isRank(one))];
  return ordered.filter(({ rows }) => rows.some(({ values }) => values.every(({ value }) => value !== null)));
};

/** The axis of numbers by layer. Accuracies are compared with each other, other quantities with zero. */
export const quantityAxis = (
  unit: Quantity['unit'],
  values: readonly { readonly value: number | null; readonly isInput: boolean }[],
): MeasureAxis => {
  const inputBeyond = unit === 'accuracy' ? null : measureAxis(values).inputBeyond;
  const points = values.flatMap(({ value, isInput }): CurvePoint[] =>
    value === null || (isInput && inputBeyond !== null) ? [] : [[0, value]],
  );
  const fromZero = unit === 'number' && points.every(([, value]) => value >= 0);
  return { domain: valueRange(points, fromZero), inputBeyond };
};
