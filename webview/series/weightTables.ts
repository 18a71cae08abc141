import type { Cell, Table } from './table.ts';
import { fitAt } from './tailFit.ts';
import { type DensitySettings, densityView } from './weightDensity.ts';
import { type LayerFigureData, placedSpectra } from './weightFigure.ts';

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
