import * as l10n from '@vscode/l10n';
import type { CheckpointSummary, TensorValues } from '../../../src/protocol/messages.ts';
import type { Cell, Table } from '../../series/table.ts';
import { fitAt } from '../../series/tailFit.ts';
import { type DensitySettings, densityView } from './density.ts';
import { type LayerFigureData, placedSpectra } from './figureData.ts';
import { healthCell, type SideHealth } from './health.ts';
import { formatShape } from './words.ts';

/** One row per k, with the values of each checkpoint and of its shuffled copy; for an estimate only the largest. */
export const weightSpectrumTable = (data: LayerFigureData): Table => {
  const spectra = placedSpectra(data);
  const several = data.sides.length > 1;
  const series = spectra.flatMap(({ name, spectrum }) => {
    const title = several ? `${name}: ` : '';
    const of = (label: string, values: readonly number[] | null) =>
      values ? [{ label: title + label, values }] : [];
    const estimate = spectrum.method === 'estimate';
    return [
      ...of(estimate ? 'singular value (estimate)' : 'singular value', spectrum.singularValues),
      ...of('error', spectrum.error?.values ?? null),
      ...of('shuffled', spectrum.shuffled),
    ];
  });
  const rows = series.reduce((most, { values }) => Math.max(most, values.length), 0);
  return {
    columns: ['layer', 'k', ...series.map(({ label }) => label)],
    rows: Array.from({ length: rows }, (_, index): Cell[] => [
      data.layer,
      index + 1,
      ...series.map(({ values }) => values[index] ?? null),
    ]),
  };
};

/** One row per bin of each density, with the fitted law at the middle of the bin. */
export const densityTable = (data: LayerFigureData, settings: DensitySettings): Table => {
  const view = densityView(data, settings);
  const columns = ['layer', 'checkpoint', 'of', 'eigenvalue from', 'to', 'density', 'power law'];
  if (!view) return { columns, rows: [] };
  const rows = view.densities.flatMap(({ place, kind, edges, heights }) => {
    const fit = kind === 'measured' ? view.fits.find((one) => one.place === place) : undefined;
    return heights.map((height, index): Cell[] => {
      const [from, to] = [edges[index], edges[index + 1]];
      const middle = settings.logX ? Math.sqrt(from * to) : (from + to) / 2;
      const law = fit && middle >= fit.from ? fitAt(fit, middle) : null;
      return [data.layer, data.sides[place].name, kind, from, to, height, law];
    });
  });
  return { columns, rows };
};

/** The counts and findings of a checkpoint's tensors. */
export interface CountedTensors {
  readonly values: readonly TensorValues[];
  readonly byName: SideHealth['byName'];
}

const NOTHING_COUNTED: CountedTensors = { values: [], byName: new Map() };

export const vectorTable = (
  { vectors }: Pick<CheckpointSummary, 'vectors'>,
  { values, byName }: CountedTensors = NOTHING_COUNTED,
): Table => {
  const statistics = new Map(values.map((each) => [each.name, each.statistics]));
  return {
    columns: [
      l10n.t('name'),
      l10n.t('shape'),
      l10n.t('type'),
      l10n.t('parameters'),
      l10n.t('NaN'),
      l10n.t('infinite'),
      l10n.t('zeros'),
      l10n.t('finding'),
    ],
    rows: vectors.map(({ name, shape, dtype, parameters }) => {
      const counts = statistics.get(name);
      const counted = [counts?.nan ?? null, counts?.infinite ?? null, counts?.zero ?? null];
      return [name, formatShape(shape), dtype, parameters, ...counted, healthCell(byName.get(name))];
    }),
  };
};

export const skippedTable = (
  { skipped }: Pick<CheckpointSummary, 'skipped'>,
  { byName }: CountedTensors = NOTHING_COUNTED,
): Table => ({
  columns: [l10n.t('name'), l10n.t('shape'), l10n.t('type'), l10n.t('reason'), l10n.t('finding')],
  rows: skipped.map(({ name, shape, dtype, reason }) => [
    name,
    formatShape(shape),
    dtype,
    reason,
    healthCell(byName.get(name)),
  ]),
});
