import * as l10n from '@vscode/l10n';
import { deviation, mean } from 'd3';
import type { PanelRun } from '../../src/protocol/messages.ts';
import { tQuantile } from '../../src/statistics/index.ts';
import type { MeasureAxis } from './measures.ts';
import { type Quantity, quantityAxis, sharedQuantities } from './quantities.ts';
import type { Cell, Table } from './table.ts';

/** What the figure reads of a run. */
export type MeanRun = Pick<PanelRun, 'name' | 'settings' | 'analysis'>;

/** Runs of one experiment that differ only in the seed. */
export interface RunGroup {
  readonly name: string;
  /** Places of its runs in the list of all. */
  readonly members: readonly number[];
}

/**
 * Groups of the same settings, in the order of their first runs. A group is named after its experiment; if another
 * group has the same name, after its first run as well.
 */
export const groupRuns = (runs: readonly MeanRun[]): RunGroup[] => {
  const groups = new Map<string, number[]>();
  runs.forEach(({ settings }, place) => {
    const members = groups.get(settings);
    if (members) members.push(place);
    else groups.set(settings, [place]);
  });
  const experimentOf = ([first]: readonly number[]): string => runs[first].analysis.experiment;
  const lists = [...groups.values()];
  return lists.map((members) => {
    const experiment = experimentOf(members);
    const isOnly = lists.filter((other) => experimentOf(other) === experiment).length === 1;
    return {
      name: isOnly ? experiment : l10n.t('{0} as in {1}', experiment, runs[members[0]].name),
      members,
    };
  });
};

/** A quantity of a group at a layer. */
export interface LayerMean {
  /** The values of the runs that have one. */
  readonly values: readonly { readonly run: number; readonly value: number }[];
  /** Null without values. */
  readonly mean: number | null;
  /** Sample standard deviation, with n - 1; null for fewer than two values. */
  readonly deviation: number | null;
  /** 95 % interval of the mean over seeds: mean +- t(n - 1) deviation / sqrt(n), with Student's t; null for fewer than two values. */
  readonly interval: readonly [number, number] | null;
}

/** Of every layer of a quantity, in its order. */
export const layerMeans = ({ rows }: Quantity, { members }: RunGroup): LayerMean[] =>
  rows.map((row) => {
    const values = members.flatMap((run) => {
      const { value } = row.values[run];
      return value === null ? [] : [{ run, value }];
    });
    const numbers = values.map(({ value }) => value);
    const middle = mean(numbers) ?? null;
    const spread = deviation(numbers) ?? null;
    if (middle === null || spread === null) return { values, mean: middle, deviation: null, interval: null };
    const reach = (tQuantile(0.95, numbers.length - 1) * spread) / Math.sqrt(numbers.length);
    return { values, mean: middle, deviation: spread, interval: [middle - reach, middle + reach] };
  });

/** The axis that shows all runs, means and intervals. */
export const meansAxis = ({ unit, rows }: Quantity, means: readonly (readonly LayerMean[])[]): MeasureAxis =>
  quantityAxis(
    unit,
    rows.flatMap(({ isInput }, place) =>
      means.flatMap((ofGroup) => {
        const { values, interval } = ofGroup[place];
        const all = [...values.map(({ value }) => value), ...(interval ?? [])];
        return all.map((value) => ({ value, isInput }));
      }),
    ),
  );

/** One row per layer, quantity and group, then one per run. */
export const runMeansTable = (runs: readonly MeanRun[]): Table => {
  const groups = groupRuns(runs);
  return {
    columns: ['layer', 'quantity', 'experiment', 'run', 'seed', 'runs', 'value', 'low', 'high', 'deviation'],
    rows: sharedQuantities(runs.map(({ analysis }) => analysis)).flatMap((quantity) => {
      const means = groups.map((group) => layerMeans(quantity, group));
      return quantity.rows.flatMap(({ layer }, place) =>
        groups.flatMap(({ name }, index): Cell[][] => {
          const { values, interval, ...found } = means[index][place];
          const start = [layer, quantity.label, name];
          const [low, high] = interval ?? [null, null];
          return [
            [...start, 'mean', null, values.length, found.mean, low, high, found.deviation],
            ...values.map(({ run, value }): Cell[] => [
              ...start,
              runs[run].name,
              runs[run].analysis.seed,
              1,
              value,
              null,
              null,
              null,
            ]),
          ];
        }),
      );
    }),
  };
};
