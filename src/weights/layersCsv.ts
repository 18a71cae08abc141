import type { CheckpointSummary, LayerSpectrum, WeightLayer, WeightMeasure } from '../protocol/index.ts';

type Cell = string | number | null;

const measureOf = (spectrum: LayerSpectrum | undefined, measure: WeightMeasure): number | null =>
  spectrum?.metrics[measure]?.value ?? null;

const log10 = (value: number | null): number | null =>
  value !== null && value > 0 ? Math.log10(value) : null;

/** Under WeightWatcher's names and with its definitions: norms are of lambda = sigma^2, without its factor of one half. */
const weightWatcherColumns = (layer: WeightLayer, spectrum: LayerSpectrum | undefined): [string, Cell][] => {
  const exact = spectrum?.method === 'exact' && spectrum.singularValues.length > 0 ? spectrum : undefined;
  const values = exact?.singularValues ?? [];
  const [rows, columns] = layer.matrix;
  const largest = measureOf(spectrum, 'spectralNorm');
  const frobenius = measureOf(spectrum, 'frobeniusNorm');
  const lambdaMax = largest === null ? null : largest ** 2;
  const norm = frobenius === null ? null : frobenius ** 2;
  const alpha = measureOf(spectrum, 'alpha');
  const rank = measureOf(spectrum, 'numericalRank');
  const logMax = log10(lambdaMax);
  return [
    ['longname', layer.name],
    ['layer_type', layer.kind],
    ['N', Math.max(rows, columns)],
    ['M', Math.min(rows, columns)],
    ['Q', Math.max(rows, columns) / Math.min(rows, columns)],
    ['rf', layer.slices],
    ['num_evals', exact === undefined ? null : values.length],
    ['alpha', alpha],
    ['D', measureOf(spectrum, 'ksDistance')],
    ['sigma', measureOf(spectrum, 'alphaError')],
    ['xmin', measureOf(spectrum, 'xmin')],
    ['num_pl_spikes', measureOf(spectrum, 'tail')],
    ['alpha_weighted', alpha === null || logMax === null ? null : alpha * logMax],
    [
      'log_alpha_norm',
      exact && alpha !== null ? log10(values.reduce((sum, s) => sum + s ** (2 * alpha), 0)) : null,
    ],
    ['lambda_max', lambdaMax],
    ['spectral_norm', lambdaMax],
    ['log_spectral_norm', logMax],
    ['norm', norm],
    ['log_norm', log10(norm)],
    ['stable_rank', measureOf(spectrum, 'stableRank')],
    ['entropy', measureOf(spectrum, 'matrixEntropy')],
    ['matrix_rank', rank],
    ['rank_loss', exact && rank !== null ? values.length - rank : null],
    ['weak_rank_loss', exact ? values.filter((sigma) => sigma ** 2 < 1e-6).length : null],
    ['sv_max', largest],
    ['sv_min', exact ? values[values.length - 1] : null],
  ];
};

const ownColumns = (layer: WeightLayer, spectrum: LayerSpectrum | undefined): [string, Cell][] => [
  ['tensor', layer.tensor],
  ['shape', layer.shape.join('x')],
  ['dtype', layer.dtype],
  ['parameters', layer.parameters],
  ['method', spectrum?.method ?? null],
  ['effective_rank', measureOf(spectrum, 'effectiveRank')],
  ['participation_ratio', measureOf(spectrum, 'participationRatio')],
  ['condition', measureOf(spectrum, 'condition')],
  ['bulk_edge', measureOf(spectrum, 'bulkEdge')],
  ['bulk_spikes', measureOf(spectrum, 'spikes')],
  ['shuffled_sv_max', measureOf(spectrum, 'shuffledSpectralNorm')],
  ['nan', spectrum?.statistics.nan ?? null],
  ['infinite', spectrum?.statistics.infinite ?? null],
  ['zero', spectrum?.statistics.zero ?? null],
  ['min', spectrum?.statistics.min ?? null],
  ['max', spectrum?.statistics.max ?? null],
  ['mean', spectrum?.statistics.mean ?? null],
  ['standard_deviation', spectrum?.statistics.standardDeviation ?? null],
];

/** RFC 4180; a text that a spreadsheet would take for a formula is quoted with an apostrophe before it. */
const cellText = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * One line a layer: first the columns of WeightWatcher's `details` table that are the same here, by its names, then
 * our own. An empty cell: not measured, or without a value. Lines end in CRLF.
 */
export const layersCsv = (
  { layers }: Pick<CheckpointSummary, 'layers'>,
  spectra: ReadonlyMap<string, LayerSpectrum>,
): string => {
  const rows = layers.map((layer, index): [string, Cell][] => [
    ['layer_id', index],
    ...weightWatcherColumns(layer, spectra.get(layer.name)),
    ...ownColumns(layer, spectra.get(layer.name)),
  ]);
  const head = rows.length === 0 ? [] : [rows[0].map(([name]) => name).join(',')];
  const lines = [...head, ...rows.map((row) => row.map(([, cell]) => cellText(cell)).join(','))];
  return lines.map((line) => `${line}\r\n`).join('');
};
