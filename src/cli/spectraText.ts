import { gatheredHealth, type MeasuredLayer, PackedLines } from '../layers/index.ts';
import {
  type CheckpointSummary,
  formatCount,
  formatFixed,
  HealthGatherer,
  type LayerSpectrum,
  layerFacts,
  type SkippedTensor,
  type TensorValues,
  valuesFacts,
  visibleLine,
  WEIGHT_MEASURE_KEYS,
  WEIGHT_MEASURES,
  type WeightMeasure,
} from '../protocol/index.ts';
import { Footnotes } from './footnotes.ts';
import { healthLines } from './healthText.ts';
import { measureText } from './measureText.ts';
import { TextColumns } from './textTable.ts';

/** Number of skipped tensors that are named per reason, and number of reasons. */
const NAMED = 3;
const REASONS = 20;
/** Longer names are cut in the text; the JSON document has them in full. */
const LONGEST_NAME = 120;
const LONGEST_TYPE = 24;

const alphaCell = ({ alpha, alphaError }: LayerSpectrum['metrics']): string => {
  if (alpha?.value == null) return '-';
  const error = alphaError?.value == null ? '' : ` ± ${formatFixed(alphaError.value, 2)}`;
  return `${formatFixed(alpha.value, 2)}${error}`;
};

const measureCell = (metrics: LayerSpectrum['metrics'], key: WeightMeasure): string =>
  key === 'alpha' ? alphaCell(metrics) : measureText(metrics[key], WEIGHT_MEASURES[key]);

/** The measures that the table shows, with their titles; notes about others are in the JSON document. */
const SHOWN = WEIGHT_MEASURE_KEYS.flatMap((key) => {
  const { terminal } = WEIGHT_MEASURES[key];
  return terminal === undefined ? [] : [{ key, title: terminal }];
});

/** Each note once, after the names of its measures unless it is about all of them. */
const notesOf = ({ metrics, statistics }: LayerSpectrum): string[] => {
  // Each with its own counts, on its own line.
  if (statistics.nan + statistics.infinite > 0) return ['not all weights are finite, see below'];
  const about = new Map<string, string[]>();
  for (const { key, title } of SHOWN) {
    const note = metrics[key]?.note;
    if (note !== undefined) about.set(note, [...(about.get(note) ?? []), title]);
  }
  return [...about].map(([note, titles]) =>
    titles.length === SHOWN.length ? note : `${titles.join(', ')}: ${note}`,
  );
};

const TITLES = ['layer', 'matrix', 'dtype', ...SHOWN.map(({ title }) => title), 'notes'];

const rowOf = ({ layer, spectrum }: MeasuredLayer, notes: Footnotes): string[] => [
  visibleLine(layer.name, LONGEST_NAME),
  `${layer.matrix.join(' x ')}${layer.slices > 1 ? `, ${layer.slices} of them` : ''}`,
  visibleLine(layer.dtype, LONGEST_TYPE),
  ...SHOWN.map(({ key }) => measureCell(spectrum.metrics, key)),
  [...(layer.note === undefined ? [] : [layer.note]), ...notesOf(spectrum)]
    .map((note) => notes.mark(visibleLine(note)))
    .join(''),
];

/** A control character, which no cell contains. */
const BETWEEN = '\t';

/** Names, matrices, types and notes are texts. */
const isText = (column: number): boolean => column < 3 || column === TITLES.length - 1;

/** The rows of the table, compressed, because there may be hundreds of thousands. */
class Table {
  private readonly rows = new PackedLines();
  private readonly columns = new TextColumns(isText);

  add(row: readonly string[]): void {
    this.columns.fit(row);
    this.rows.add(row.join(BETWEEN));
  }

  *lines(): Generator<string> {
    for (const row of this.rows.lines()) yield this.columns.line(row.split(BETWEEN));
  }
}

const describe = ({ name, shape, dtype }: SkippedTensor): string =>
  `${visibleLine(name, LONGEST_NAME)} (${visibleLine(dtype, LONGEST_TYPE)}, [${visibleLine(shape.join(', '), LONGEST_NAME)}])`;

/** One line for each reason, with the first tensors that it applies to. */
const skippedLines = (skipped: readonly SkippedTensor[]): string[] => {
  const byReason = new Map<string, SkippedTensor[]>();
  for (const tensor of skipped) {
    const known = byReason.get(tensor.reason);
    if (known === undefined) byReason.set(tensor.reason, [tensor]);
    else known.push(tensor);
  }
  const lines = [...byReason].slice(0, REASONS).map(([reason, tensors]) => {
    const names = tensors.slice(0, NAMED).map(describe);
    const more = tensors.length > NAMED ? ` and ${tensors.length - NAMED} more` : '';
    return `  ${visibleLine(reason)}: ${names.join(', ')}${more}`;
  });
  const others = byReason.size - lines.length;
  return others > 0 ? [...lines, `  and ${counted(others, 'reason', 'reasons')} more`] : lines;
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/**
 * The text of `spectra` for a terminal, by line: what the file is, each layer, and what was skipped and why. Layers are
 * added one by one, and only what is shown of them is kept.
 */
export class SpectraText {
  private readonly table = new Table();
  private readonly notes = new Footnotes();
  private readonly health = new HealthGatherer();
  private measured = 0;

  constructor() {
    this.table.add(TITLES);
  }

  add(measured: MeasuredLayer): void {
    this.measured++;
    this.table.add(rowOf(measured, this.notes));
    this.health.add(layerFacts(measured.layer, measured.spectrum));
  }

  /** The whole text, once all layers are added; `values` are those of the other tensors. */
  *lines(summary: CheckpointSummary, values: readonly TensorValues[]): Generator<string> {
    const { file, format, parameters, vectors, skipped } = summary;
    const counts = [
      counted(summary.layers.length, 'layer', 'layers'),
      counted(vectors.length, 'vector', 'vectors'),
      `${skipped.length} skipped`,
    ].join(', ');
    yield `${visibleLine(file)}: ${format}, ${formatCount(parameters)} parameters in ${counts}`;
    if (this.measured > 0) {
      yield '';
      yield* this.table.lines();
      yield* this.notes.lines();
    }
    for (const each of values) this.health.add(valuesFacts(each));
    const health = healthLines(gatheredHealth(this.health));
    if (health.length > 0) {
      yield '';
      yield* health;
    }
    if (skipped.length > 0) {
      yield '';
      yield 'skipped (--json names all)';
      yield* skippedLines(skipped);
    }
  }
}
