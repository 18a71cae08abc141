import type { CheckpointSummary, LayerSpectrum, Measure, WeightMeasure } from '../protocol/index.ts';
import type { MeasuredLayer } from '../weights/index.ts';

/** Names come from the file: control characters must not reach the terminal. */
const visible = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

const significant = (value: number): string => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
};

const cell = (measure: Measure | undefined): string =>
  measure === undefined || measure.value === null ? '-' : significant(measure.value);

const alphaCell = ({ alpha, alphaError }: LayerSpectrum['metrics']): string =>
  alpha?.value == null
    ? '-'
    : `${alpha.value.toFixed(2)}${alphaError?.value == null ? '' : ` ± ${alphaError.value.toFixed(2)}`}`;

/** The measures that the table shows, by their titles; what is said about others is in the JSON document. */
const SHOWN: Readonly<Partial<Record<WeightMeasure, string>>> = {
  spectralNorm: 'sigma1',
  stableRank: 'stable rank',
  effectiveRank: 'effective rank',
  alpha: 'alpha',
  spikes: 'spikes',
};

/** Each note once, behind the measures that it is about unless it is about all of them. */
const noteOf = ({ metrics }: LayerSpectrum): string => {
  const about = new Map<string, string[]>();
  for (const [key, title] of Object.entries(SHOWN)) {
    const note = metrics[key as WeightMeasure]?.note;
    if (note !== undefined) about.set(note, [...(about.get(note) ?? []), title]);
  }
  return [...about]
    .map(([note, titles]) =>
      titles.length === Object.keys(SHOWN).length ? note : `${titles.join(', ')}: ${note}`,
    )
    .join('; ');
};

const TITLES = [
  'layer',
  'matrix',
  'dtype',
  'sigma1',
  'stable rank',
  'effective rank',
  'alpha',
  'spikes',
  'note',
] as const;

const rowOf = ({ layer, spectrum }: MeasuredLayer): string[] => [
  visible(layer.name),
  `${layer.matrix.join(' x ')}${layer.slices > 1 ? `, ${layer.slices} of them` : ''}`,
  visible(layer.dtype),
  cell(spectrum.metrics.spectralNorm),
  cell(spectrum.metrics.stableRank),
  cell(spectrum.metrics.effectiveRank),
  alphaCell(spectrum.metrics),
  String(spectrum.metrics.spikes?.value ?? '-'),
  visible(noteOf(spectrum)),
];

/** Text to the left, numbers to the right, the note as long as it is. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const pad = (text: string, at: number) =>
    at < 3 || at === widths.length - 1 ? text.padEnd(widths[at]) : text.padStart(widths[at]);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** The text of `spectra` for a terminal: what the file is, a line for each layer, and what was skipped and why. */
export const formatSpectra = (summary: CheckpointSummary, measured: readonly MeasuredLayer[]): string => {
  const { file, format, parameters, vectors, skipped } = summary;
  const head = `${visible(file)}: ${format}, ${parameters.toLocaleString('en')} parameters`;
  const counts = [
    counted(summary.layers.length, 'layer', 'layers'),
    counted(vectors.length, 'vector', 'vectors'),
    `${skipped.length} skipped`,
  ].join(', ');
  return [
    `${head} in ${counts}`,
    ...(measured.length === 0 ? [] : ['', ...table([TITLES, ...measured.map(rowOf)])]),
    ...(skipped.length === 0 ? [] : ['', 'skipped']),
    ...skipped.map(
      ({ name, shape, dtype, reason }) =>
        `  ${visible(name)} (${visible(dtype)}, [${shape.join(', ')}]) ${visible(reason)}`,
    ),
  ].join('\n');
};
