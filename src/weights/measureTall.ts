import type {
  LayerSpectrum,
  Measure,
  ValueStatistics,
  WeightLayer,
  WeightMeasure,
} from '../protocol/index.ts';
import {
  type EntryNorms,
  EntryNormsGatherer,
  type GramSingularValues,
  GramSum,
  matrix,
  type Rows,
  shuffledEntries,
  singularValuesOfRows,
  singularValuesOfSum,
  valueStatistics,
  type WeightMeasures,
  weightMeasures,
} from '../spectrum/index.ts';
import { countsOf, noSpectrum, notFinite, seedOf } from './measureMatrices.ts';
import { mergedStatistics } from './mergedStatistics.ts';
import type { RowBlocks } from './rowBlocks.ts';
import { storedType } from './storedType.ts';

/** A value is taken from the Gram matrix when it is known within this share of the largest, or this share of itself. */
const OF_LARGEST = 1e-10;
const OF_ITSELF = 1e-6;
/** Magnitudes whose squares, summed, neither overflow nor lose digits. */
const SQUARABLE = 1e140;

/** What is left of the values of a matrix when its rows have gone by. */
interface TallSums {
  readonly statistics: ValueStatistics;
  readonly norms: EntryNorms;
  /** Null when there are values that are not finite. */
  readonly gram: GramSum | null;
}

const asRows = (values: ArrayLike<number>, scale = 1): Rows =>
  scale === 1 && (values instanceof Float32Array || values instanceof Float64Array)
    ? values
    : Float64Array.from(values, (value) => scale * value);

/** Sums and statistics of the rows, in one pass. */
const sumRows = async (source: RowBlocks): Promise<TallSums> => {
  const gram = new GramSum(source.columns);
  const norms = new EntryNormsGatherer(source.columns);
  let statistics = valueStatistics([]);
  for await (const values of source.blocks()) {
    const rows = asRows(values);
    statistics = mergedStatistics(statistics, valueStatistics([rows]));
    norms.add(rows);
    if (statistics.nan + statistics.infinite === 0) gram.add(rows);
  }
  norms.endMatrix();
  return {
    statistics,
    norms: norms.result(),
    gram: statistics.nan + statistics.infinite === 0 ? gram : null,
  };
};

/**
 * Singular values, descending, of the rows with their entries in a random order: within each block, as the whole is never in
 * memory. Block k has the seed of the layer plus k. Entries must be finite.
 */
const shuffledValues = async (source: RowBlocks, layer: string, scale: number): Promise<Float64Array> => {
  const gram = new GramSum(source.columns);
  const seed = seedOf(layer);
  let index = 0;
  for await (const values of source.blocks()) {
    const block = matrix(values.length / source.columns, source.columns, Float64Array.from(values));
    gram.add(asRows(shuffledEntries(block, seed + index++).data, scale));
  }
  return singularValuesOfSum(gram).values.map((value) => value / scale);
};

const isPrecise = ({ values, errorBounds }: GramSingularValues): boolean =>
  values.every((sigma, k) => errorBounds[k] <= Math.max(OF_LARGEST * values[0], OF_ITSELF * sigma));

/** The power of two that brings the largest value near 1, where squares would otherwise be out of range. */
const scaleOf = ({ min, max }: ValueStatistics): number => {
  const magnitude = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
  if (magnitude === 0 || (magnitude < SQUARABLE && magnitude > 1 / SQUARABLE)) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.floor(Math.log2(magnitude))));
};

interface TallValues {
  readonly values: Float64Array;
  readonly note: string;
}

/** From the Gram matrix where that tells every value well enough, else from the rows once more. */
const valuesOf = async (source: RowBlocks, gram: GramSum, scale: number): Promise<TallValues> => {
  if (scale === 1) {
    const found = singularValuesOfSum(gram);
    if (isPrecise(found)) {
      const { values, errorBounds } = found;
      const worst = errorBounds.reduce((most, bound) => Math.max(most, bound), 0) / (values[0] || 1);
      const note = `from the Gram matrix, summed by blocks of rows: every singular value within ${worst.toExponential(1)} of the largest`;
      return { values, note };
    }
  }
  return {
    values: await singularValuesOfRows(source.blocks(), source.columns, scale),
    note: 'from a QR decomposition by blocks of rows, as the Gram matrix loses the smallest values',
  };
};

const withNote = (measure: Measure | undefined, note: string): Measure | undefined =>
  measure === undefined || note === ''
    ? measure
    : { ...measure, note: measure.note === undefined ? note : `${measure.note}; ${note}` };

/** Measures that say how the values were found: the first, and those that hang on the smallest. */
const SAY: readonly WeightMeasure[] = ['spectralNorm', 'condition', 'numericalRank'];
const SHUFFLED: readonly WeightMeasure[] = [
  'shuffledSpectralNorm',
  'shuffledStableRank',
  'shuffledEffectiveRank',
  'shuffledAlpha',
];

const noted = (metrics: WeightMeasures, keys: readonly WeightMeasure[], note: string): WeightMeasures => ({
  ...metrics,
  ...Object.fromEntries(
    keys.flatMap((key) => {
      const measure = withNote(metrics[key], note);
      return measure === undefined ? [] : [[key, measure]];
    }),
  ),
});

/** Of the transpose. */
const turned = (norms: EntryNorms): EntryNorms => ({
  ...norms,
  rows: norms.columns,
  columns: norms.rows,
  zeroRows: norms.zeroColumns,
  zeroColumns: norms.zeroRows,
  largestRow: norms.largestColumn,
  largestColumn: norms.largestRow,
});

/**
 * Spectrum, measures and statistics of a matrix with one long side, of which only blocks of rows are in memory. The singular
 * values come from the Gram matrix of the shorter side with their error bounds; where these are above 1e-10 of the largest and
 * 1e-6 of the value itself, from a QR decomposition of the same blocks. The copy is shuffled within blocks.
 */
export const measureTall = async (
  source: RowBlocks,
  { name: layer, dtype, matrix: [rows, columns] }: Pick<WeightLayer, 'name' | 'dtype' | 'matrix'>,
): Promise<LayerSpectrum> => {
  const { statistics, norms: ofBlocks, gram } = await sumRows(source);
  const norms = rows >= columns ? ofBlocks : turned(ofBlocks);
  const entries = countsOf(norms);
  const { nan, infinite } = statistics;
  if (gram === null) {
    return { layer, ...noSpectrum('exact', notFinite(nan, infinite)), statistics, entries };
  }
  const scale = scaleOf(statistics);
  const { values, note } = await valuesOf(source, gram, scale);
  const random = await shuffledValues(source, layer, scale);
  const metrics = weightMeasures(values, { rows, columns }, random, { type: storedType(dtype), norms });
  const order = `shuffled within blocks of ${source.blockRows} ${rows >= columns ? 'rows' : 'columns'}`;
  return {
    layer,
    method: 'exact',
    singularValues: [...values],
    error: null,
    distribution: null,
    shuffled: [...random],
    metrics: noted(noted(metrics, SAY, note), SHUFFLED, order),
    statistics,
    entries,
  };
};
