import * as l10n from '@vscode/l10n';
import {
  type Analysis,
  type Measure,
  type MeasureEntry,
  representationEntry,
} from '../../src/protocol/messages.ts';
import { formatCount, formatNumber, formatPercent, formatRoundPercent } from './format.ts';
import { translated } from './measureWords.ts';
import type { Cell, Table } from './table.ts';

interface MeasurePoint {
  readonly layer: string;
  /** Whether the layer is the input of the model. */
  readonly isInput: boolean;
  readonly measure: Measure | null;
}

export interface MeasureSeries extends Pick<MeasureEntry, 'unit' | 'better'> {
  readonly key: string;
  readonly label: string;
  /** What it tells, in plain words; empty for a measure that this version does not know. */
  readonly meaning: string;
  /** Its formula, as the document has it; empty if the document has none. */
  readonly definition: string;
  readonly points: readonly MeasurePoint[];
}

/** What else a document defines. */
const OTHER_LABELS: Readonly<Record<string, string>> = {
  featureWeight: l10n.t('Feature weight'),
  'few-shot-5': l10n.t('Few-shot probes'),
  mlp: l10n.t('Multilayer perceptron'),
  majority: l10n.t('Most frequent class'),
};

/** A measure's printed name; an unknown one is named after its key: `spectralGap` is `Spectral gap`. */
export const measureLabel = (key: string): string => {
  const entry = representationEntry(key);
  if (entry !== undefined) return translated(entry.label);
  if (Object.hasOwn(OTHER_LABELS, key)) return OTHER_LABELS[key];
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

/** A value with its unit. */
export const formatValue = (value: number, unit: MeasureEntry['unit']): string => {
  if (unit === 'share') return formatPercent(value);
  return unit === 'count' ? formatCount(value) : formatNumber(value);
};

/** A value with its unit and its 95 % interval, if it has one. */
export const formatMeasure = (
  { value, interval }: Pick<Measure, 'value'> & { readonly interval?: readonly [number, number] | null },
  unit: MeasureEntry['unit'],
): string => {
  if (value === null) return l10n.t('no value');
  const number = formatValue(value, unit);
  if (interval == null) return number;
  const [low, high] = interval.map((end) => formatValue(end, unit));
  return l10n.t('{0} ({1} to {2})', number, low, high);
};

/** The same for the numbers of an axis. */
export const tickFormat = (unit: MeasureEntry['unit']): ((value: number) => string) =>
  unit === 'share' ? formatRoundPercent : formatNumber;

/** Every measure that some layer has, in order of first appearance, then the inequality of the feature weights. */
export const measureSeries = ({ layers, definitions }: Analysis): MeasureSeries[] => {
  const all = layers.map(
    ({ measures, inequality }): Readonly<Record<string, Measure>> => ({
      ...inequality,
      ...measures,
    }),
  );
  const keys = new Set([
    ...layers.flatMap(({ measures }) => Object.keys(measures)),
    ...layers.flatMap(({ inequality }) => Object.keys(inequality)),
  ]);
  return [...keys].map((key) => {
    const entry = representationEntry(key);
    return {
      key,
      label: measureLabel(key),
      meaning: entry === undefined ? '' : translated(entry.meaning),
      unit: entry?.unit ?? 'none',
      better: entry?.better ?? null,
      definition: Object.hasOwn(definitions, key) ? definitions[key] : '',
      points: layers.map(({ name, part }, index) => ({
        layer: name,
        isInput: part === 'input',
        measure: Object.hasOwn(all[index], key) ? all[index][key] : null,
      })),
    };
  });
};

export interface MeasureAxis {
  readonly domain: readonly [low: number, high: number];
  /** Where the value of the input is, if the axis does not reach it. */
  readonly inputBeyond: 'above' | 'below' | null;
}

/** Whether a range flattens the part of it that the other layers have: it is more than three times as large. */
export const flattens = (range: number, ofOthers: number): boolean => ofOthers > 0 && range > 3 * ofOthers;

type Range = readonly [low: number, high: number];

/** From zero, unless all values are negative. */
const EMPTY: Range = [0, Number.NEGATIVE_INFINITY];
const including = ([low, high]: Range, value: number): Range => [Math.min(low, value), Math.max(high, value)];

/** Equal values have this range. */
const leastRange = (value: number): number => Math.max(1e-12, 1e-9 * Math.abs(value));

const axisOf = ([low, high]: Range, inputBeyond: MeasureAxis['inputBeyond']): MeasureAxis => ({
  domain: [low, Math.max(high, low + leastRange(low))],
  inputBeyond,
});

/**
 * The axis of values by layer. Often the input is far from all layers, as it has many more dimensions: then the axis is
 * that of the others.
 */
export const measureAxis = (
  values: readonly { readonly value: number | null; readonly isInput: boolean }[],
): MeasureAxis => {
  let [all, others] = [EMPTY, EMPTY];
  for (const { value, isInput } of values) {
    if (value === null) continue;
    all = including(all, value);
    if (!isInput) others = including(others, value);
  }
  const extent = others[1] - others[0];
  if (extent < leastRange(others[0]) || !flattens(all[1] - all[0], extent)) return axisOf(all, null);
  return axisOf(others, all[1] - others[1] > others[0] - all[0] ? 'above' : 'below');
};

/** With room for the intervals. */
export const seriesAxis = ({ points }: MeasureSeries): MeasureAxis =>
  measureAxis(
    points.flatMap(({ measure, isInput }) =>
      [measure?.value ?? null, ...(measure?.interval ?? [])].map((value) => ({ value, isInput })),
    ),
  );

/** Where the input is when its axis does not reach it, in words; empty otherwise. */
export const beyondWords = (beyond: MeasureAxis['inputBeyond']): string => {
  if (beyond === null) return '';
  return beyond === 'above' ? l10n.t('above the axis') : l10n.t('below the axis');
};

/** One row per layer and measure, with its 95 % interval, the note instead of or beside the value, and which direction is better. */
export const measureTable = (analysis: Analysis): Table => ({
  columns: ['layer', 'measure', 'value', '95 % low', '95 % high', 'note', 'better'],
  rows: measureSeries(analysis).flatMap(({ label, better, points }) =>
    points.flatMap(({ layer, measure }): Cell[][] =>
      measure === null
        ? []
        : [
            [
              layer,
              label,
              measure.value,
              ...(measure.interval ?? [null, null]),
              measure.note ?? '',
              better ?? '',
            ],
          ],
    ),
  ),
});

/** One row per layer: what it is, then a column per measure. */
export const layerTable = (analysis: Analysis): Table => {
  const series = measureSeries(analysis);
  return {
    columns: [
      'layer',
      'part',
      'role',
      'dimensions',
      'samples',
      'pooling',
      ...series.map(({ label }) => label),
      'absent',
    ],
    rows: analysis.layers.map((layer, index) => [
      layer.name,
      layer.part,
      layer.role,
      layer.dimensions,
      layer.samples,
      layer.pooling,
      ...series.map(({ points }) => points[index].measure?.value ?? null),
      layer.featureWeights.filter((weight) => weight.absent).length,
    ]),
  };
};
