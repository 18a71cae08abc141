import * as l10n from '@vscode/l10n';
import type { Analysis, Measure, RepresentationMeasure } from '../../src/protocol/index.ts';
import type { Cell, Table } from './table.ts';

export interface MeasureSeries {
  readonly key: string;
  readonly label: string;
  /** The short form from the document; empty if the document has none. */
  readonly definition: string;
  readonly points: readonly { readonly layer: string; readonly measure: Measure | null }[];
}

/** The printed name of every measure of representations. */
const LABELS: Readonly<Record<RepresentationMeasure, string>> = {
  rankMe: 'RankMe',
  alphaReq: 'α-ReQ',
  lidar: 'LiDAR',
  effectiveRank: l10n.t('Effective rank'),
  participationRatio: l10n.t('Participation ratio'),
  stableRank: l10n.t('Stable rank'),
  alignment: l10n.t('Alignment'),
  uniformity: l10n.t('Uniformity'),
  stdOfNormalised: l10n.t('Spread of normalised representations'),
  effectiveNumber: l10n.t('Effective number of features'),
  gini: l10n.t('Gini of the feature weights'),
  nc1: 'NC1',
  nc2Norms: l10n.t('NC2, norms'),
  nc2Angles: l10n.t('NC2, angles'),
  nc3: 'NC3',
  nc4: 'NC4',
};

/** What else a document defines. */
const OTHER_LABELS: Readonly<Record<string, string>> = { featureWeight: l10n.t('Feature weight') };

const ALL_LABELS: Readonly<Record<string, string>> = { ...LABELS, ...OTHER_LABELS };

/** A measure's printed name; an unknown one is named after its key: `spectralGap` is `Spectral gap`. */
export const measureLabel = (key: string): string => {
  if (Object.hasOwn(ALL_LABELS, key)) return ALL_LABELS[key];
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

/** Every measure that some layer has, in order of first appearance, then the inequality of the feature weights. */
export const measureSeries = (analysis: Analysis): MeasureSeries[] => {
  const keys = [...new Set(analysis.layers.flatMap((layer) => Object.keys(layer.measures)))];
  const series = keys.map((key) => ({
    key,
    points: analysis.layers.map((layer) => ({
      layer: layer.name,
      measure: Object.hasOwn(layer.measures, key) ? layer.measures[key] : null,
    })),
  }));
  const inequality = (['effectiveNumber', 'gini'] as const).map((key) => ({
    key,
    points: analysis.layers.map((layer) => ({ layer: layer.name, measure: layer.inequality[key] })),
  }));
  return [...series, ...inequality.filter(({ key }) => !keys.includes(key))].map(({ key, points }) => ({
    key,
    label: measureLabel(key),
    definition: Object.hasOwn(analysis.definitions, key) ? analysis.definitions[key] : '',
    points,
  }));
};

/** One row per layer and measure, with the note instead of or beside the value. */
export const measureTable = (analysis: Analysis): Table => ({
  columns: ['layer', 'measure', 'value', 'note'],
  rows: measureSeries(analysis).flatMap(({ label, points }) =>
    points
      .filter(({ measure }) => measure !== null)
      .map(({ layer, measure }): Cell[] => [layer, label, measure?.value ?? null, measure?.note ?? '']),
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
