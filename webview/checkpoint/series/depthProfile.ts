import * as l10n from '@vscode/l10n';
import type { LayerKind, LayerSpectrum, WeightMeasure } from '../../../src/protocol/messages.ts';
import { formatCount } from '../../series/format.ts';
import type { Cell, Table } from '../../series/table.ts';
import { errorWords, measureCell, spectrumCell } from './cell.ts';
import { kindsOf } from './filter.ts';
import type { LayerRow, MeasuredOf } from './rows.ts';
import { formatMeasure, KIND_LABELS, WEIGHT_MEASURES } from './words.ts';

/** One measure of the layers that are shown, by their depth: their place in the order of the file, from 1. */
export interface ProfileData {
  readonly layers: readonly { readonly depth: number; readonly row: LayerRow }[];
  /** One name, or two that are compared. */
  readonly names: readonly string[];
  readonly measuredOf: MeasuredOf;
  readonly measure: WeightMeasure;
  readonly log: boolean;
}

/** The value of a layer in one checkpoint. */
interface ProfileMark {
  /** Index in `layers`, and of the checkpoint. */
  readonly index: number;
  readonly place: number;
  readonly depth: number;
  readonly kind: LayerKind;
  /** Null without one that the axis has: the mark is at the bottom. */
  readonly value: number | null;
  /** The value is within this much, if that is known. */
  readonly error: number | null;
  /** Without a value because it is not measured yet. */
  readonly waiting: boolean;
}

export interface ProfileView {
  readonly marks: readonly ProfileMark[];
  readonly kinds: readonly LayerKind[];
  readonly domainX: readonly [number, number];
  /** Null while there is no value. */
  readonly domainY: readonly [number, number] | null;
  readonly log: boolean;
}

/** Measures that differ by factors between layers. The others are exponents, shares and distances. */
const BY_FACTORS: ReadonlySet<WeightMeasure> = new Set([
  'spectralNorm',
  'frobeniusNorm',
  'stableRank',
  'effectiveRank',
  'participationRatio',
  'condition',
  'numericalRank',
  'conditionStored',
  'numericalRankStored',
  'xmin',
  'tail',
  'bulkEdge',
  'spikes',
  'aboveShuffled',
  'shuffledSpectralNorm',
  'shuffledStableRank',
  'shuffledEffectiveRank',
]);
/** Those that span many powers of ten. */
const WIDE: ReadonlySet<WeightMeasure> = new Set(['condition', 'conditionStored', 'xmin', 'bulkEdge']);

export const hasLogScale = (measure: WeightMeasure): boolean => BY_FACTORS.has(measure);
export const usuallyLog = (measure: WeightMeasure): boolean => WIDE.has(measure);

/** Alpha where most of the measured layers have one, otherwise a measure that every layer has. */
export const usualMeasure = (rows: readonly LayerRow[], measuredOf: MeasuredOf): WeightMeasure => {
  let [measured, fitted] = [0, 0];
  for (const { name, sides } of rows)
    for (const place of sides.keys()) {
      const spectrum = measuredOf(place, name)?.spectrum;
      if (!spectrum) continue;
      measured++;
      if (typeof spectrum.metrics.alpha?.value === 'number') fitted++;
    }
  return 2 * fitted > measured || measured === 0 ? 'alpha' : 'stableRank';
};

const measuredValue = ({ metrics }: LayerSpectrum, measure: WeightMeasure): number | null =>
  metrics[measure]?.value ?? metrics[measure]?.above ?? null;

/** Half of an interval around the value, where there is one. */
const errorOf = ({ metrics, error }: LayerSpectrum, measure: WeightMeasure): number | null => {
  if (measure === 'alpha') return metrics.alphaError?.value ?? null;
  return measure === 'spectralNorm' ? (error?.values[0] ?? null) : null;
};

const isOnAxis = (value: number, log: boolean): boolean => Number.isFinite(value) && (!log || value > 0);

const marksOf = ({ layers, measuredOf, measure, log }: ProfileData): ProfileMark[] =>
  layers.flatMap(({ depth, row }, index) =>
    row.sides.flatMap((layer, place): ProfileMark[] => {
      if (!layer) return [];
      const measured = measuredOf(place, row.name);
      const spectrum = measured?.spectrum ?? null;
      const value = spectrum && measuredValue(spectrum, measure);
      const shown = value !== null && isOnAxis(value, log) ? value : null;
      const error = spectrum && shown !== null ? errorOf(spectrum, measure) : null;
      return [{ index, place, depth, kind: layer.kind, value: shown, error, waiting: measured === null }];
    }),
  );

const ends = (value: number, error: number): number[] => [value - error, value + error];

/** Linear axes begin at zero unless that would leave them half empty. */
const domainOf = (values: readonly number[], log: boolean): [number, number] | null => {
  if (values.length === 0) return null;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (log) return [low / 1.25, high * 1.25];
  const margin = 0.06 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low >= 0 && 2 * low <= high ? 0 : low - margin, high + margin];
};

export const profileView = (data: ProfileData): ProfileView => {
  const marks = marksOf(data);
  const values = marks.flatMap(({ value, error }) =>
    value === null ? [] : [value, ...ends(value, error ?? 0).filter((end) => isOnAxis(end, data.log))],
  );
  return {
    marks,
    kinds: kindsOf(data.layers.map(({ row }) => row)),
    domainX: [data.layers[0]?.depth ?? 1, data.layers.at(-1)?.depth ?? 1],
    domainY: domainOf(values, data.log),
    log: data.log,
  };
};

/** The whole name of a layer, and its value in each checkpoint with its interval, or the reason why there is none. */
export const profileWords = (
  index: number,
  { layers, names, measuredOf, measure, log }: ProfileData,
): string[] => {
  const { row } = layers[index];
  const lines = row.sides.flatMap((layer, place) => {
    const side = names.length > 1 ? `${names[place]}: ` : '';
    if (!layer) return [side + l10n.t('does not have this layer')];
    const cell = spectrumCell(row, place, measuredOf, (spectrum) => measureCell(spectrum, measure));
    const isOff = typeof cell.sort === 'number' && !isOnAxis(cell.sort, log);
    const words = `${side}${WEIGHT_MEASURES[measure].label}: ${cell.detail || cell.text}`;
    return [isOff ? l10n.t('{0} (not on this axis)', words) : words];
  });
  return [row.name, ...lines];
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The finding in a sentence for each checkpoint: how many layers have a value, its range and median. */
export const describeProfile = ({ marks }: ProfileView, { names, measure }: ProfileData): string =>
  names
    .map((name, place) => {
      const own = marks.filter((mark) => mark.place === place);
      const values = own.flatMap(({ value }) => value ?? []);
      const { label } = WEIGHT_MEASURES[measure];
      const of = names.length > 1 ? `${name}: ${label}` : label;
      if (values.length === 0) return l10n.t('{0}: no layer has a value.', of);
      return l10n.t(
        '{0}: {1} of {2} layers have a value, from {3} to {4}, median {5}.',
        of,
        formatCount(values.length),
        formatCount(own.length),
        formatMeasure(
          values.reduce((a, b) => Math.min(a, b)),
          3,
        ),
        formatMeasure(
          values.reduce((a, b) => Math.max(a, b)),
          3,
        ),
        formatMeasure(median(values), 3),
      );
    })
    .join(' ');

/** One row for each layer and checkpoint, with the note instead of or beside the value. */
export const profileTable = (data: ProfileData): Table => {
  const { layers, names, measuredOf, measure } = data;
  const rows = layers.flatMap(({ depth, row }) =>
    row.sides.flatMap((layer, place): Cell[][] => {
      if (!layer) return [];
      const measured = measuredOf(place, row.name);
      const spectrum = measured?.spectrum ?? null;
      const value = spectrum && measuredValue(spectrum, measure);
      const notes = spectrum
        ? [errorWords(spectrum, measure), spectrum.metrics[measure]?.note ?? '']
        : [measured?.problem ?? l10n.t('not measured yet')];
      const note = notes.filter((part) => part !== '').join('; ');
      const error = spectrum && errorOf(spectrum, measure);
      return [[row.name, depth, KIND_LABELS[layer.kind], names[place], value, error, note]];
    }),
  );
  return { columns: ['layer', 'depth', 'kind', 'checkpoint', measure, 'error', 'note'], rows };
};

/** A place in a picture, in px. */
export type Point = readonly [x: number, y: number];

/** Index of the point next to a place and within `reach` px of it; -1 if there is none. */
export const nearestPoint = (points: readonly Point[], [x, y]: Point, reach: number): number => {
  let [nearest, least] = [-1, reach * reach];
  for (const [index, point] of points.entries()) {
    const apart = (point[0] - x) ** 2 + (point[1] - y) ** 2;
    if (apart > least) continue;
    [nearest, least] = [index, apart];
  }
  return nearest;
};
