import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/checkpoint/index.ts';
import { storedType } from '../../../src/layers/storedType.ts';
import type { LayerSpectrum } from '../../../src/protocol/index.ts';
import { roundingLevel } from '../../../src/spectrum/index.ts';
import { layerSpectrum } from './atOnce.ts';
import numpy from './fixtures/stored.json' with { type: 'json' };
import ranks from './fixtures/stored_ranks.json' with { type: 'json' };

/** What make_stored.py says about a matrix. */
interface Expected {
  readonly rank: number;
  readonly cutOff: number;
  readonly numericalRank: number;
  readonly condition: number | null;
  readonly zeroRows: number;
  readonly zeroColumns: number;
  readonly bulk: { readonly edge: number; readonly spikes: number } | null;
  readonly fit: Readonly<Record<'alpha' | 'xmin' | 'distance' | 'tail' | 'error', number>> | null;
  readonly noFit: string | null;
}

const all = Object.entries(numpy as Record<string, Expected>);

const measure = async (where: string): Promise<LayerSpectrum> => {
  const [file, layer] = where.split(' ');
  const checkpoint = await openCheckpoint(fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url)));
  try {
    return await layerSpectrum(checkpoint, { layer, convolution: 'reshape', method: 'exact' });
  } finally {
    await checkpoint.close();
  }
};

const close = (value: number | null | undefined, expected: number, share = 1e-9): void =>
  expect(Math.abs((value ?? Number.NaN) / expected - 1)).toBeLessThan(share);

describe.each(all)("%s, by numpy's values", (where, expected) => {
  it('has the rank, the condition and the zero lines of what is stored', async () => {
    const { metrics, entries } = await measure(where);
    expect(metrics.numericalRankStored?.value).toBe(expected.rank);
    expect(metrics.numericalRank?.value).toBe(expected.numericalRank);
    expect([entries.zeroRows, entries.zeroColumns]).toEqual([expected.zeroRows, expected.zeroColumns]);
    const { condition, conditionStored } = metrics;
    if (expected.condition === null) {
      expect(condition?.value).toBeNull();
      expect(condition?.note).toMatch(/^> \d\.\de\d+: the smallest singular value is /);
      // Never more than float64 can distinguish.
      expect(condition?.above).toBeLessThan(1 / Number.EPSILON);
    } else close(condition?.value, expected.condition, 1e-6);
    if (conditionStored?.value === null) {
      close(conditionStored.above, metrics.spectralNorm!.value! / expected.cutOff);
    } else close(conditionStored?.value, expected.condition!, 1e-6);
  });

  it('has spikes among its rank, and none of rounding', async () => {
    const { bulkEdge, spikes, numericalRankStored, aboveShuffled } = (await measure(where)).metrics;
    expect(spikes?.value ?? 0).toBeLessThanOrEqual(numericalRankStored!.value!);
    expect(aboveShuffled?.value).toBeGreaterThanOrEqual(0);
    if (expected.bulk === null) {
      expect(bulkEdge?.value).toBeNull();
      expect(spikes).toEqual({ value: null, note: bulkEdge?.note });
      expect(spikes?.note).toMatch(/^the rank at the precision of B?F\d+ is \d, too few for a bulk$/);
    } else {
      close(bulkEdge?.value, expected.bulk.edge);
      expect(spikes?.value).toBe(expected.bulk.spikes);
    }
  });

  it('has the exponent of its tail, or none for a reason that all of its numbers share', async () => {
    const { alpha, alphaError, xmin, ksDistance, tail } = (await measure(where)).metrics;
    if (expected.fit === null) {
      expect(alpha?.value).toBeNull();
      for (const other of [alphaError, xmin, ksDistance, tail]) expect(other).toEqual(alpha);
      expect(alpha?.note?.startsWith(expected.noFit!)).toBe(true);
      return;
    }
    close(alpha?.value, expected.fit.alpha);
    close(alphaError?.value, expected.fit.error);
    close(xmin?.value, expected.fit.xmin);
    close(ksDistance?.value, expected.fit.distance);
    expect(tail?.value).toBe(expected.fit.tail);
  });
});

describe('spikes and what lies above the shuffled copy', () => {
  it.each(['heavy_iid.npz pareto', 'heavy_iid.npz t2'])('disagree in %s, and say so', async (where) => {
    const { spikes, aboveShuffled } = (await measure(where)).metrics;
    expect(spikes?.value).toBeGreaterThan(9);
    // Two draws from one distribution: the larger largest value may be either's.
    expect(aboveShuffled?.value).toBeLessThanOrEqual(1);
    expect(spikes?.note).toBe(
      `${aboveShuffled?.value} are above the largest of the shuffled copy: single large weights, not their order, may explain the others`,
    );
  });

  it('agree about noise as far as chance allows, without a word', async () => {
    const { spikes, aboveShuffled } = (await measure('degenerate.safetensors noise_bf16.weight')).metrics;
    expect(aboveShuffled?.value).toBeLessThanOrEqual(3);
    expect(spikes).toEqual({ value: 0 });
  });

  it('disagree about a spectrum of low rank that is all order', async () => {
    const { spikes, aboveShuffled } = (await measure('degenerate.safetensors rank20_f32.weight')).metrics;
    expect(spikes?.value).toBe(0);
    expect(aboveShuffled?.value).toBeGreaterThan(3);
    expect(spikes?.note).toBe(
      `${aboveShuffled?.value} are above the largest of the shuffled copy, more than are beyond the bulk`,
    );
  });

  it('agree about planted spikes, without a word', async () => {
    const { spikes, aboveShuffled } = (await measure('degenerate.safetensors noise_spikes_f16.weight'))
      .metrics;
    expect(aboveShuffled).toEqual({ value: 3 });
    expect(spikes).toEqual({ value: 3 });
  });

  it('leave pruned rows and columns out of the copy', async () => {
    const { singularValues, shuffled, metrics } = await measure(
      'degenerate.safetensors noise_pruned_f32.weight',
    );
    expect(shuffled?.filter((sigma) => sigma > 1e-9).length).toBe(41);
    expect(metrics.aboveShuffled?.value).toBeLessThanOrEqual(1);
    expect(Math.abs(shuffled![0] / singularValues[0] - 1)).toBeLessThan(0.1);
  });
});

describe('the rank at the precision of the stored type', () => {
  it.each(['F64', 'F32', 'F16', 'BF16'])(
    'is that of a random product before it was rounded to %s',
    (type) => {
      const cases = ranks.filter((each) => each.type === type);
      expect(cases.length).toBe(40);
      for (const { rank, singularValues, ...norms } of cases) {
        const level = roundingLevel(singularValues[0], norms, storedType(type), norms);
        expect(singularValues.filter((sigma) => sigma > level).length).toBe(rank);
      }
    },
  );

  it.each([
    ['F32', 24],
    ['FLOAT', 24],
    ['<f4', 24],
    ['float64', 53],
    ['>f8', 53],
    ['DOUBLE', 53],
    ['<f2', 11],
    ['FLOAT16', 11],
    ['float32 (float16)', 11],
    ['BFLOAT16', 8],
    ['bfloat16', 8],
    ['F8_E4M3', 4],
    ['FLOAT8E5M2FNUZ', 3],
    ['float8_e4m3fn', 4],
    ['F4', 2],
    ['FLOAT4E2M1', 2],
    ['MXFP4', 2],
    ['Q8_0', 7],
    ['Q4_K', 3],
    ['float32 (uint8)', 6],
    ['I8', 6],
    ['something new', 24],
  ])('knows how exactly %s stores', (dtype, bits) => {
    expect(storedType(dtype)).toMatchObject({ name: dtype, unit: 2 ** -bits });
  });
});

it('lets the smallest number of a scaled type be any: its scale decides', () => {
  // Per-tensor scales of some 1e-4 bring all weights below the smallest E4M3 number, 2^-9.
  expect(storedType('F8_E4M3').floor).toBe(2 ** -10);
  for (const dtype of [
    'F8_E4M3 × scale',
    'NVFP4 × scale',
    'MXFP4 × scale',
    'FLOAT8E4M3FN × scale',
    'I8 × scale',
  ]) {
    expect(storedType(dtype).floor).toBe(0);
  }
  expect(storedType('I8 × scale').unit).toBe(2 ** -6);
  expect(storedType('F8_E4M3 × scale').unit).toBe(2 ** -4);
});
