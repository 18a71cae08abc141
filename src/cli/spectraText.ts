import type {
  CheckpointSummary,
  LayerSpectrum,
  Measure,
  SkippedTensor,
  TensorValues,
  WeightMeasure,
} from '../protocol/index.ts';
import { visible } from '../protocol/index.ts';
import { checkpointHealth, type MeasuredLayer } from '../weights/index.ts';
import { Footnotes } from './footnotes.ts';
import { healthLines } from './healthText.ts';

/** Skipped tensors of one reason that are named. */
const NAMED = 3;

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
  numericalRankStored: 'rank',
  alpha: 'alpha',
  spikes: 'spikes',
  aboveShuffled: 'above shuffled',
};

/** Each note once, behind the measures that it is about unless it is about all of them. */
const notesOf = ({ metrics, statistics }: LayerSpectrum): string[] => {
  // Each with its own counts, in a line of its own.
  if (statistics.nan + statistics.infinite > 0) return ['not all weights are finite, see below'];
  const about = new Map<string, string[]>();
  for (const [key, title] of Object.entries(SHOWN)) {
    const note = metrics[key as WeightMeasure]?.note;
    if (note !== undefined) about.set(note, [...(about.get(note) ?? []), title]);
  }
  return [...about].map(([note, titles]) =>
    titles.length === Object.keys(SHOWN).length ? note : `${titles.join(', ')}: ${note}`,
  );
};

const TITLES = ['layer', 'matrix', 'dtype', ...Object.values(SHOWN), 'notes'];

const rowOf = ({ layer, spectrum }: MeasuredLayer, notes: Footnotes): string[] => [
  visible(layer.name),
  `${layer.matrix.join(' x ')}${layer.slices > 1 ? `, ${layer.slices} of them` : ''}`,
  visible(layer.dtype),
  cell(spectrum.metrics.spectralNorm),
  cell(spectrum.metrics.stableRank),
  cell(spectrum.metrics.effectiveRank),
  String(spectrum.metrics.numericalRankStored?.value ?? '-'),
  alphaCell(spectrum.metrics),
  String(spectrum.metrics.spikes?.value ?? '-'),
  String(spectrum.metrics.aboveShuffled?.value ?? '-'),
  notesOf(spectrum)
    .map((note) => notes.mark(visible(note)))
    .join(''),
];

/** Text to the left, numbers to the right. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  const pad = (text: string, at: number) =>
    at < 3 || at === widths.length - 1 ? text.padEnd(widths[at]) : text.padStart(widths[at]);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
};

/** One line for each reason, with the first tensors that it is about. */
const skippedLines = (skipped: readonly SkippedTensor[]): string[] => {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const tensors = skipped.filter((tensor) => tensor.reason === reason);
    const names = tensors
      .slice(0, NAMED)
      .map(({ name, shape, dtype }) => `${visible(name)} (${visible(dtype)}, [${shape.join(', ')}])`);
    const more = tensors.length > NAMED ? ` and ${tensors.length - NAMED} more` : '';
    return `  ${visible(reason)}: ${names.join(', ')}${more}`;
  });
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** The text of `spectra` for a terminal: what the file is, a line for each layer, and what was skipped and why. */
export const formatSpectra = (
  summary: CheckpointSummary,
  measured: readonly MeasuredLayer[],
  values: readonly TensorValues[] = [],
): string => {
  const { file, format, parameters, vectors, skipped } = summary;
  const head = `${visible(file)}: ${format}, ${parameters.toLocaleString('en')} parameters`;
  const counts = [
    counted(summary.layers.length, 'layer', 'layers'),
    counted(vectors.length, 'vector', 'vectors'),
    `${skipped.length} skipped`,
  ].join(', ');
  const health = healthLines(checkpointHealth(measured, values));
  const notes = new Footnotes();
  const rows = measured.map((layer) => rowOf(layer, notes));
  return [
    `${head} in ${counts}`,
    ...(rows.length === 0 ? [] : ['', ...table([TITLES, ...rows]), ...notes.lines()]),
    ...(health.length === 0 ? [] : ['', ...health]),
    ...(skipped.length === 0 ? [] : ['', 'skipped (--json names all)', ...skippedLines(skipped)]),
  ].join('\n');
};
