import type { Measure, WeightMeasure } from '../../protocol/index.ts';
import { measured, unmeasured } from '../measure.ts';
import { fitBulk, type MatrixSize } from './bulk.ts';
import type { EntryNorms } from './entryNorms.ts';

type BulkMeasures = Record<Extract<WeightMeasure, 'bulkEdge' | 'spikes'>, Measure>;

/** Fewer eigenvalues than this have no meaningful bulk. */
const FEWEST_FOR_BULK = 10;

/**
 * The size of the noise that singular values above rounding (`kept`) can be: the larger side without its zero rows or
 * columns, and as many dimensions as values were kept. For slices, the mean of all: a matrix of rank r acts in r
 * dimensions of its smaller side, and random entries there have the spectrum of an N x r matrix.
 */
const noiseSize = (kept: number, size: MatrixSize, norms: EntryNorms | null): MatrixSize => {
  const slices = size.slices ?? 1;
  const rows = size.rows - (norms?.zeroRows ?? 0) / slices;
  const columns = size.columns - (norms?.zeroColumns ?? 0) / slices;
  return { rows: Math.max(rows, columns), columns: kept / slices, slices };
};

const noBulk = (why: string): BulkMeasures => ({ bulkEdge: unmeasured(why), spikes: unmeasured(why) });

/**
 * Edge of the Marchenko-Pastur bulk and the eigenvalues beyond it, by `fitBulk`, of the singular values that rounding to
 * the stored type cannot have made: `kept`, descending. There are never more spikes than that.
 */
export function bulkMeasures(
  kept: Float64Array,
  size: MatrixSize,
  norms: EntryNorms | null,
  precision: string,
): BulkMeasures {
  const smaller = Math.min(size.rows, size.columns);
  if (smaller < FEWEST_FOR_BULK) return noBulk(`the smaller side is ${smaller}, too few for a bulk`);
  if (kept.length < FEWEST_FOR_BULK * (size.slices ?? 1))
    return noBulk(`the rank at the precision of ${precision} is ${kept.length}, too few for a bulk`);
  const fit = fitBulk(
    kept.map((sigma) => sigma * sigma),
    noiseSize(kept.length, size, norms),
  );
  if (fit === null) return noBulk('no bulk is left');
  const caution =
    2 * fit.spikes > kept.length
      ? 'most eigenvalues are beyond the bulk: this is not noise with spikes'
      : undefined;
  return { bulkEdge: measured(fit.edge, caution), spikes: measured(fit.spikes, caution) };
}

/**
 * How many singular values exceed the largest one of the same entries in a random order by more than computing can
 * separate equal ones (`level`); both descending.
 */
export const aboveShuffled = (values: Float64Array, shuffled: Float64Array, level: number): number => {
  const first = values.findIndex((sigma) => sigma <= shuffled[0] + level);
  return first < 0 ? values.length : first;
};

/** In noise, chance puts up to some three values above those of the shuffled copy; a single spike is also chance. */
const [BY_CHANCE, SPIKE_BY_CHANCE] = [3, 1];

/** Counts that differ by no more than chance, or by a quarter of the larger, agree. */
const disagree = (spikes: number, above: number): boolean =>
  Math.abs(spikes - above) >
  Math.max(above > spikes ? BY_CHANCE : SPIKE_BY_CHANCE, Math.max(spikes, above) / 4);

const joined = (...notes: (string | undefined)[]): string | undefined => {
  const said = notes.filter((note) => note !== undefined);
  return said.length === 0 ? undefined : said.join('; ');
};

const disagreement = (spikes: number, above: number): string =>
  above < spikes
    ? `${above} are above the largest of the shuffled copy: single large weights, not their order, may explain the others`
    : `${above} are above the largest of the shuffled copy, more than are beyond the bulk`;

/** The two counts of what noise does not explain, side by side; if they disagree, the spikes say so. */
export function withShuffledCount(
  bulk: BulkMeasures,
  above: number | null,
): BulkMeasures & Partial<Record<'aboveShuffled', Measure>> {
  if (above === null) return bulk;
  const { value, note } = bulk.spikes;
  const caution = value !== null && disagree(value, above) ? disagreement(value, above) : undefined;
  const spikes = value === null ? bulk.spikes : measured(value, joined(note, caution));
  return { ...bulk, spikes, aboveShuffled: measured(above) };
}
