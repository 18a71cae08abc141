import {
  type CheckpointSummary,
  type CsvCell,
  csvLine,
  type LayerSpectrum,
  type TensorHealth,
  type TensorValues,
  type ValueStatistics,
  WEIGHT_MEASURE_KEYS,
  WEIGHT_MEASURES,
  type WeightLayer,
  type WeightMeasure,
} from '../protocol/index.ts';
import { checkpointHealth, healthWords } from './health.ts';

const measureOf = (spectrum: LayerSpectrum | undefined, measure: WeightMeasure): number | null =>
  spectrum?.metrics[measure]?.value ?? null;

const log10 = (value: number | null): number | null =>
  value !== null && value > 0 ? Math.log10(value) : null;

/** Under WeightWatcher's names and with its definitions: norms are of lambda = sigma^2, without its factor of one half. */
const weightWatcherColumns = (
  layer: WeightLayer,
  spectrum: LayerSpectrum | undefined,
): [string, CsvCell][] => {
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

/** Counts of a tensor's values, and what is wrong with them. */
const valueColumns = (
  statistics: ValueStatistics | null | undefined,
  health: TensorHealth | undefined,
): [string, CsvCell][] => [
  ['nan', statistics?.nan ?? null],
  ['infinite', statistics?.infinite ?? null],
  ['zero', statistics?.zero ?? null],
  ['min', statistics?.min ?? null],
  ['max', statistics?.max ?? null],
  ['mean', statistics?.mean ?? null],
  ['standard_deviation', statistics?.standardDeviation ?? null],
  ['severity', health?.severity ?? null],
  ['health', health === undefined ? null : healthWords(health)],
];

/** Measures in columns of ours, with their titles. */
const OWN_MEASURES = WEIGHT_MEASURE_KEYS.flatMap((measure) => {
  const { csv } = WEIGHT_MEASURES[measure];
  return csv === undefined ? [] : [[measure, csv] as const];
});

const ownColumns = (layer: WeightLayer, spectrum: LayerSpectrum | undefined): [string, CsvCell][] => [
  ['tensor', layer.tensor],
  ['shape', layer.shape.join('x')],
  ['dtype', layer.dtype],
  ['parameters', layer.parameters],
  ['method', spectrum?.method ?? null],
  ...OWN_MEASURES.map(([measure, title]): [string, CsvCell] => [title, measureOf(spectrum, measure)]),
  ['zero_rows', spectrum?.entries.zeroRows ?? null],
  ['zero_columns', spectrum?.entries.zeroColumns ?? null],
  ['note', layer.note ?? null],
];

const NO_LAYER: WeightLayer = {
  name: '',
  tensor: '',
  kind: 'dense',
  shape: [],
  dtype: '',
  matrix: [1, 1],
  slices: 1,
  parameters: 0,
  block: '',
  repeated: null,
};

/** The columns of a tensor that is not a weight matrix: its names, and counts of its values. */
const otherRow = (
  {
    name,
    shape,
    dtype,
  }: { readonly name: string; readonly shape: readonly number[]; readonly dtype: string },
  statistics: ValueStatistics | null,
  health: TensorHealth | undefined,
): [string, CsvCell][] => {
  const told = new Map<string, CsvCell>([
    ['longname', name],
    ['layer_type', 'vector'],
    ['tensor', name],
    ['shape', shape.join('x')],
    ['dtype', dtype],
    ['parameters', statistics?.count ?? null],
  ]);
  const all = [...weightWatcherColumns(NO_LAYER, undefined), ...ownColumns(NO_LAYER, undefined)];
  return [
    ...all.map(([title]): [string, CsvCell] => [title, told.get(title) ?? null]),
    ...valueColumns(statistics, health),
  ];
};

type Tensors = Pick<CheckpointSummary, 'layers'> & Partial<Pick<CheckpointSummary, 'vectors' | 'skipped'>>;

/**
 * One line per layer: first the columns of WeightWatcher's `details` table that are the same here, with its names, then
 * our own; and one line for each other tensor whose values were read, as `vector`. An empty cell: not measured, or
 * without a value. Lines end in CRLF.
 */
export const layersCsv = (
  { layers, vectors = [], skipped = [] }: Tensors,
  spectra: ReadonlyMap<string, LayerSpectrum>,
  values: readonly TensorValues[] = [],
): string => {
  const measured = layers.flatMap((layer) => {
    const spectrum = spectra.get(layer.name);
    return spectrum === undefined ? [] : [{ layer, spectrum }];
  });
  const { findings } = checkpointHealth(measured, values);
  const health = new Map(findings.map((each) => [each.name, each]));
  const described = new Map([...vectors, ...skipped].map((each) => [each.name, each]));
  const rows = [
    ...layers.map((layer) => {
      const spectrum = spectra.get(layer.name);
      return [
        ...weightWatcherColumns(layer, spectrum),
        ...ownColumns(layer, spectrum),
        ...valueColumns(spectrum?.statistics, health.get(layer.name)),
      ];
    }),
    ...values.flatMap(({ name, statistics }) => {
      const tensor = described.get(name);
      return tensor === undefined ? [] : [otherRow(tensor, statistics, health.get(name))];
    }),
  ].map((row, index): [string, CsvCell][] => [['layer_id', index], ...row]);
  const head = rows.length === 0 ? [] : [rows[0].map(([name]) => name)];
  return [...head, ...rows.map((row) => row.map(([, cell]) => cell))].map(csvLine).join('');
};
