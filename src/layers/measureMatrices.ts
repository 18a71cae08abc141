import { createHash } from 'node:crypto';
import {
  type EntryCounts,
  type LayerSpectrum,
  type ValueStatistics,
  WEIGHT_MEASURE_KEYS,
  type WeightLayer,
} from '../protocol/index.ts';
import {
  type EntryNorms,
  EntryNormsGatherer,
  type MatrixSize,
  shuffledEntries,
  singularValues,
  unmeasured,
  valueStatistics,
  type WeightMeasures,
  weightMeasures,
} from '../spectrum/index.ts';
import { estimateMatrices } from './estimateMatrices.ts';
import { mergedStatistics } from './mergedStatistics.ts';
import { storedType } from './storedType.ts';
import type { Matrices } from './view.ts';
import type { Method } from './way.ts';

/** Deterministic for a layer, below 2^48; a different number is added for each slice. */
export const seedOf = (layer: string): number => createHash('sha256').update(layer).digest().readUIntBE(0, 6);

type Spectrum = Omit<LayerSpectrum, 'layer' | 'statistics' | 'entries'>;

/** Collects the values of each slice in turn, with one slice in memory; descending when complete. */
class Pooled {
  readonly values: Float64Array;
  private at = 0;

  constructor({ size: { rows, columns, slices = 1 } }: Matrices) {
    this.values = new Float64Array(slices * Math.min(rows, columns));
  }

  add(values: Float64Array): void {
    this.values.set(values, this.at);
    this.at += values.length;
  }

  descending(): Float64Array {
    return this.values.sort().reverse();
  }
}

const exactSpectrum = (matrices: Matrices, seed: number, dtype: string, norms: EntryNorms): Spectrum => {
  const [values, shuffled] = [new Pooled(matrices), new Pooled(matrices)];
  let slice = 0;
  for (const each of matrices.each()) {
    values.add(singularValues(each));
    shuffled.add(singularValues(shuffledEntries(each, seed + slice++)));
  }
  const size: MatrixSize = matrices.size;
  return {
    method: 'exact',
    singularValues: Array.from(values.descending()),
    error: null,
    distribution: null,
    shuffled: Array.from(shuffled.descending()),
    metrics: weightMeasures(values.values, size, shuffled.values, { type: storedType(dtype), norms }),
  };
};

/** `3 NaN`, `1 infinite value`, or both. */
export const notFinite = (nan: number, infinite: number): string => {
  const parts = [
    ...(nan > 0 ? [`${nan} NaN`] : []),
    ...(infinite > 0 ? [`${infinite} infinite ${infinite === 1 ? 'value' : 'values'}`] : []),
  ];
  return `the weights contain ${parts.join(' and ')}`;
};

/** Counts of the entries by rows and columns. */
export const countsOf = ({ rows, columns, zeroRows, zeroColumns, fingerprint }: EntryNorms): EntryCounts => ({
  rows,
  columns,
  zeroRows,
  zeroColumns,
  fingerprint,
});

/** A spectrum without values, with the reason at every measure. */
export const noSpectrum = (method: Method, why: string): Spectrum => ({
  method,
  singularValues: [],
  error: null,
  distribution: null,
  shuffled: null,
  metrics: Object.fromEntries(WEIGHT_MEASURE_KEYS.map((key) => [key, unmeasured(why)])) as WeightMeasures,
});

interface Counted {
  readonly statistics: ValueStatistics;
  readonly norms: EntryNorms;
}

const counted = (matrices: Matrices): Counted => {
  const norms = new EntryNormsGatherer(matrices.size.columns);
  let statistics: ValueStatistics | undefined;
  for (const values of matrices.values()) {
    const slice = valueStatistics([values]);
    statistics = statistics === undefined ? slice : mergedStatistics(statistics, slice);
    norms.add(values);
    norms.endMatrix();
  }
  return { statistics: statistics ?? valueStatistics([]), norms: norms.result() };
};

/**
 * Spectrum, measures and statistics of the matrices of one layer, which have one size and are read one after the other.
 * The order of the shuffled copy, within each matrix, and the random vectors of an estimate come from the name of the
 * layer.
 */
export const measureMatrices = (
  matrices: Matrices,
  { name: layer, dtype }: Pick<WeightLayer, 'name' | 'dtype'>,
  method: Method,
): LayerSpectrum => {
  const { statistics, norms } = counted(matrices);
  const { nan, infinite } = statistics;
  const seed = seedOf(layer);
  const spectrum = (): Spectrum => {
    if (nan + infinite > 0) return noSpectrum(method, notFinite(nan, infinite));
    return method === 'exact'
      ? exactSpectrum(matrices, seed, dtype, norms)
      : estimateMatrices(matrices, seed);
  };
  return { layer, ...spectrum(), statistics, entries: countsOf(norms) };
};
