import {
  formatBound,
  type LayerSpectrum,
  type Measure,
  type ValueStatistics,
  type WeightLayer,
  type WeightMeasure,
} from '../protocol/index.ts';
import {
  type EntryNorms,
  EntryNormsGatherer,
  type GramSingularValues,
  type Rows,
  singularValuesOfRows,
  valueStatistics,
  type WeightMeasures,
  weightMeasures,
} from '../spectrum/index.ts';
import { countsOf, noSpectrum, notFinite, seedOf } from './measureMatrices.ts';
import { mergedStatistics } from './mergedStatistics.ts';
import type { RowBlocks } from './rowBlocks.ts';
import { openRowSum, type RowSum } from './rowSum.ts';
import { storedType } from './storedType.ts';

/** A value is taken from the Gram matrix when it is known within this share of the largest, or this share of itself. */
const OF_LARGEST = 1e-10;
const OF_ITSELF = 1e-6;
/** Magnitudes whose squares, summed, neither overflow nor lose digits. */
const SQUARABLE = 1e140;

type TallLayer = Pick<WeightLayer, 'name' | 'dtype' | 'matrix'>;

/** What is kept of a matrix after its rows have been read. */
interface TallSums {
  readonly statistics: ValueStatistics;
  readonly norms: EntryNorms;
}

/** The sums of the rows, and of those of the shuffled copy. */
interface RowSums {
  readonly own: RowSum;
  readonly shuffled: RowSum;
}

function asRows(values: ArrayLike<number>, scale = 1): Rows {
  if (scale === 1 && (values instanceof Float32Array || values instanceof Float64Array)) return values;
  const rows = new Float64Array(values.length);
  for (let i = 0; i < rows.length; i++) rows[i] = scale * values[i];
  return rows;
}

/** Statistics of the rows, which are also added to the sums as long as all are finite: in one pass. */
const sumRows = async (source: RowBlocks, { own, shuffled }: RowSums, seed: number): Promise<TallSums> => {
  const norms = new EntryNormsGatherer(source.columns);
  let statistics = valueStatistics([]);
  let index = 0;
  for await (const values of source.blocks()) {
    const rows = asRows(values);
    statistics = mergedStatistics(statistics, valueStatistics([rows]));
    norms.add(rows);
    if (statistics.nan + statistics.infinite > 0) continue;
    await own.add(rows, null);
    await shuffled.add(rows, seed + index++);
  }
  norms.endMatrix();
  return { statistics, norms: norms.result() };
};

/** Works with its own sum, and ends its thread. */
const withRowSum = async <T>(columns: number, work: (sum: RowSum) => Promise<T>): Promise<T> => {
  const sum = openRowSum(columns);
  try {
    return await work(sum);
  } finally {
    await sum.close();
  }
};

/** The values of the shuffled copy if the entries have to be scaled first; its order is that of `sumRows`. */
const scaledShuffledValues = (source: RowBlocks, seed: number, scale: number): Promise<Float64Array> =>
  withRowSum(source.columns, async (sum) => {
    let index = 0;
    for await (const values of source.blocks()) await sum.add(asRows(values, scale), seed + index++);
    return (await sum.values()).values.map((value) => value / scale);
  });

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

/** From the Gram matrix if it determines every value well enough, else from the rows in a second pass. */
const valuesOf = async (source: RowBlocks, own: RowSum, scale: number): Promise<TallValues> => {
  if (scale === 1) {
    const found = await own.values();
    if (isPrecise(found)) {
      const { values, errorBounds } = found;
      const worst = errorBounds.reduce((most, bound) => Math.max(most, bound), 0) / (values[0] || 1);
      const note = `from the Gram matrix, summed by blocks of rows: every singular value within ${formatBound(worst)} of the largest`;
      return { values, note };
    }
  }
  return {
    values: await singularValuesOfRows(source.blocks(), source.columns, scale),
    note: 'from a QR decomposition by blocks of rows, as the Gram matrix loses the smallest values',
  };
};

const shuffledValuesOf = async (
  source: RowBlocks,
  shuffled: RowSum,
  seed: number,
  scale: number,
): Promise<Float64Array> =>
  scale === 1 ? (await shuffled.values()).values : scaledShuffledValues(source, seed, scale);

const withNote = (measure: Measure | undefined, note: string): Measure | undefined =>
  measure === undefined || note === ''
    ? measure
    : { ...measure, note: measure.note === undefined ? note : `${measure.note}; ${note}` };

/** Measures that say how the values were computed: the first, and those that depend on the smallest values. */
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

/** Norms of the transpose. */
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
 * Spectrum, measures and statistics of a matrix with one long side, with only blocks of rows in memory. The singular
 * values come from the Gram matrix of the shorter side with their error bounds; if these are above 1e-10 of the largest
 * and 1e-6 of the value itself, from a QR decomposition of the same blocks. The copy is shuffled within blocks, block k
 * with the seed of the layer plus k, because the whole is never in memory. The two are summed in separate threads.
 */
export const measureTall = (source: RowBlocks, layer: TallLayer): Promise<LayerSpectrum> =>
  withRowSum(source.columns, (own) =>
    withRowSum(source.columns, (shuffled) => measureWith(source, layer, { own, shuffled })),
  );

const measureWith = async (
  source: RowBlocks,
  { name: layer, dtype, matrix: [rows, columns] }: TallLayer,
  sums: RowSums,
): Promise<LayerSpectrum> => {
  const seed = seedOf(layer);
  const { statistics, norms: ofBlocks } = await sumRows(source, sums, seed);
  const norms = rows >= columns ? ofBlocks : turned(ofBlocks);
  const entries = countsOf(norms);
  const { nan, infinite } = statistics;
  if (nan + infinite > 0) {
    return { layer, ...noSpectrum('exact', notFinite(nan, infinite)), statistics, entries };
  }
  const scale = scaleOf(statistics);
  const [{ values, note }, random] = await Promise.all([
    valuesOf(source, sums.own, scale),
    shuffledValuesOf(source, sums.shuffled, seed, scale),
  ]);
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
