import { createHash } from 'node:crypto';
import type { EntryCounts, LayerSpectrum, WeightLayer } from '../protocol/index.ts';
import {
  type EntryNorms,
  entryNorms,
  type Matrix,
  shuffledEntries,
  singularValues,
  unmeasured,
  valueStatistics,
  WEIGHT_DEFINITIONS,
  type WeightMeasures,
  weightMeasures,
} from '../spectrum/index.ts';
import { estimateMatrices } from './estimateMatrices.ts';
import { storedType } from './storedType.ts';

export type Method = LayerSpectrum['method'];

/**
 * Floating-point operations up to which every singular value is computed without being asked for: some 5 s on one
 * core at the 6 to 7 GFlop/s of the kernel, and as much again for the shuffled copy.
 */
const EXACT_OPERATIONS = 3e10;
/** With a smaller side than this an estimate takes as long as the exact values. */
const SMALLEST_ESTIMATED = 1024;

/** Of the bidiagonal reduction of all slices; tall ones go through a triangular factor. */
const operationsOf = ({ matrix, slices }: WeightLayer): number => {
  const [larger, smaller] = [Math.max(...matrix), Math.min(...matrix)];
  const direct = 4 * larger * smaller ** 2 - (4 / 3) * smaller ** 3;
  const factored = 2 * larger * smaller ** 2 + 2 * smaller ** 3;
  return slices * Math.min(direct, factored);
};

/** How a layer is measured when this is asked for. */
export const methodFor = (layer: WeightLayer, asked: Method | 'auto'): Method => {
  if (asked !== 'auto') return asked;
  const large = operationsOf(layer) > EXACT_OPERATIONS && Math.min(...layer.matrix) >= SMALLEST_ESTIMATED;
  return large ? 'estimate' : 'exact';
};

/** The same for the same layer, below 2^48; another number for each slice is added to it. */
const seedOf = (layer: string): number => createHash('sha256').update(layer).digest().readUIntBE(0, 6);

const descending = (all: readonly Float64Array[]): Float64Array => {
  const values = new Float64Array(all.reduce((count, { length }) => count + length, 0));
  let at = 0;
  for (const part of all) {
    values.set(part, at);
    at += part.length;
  }
  return values.sort().reverse();
};

type Spectrum = Omit<LayerSpectrum, 'layer' | 'statistics' | 'entries'>;

const exactSpectrum = (
  matrices: readonly Matrix[],
  seed: number,
  dtype: string,
  norms: EntryNorms,
): Spectrum => {
  const [{ rows, columns }] = matrices;
  const values = descending(matrices.map((each) => singularValues(each)));
  const shuffled = descending(matrices.map((each, i) => singularValues(shuffledEntries(each, seed + i))));
  return {
    method: 'exact',
    singularValues: [...values],
    error: null,
    distribution: null,
    shuffled: [...shuffled],
    metrics: weightMeasures(values, { rows, columns, slices: matrices.length }, shuffled, {
      type: storedType(dtype),
      norms,
    }),
  };
};

/** `3 NaN`, `1 infinite value`, or both. */
const notFinite = (nan: number, infinite: number): string => {
  const parts = [
    ...(nan > 0 ? [`${nan} NaN`] : []),
    ...(infinite > 0 ? [`${infinite} infinite ${infinite === 1 ? 'value' : 'values'}`] : []),
  ];
  return `the weights hold ${parts.join(' and ')}`;
};

/** What is counted of the entries by their rows and columns. */
const countsOf = ({ rows, columns, zeroRows, zeroColumns, fingerprint }: EntryNorms): EntryCounts => ({
  rows,
  columns,
  zeroRows,
  zeroColumns,
  fingerprint,
});

/** A spectrum without values, all of whose measures say why. */
const noSpectrum = (method: Method, why: string): Spectrum => ({
  method,
  singularValues: [],
  error: null,
  distribution: null,
  shuffled: null,
  metrics: Object.fromEntries(
    Object.keys(WEIGHT_DEFINITIONS).map((key) => [key, unmeasured(why)]),
  ) as WeightMeasures,
});

/**
 * Spectrum, measures and statistics of the matrices of one layer, which are all of one size. The order of the shuffled
 * copy, within each matrix, and the random vectors of an estimate come from the name of the layer.
 */
export const measureMatrices = (
  matrices: readonly Matrix[],
  { name: layer, dtype }: Pick<WeightLayer, 'name' | 'dtype'>,
  method: Method,
): LayerSpectrum => {
  const statistics = valueStatistics(matrices.map(({ data }) => data));
  const norms = entryNorms(matrices);
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
