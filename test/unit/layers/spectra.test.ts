import { copyFileSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  encodeSafetensors,
  openCheckpoint,
  openSafetensors,
  type StoredTensor,
} from '../../../src/checkpoint/index.ts';
import { openSpectrumPool } from '../../../src/layers/index.ts';
import type { LayerSpectrum } from '../../../src/protocol/index.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';
import { layerSpectrum } from './atOnce.ts';
import { EXPECTED, WEIGHTS } from './checkpoints.ts';

const measure = async (
  file: string | Uint8Array,
  layer: string,
  method: 'auto' | 'exact' | 'estimate' = 'auto',
  cache?: string,
): Promise<LayerSpectrum> => {
  const checkpoint = await openSafetensors(file, 'bytes');
  try {
    return await layerSpectrum(checkpoint, { layer, convolution: 'slices', method, cache });
  } finally {
    await checkpoint.close();
  }
};

/** An n x n diagonal matrix. */
const diagonal = (values: readonly number[]): StoredTensor => {
  const data = new Float64Array(values.length ** 2);
  for (const [i, value] of values.entries()) data[i * (values.length + 1)] = value;
  return { dtype: 'float64', shape: [values.length, values.length], data };
};

describe('an exact spectrum', () => {
  it('comes with measures, statistics, and that of the same values shuffled', async () => {
    const { singularValues: expected, values } = EXPECTED.slices['conv2d.weight'];
    const spectrum = await measure(WEIGHTS, 'conv2d.weight');
    expect(spectrum).toMatchObject({
      layer: 'conv2d.weight',
      method: 'exact',
      error: null,
      distribution: null,
    });
    const norm = values.flat().reduce((sum, value) => sum + value * value, 0);
    const { metrics, shuffled, statistics } = spectrum;
    expect(metrics.spectralNorm?.value).toBeCloseTo(expected[0], 10);
    expect(metrics.frobeniusNorm?.value).toBeCloseTo(Math.sqrt(norm), 10);
    expect(metrics.stableRank?.value).toBeCloseTo(norm / expected[0] ** 2, 10);
    expect(statistics).toMatchObject({
      count: 72,
      nan: 0,
      infinite: 0,
      zero: 0,
      max: Math.max(...values.flat()),
    });
    // Shuffling keeps the sum of squares within each slice, and changes the rest.
    expect(shuffled?.reduce((sum, sigma) => sum + sigma * sigma, 0)).toBeCloseTo(norm, 9);
    expect(shuffled?.[0]).not.toBeCloseTo(expected[0], 6);
    expect(await measure(WEIGHTS, 'conv2d.weight')).toEqual(spectrum);
  });

  it('has no values where weights are not finite, and says why', async () => {
    const { singularValues, metrics, statistics, shuffled } = await measure(WEIGHTS, 'not_finite.weight');
    expect([singularValues, shuffled]).toEqual([[], null]);
    expect(metrics.spectralNorm).toEqual({
      value: null,
      note: 'the weights contain 1 NaN and 1 infinite value',
    });
    expect(statistics).toMatchObject({ count: 4, nan: 1, infinite: 1, zero: 1, min: 0, max: 1, mean: 0.5 });
  });

  it('is refused for a layer that is not there', async () => {
    const fault = await faultOf(measure(WEIGHTS, 'conv9.weight'));
    expect(fault.message).toBe(`${WEIGHTS}: has no layer "conv9.weight". Use one that \`spectra\` lists.`);
  });
});

describe('an estimate', () => {
  const exact = Array.from({ length: 96 }, (_, i) => 10 / (1 + i));

  it('bounds what it says, of one matrix', async () => {
    const file = encodeSafetensors(new Map([['a.weight', diagonal(exact)]]));
    const { method, singularValues, error, distribution, metrics, shuffled } = await measure(
      file,
      'a.weight',
      'estimate',
    );
    expect([method, shuffled]).toEqual(['estimate', null]);
    expect(singularValues.length).toBe(10);
    for (const [i, value] of singularValues.entries()) {
      expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(error!.values[i] + 1e-13);
    }
    for (const [sigma, share] of distribution!) {
      const below = exact.filter((value) => value <= sigma).length / exact.length;
      expect(Math.abs(share - below)).toBeLessThanOrEqual(error!.distribution + 1e-12);
    }
    expect(metrics.spectralNorm?.note).toMatch(/^estimate; within /);
    expect(metrics.alpha).toEqual({
      value: null,
      note: 'needs every singular value: ask for the exact spectrum',
    });
  });

  it('takes the slices of a convolution together', async () => {
    const data = new Float64Array(32 * 32 * 3);
    for (let i = 0; i < 32; i++) for (let p = 0; p < 3; p++) data[(i * 32 + i) * 3 + p] = exact[3 * i + p];
    const kernel: StoredTensor = { dtype: 'float64', shape: [32, 32, 3], data };
    const file = encodeSafetensors(new Map([['c.weight', kernel]]));
    const { singularValues, error } = await measure(file, 'c.weight', 'estimate');
    for (const [i, value] of singularValues.entries()) {
      expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(error!.values[i] + 1e-13);
    }
  });
});

/** A clock by which every file was written long ago. */
const LATER = (): number => Date.now() + 10_000;

describe('kept results', () => {
  const scratch = scratchFolder();
  let copy: string;
  let cache: string;
  beforeEach(() => {
    const folder = mkdtempSync(join(scratch, 'kept-'));
    copy = join(folder, 'model.safetensors');
    cache = join(folder, 'cache');
    copyFileSync(WEIGHTS, copy);
  });

  /** The number of tensors that were read. */
  const counting = async (layer: string): Promise<[LayerSpectrum, number]> => {
    const checkpoint = await openCheckpoint(copy, LATER);
    let reads = 0;
    const counted: Checkpoint = {
      ...checkpoint,
      read: (name) => {
        reads++;
        return checkpoint.read(name);
      },
    };
    const question = { layer, convolution: 'reshape', method: 'exact', cache } as const;
    const spectrum = await layerSpectrum(counted, question);
    await checkpoint.close();
    return [spectrum, reads];
  };
  const files = (): string[] =>
    (readdirSync(cache, { recursive: true }) as string[]).filter((each) => each.endsWith('.json'));

  it('spare an unchanged file the reading, and another file of the same content the work', async () => {
    const [first, reads] = await counting('conv1d.weight');
    expect(reads).toBe(1);
    expect(files().length).toBe(2);
    expect(await counting('conv1d.weight')).toEqual([first, 0]);
    utimesSync(copy, 1000, 1000);
    expect(await counting('conv1d.weight')).toEqual([first, 1]);
    // Another version of a file, the same spectrum.
    expect(files().length).toBe(3);
  });

  it('are of no use for other content under the same name', async () => {
    const [first] = await counting('rnn.weight_hh_l0');
    const bytes = readFileSync(copy);
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString()) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    const [from] = header['rnn.weight_hh_l0'].data_offsets;
    bytes.writeFloatLE(7, 8 + Number(bytes.readBigUInt64LE()) + from);
    writeFileSync(copy, bytes);
    const [second] = await counting('rnn.weight_hh_l0');
    expect(second.statistics.max).toBe(7);
    expect(second.singularValues).not.toEqual(first.singularValues);
  });

  it('that are damaged count as not there', async () => {
    const [first] = await counting('kv.weight[k]');
    for (const file of files()) writeFileSync(join(cache, file), '{"version":1,"layer":');
    expect(await counting('kv.weight[k]')).toEqual([first, 1]);
  });

  it('cost nothing where they cannot be written', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const spectrum = await measure(WEIGHTS, 'rnn.weight_ih_l0', 'exact', join(file, 'cache'));
    expect(spectrum.singularValues.length).toBe(3);
  });
});

describe('a pool', () => {
  const pool = openSpectrumPool();

  it('measures by path', async () => {
    const params = { file: WEIGHTS, layer: 'kv.weight[v]', convolution: 'reshape', method: 'auto' } as const;
    expect(await pool.measure(params)).toEqual(await measure(WEIGHTS, 'kv.weight[v]'));
  });

  it('passes faults on, and stops before it begins when it is told to', async () => {
    const params = { file: WEIGHTS, layer: 'x', convolution: 'reshape', method: 'auto' } as const;
    expect((await faultOf(pool.measure(params))).what).toBe('has no layer "x"');
    expect((await faultOf(pool.measure({ ...params, file: 'no-such-file' }))).what).toBe(
      'there is no such file',
    );
    const reason = new Error('enough');
    await expect(pool.measure({ ...params, layer: 'kv.weight[v]' }, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });
});
