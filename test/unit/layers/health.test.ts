import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeSafetensors, openSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { checkpointHealth } from '../../../src/layers/health.ts';
import { healthWords, layersCsv, openSpectrumPool, summarise } from '../../../src/layers/index.ts';
import { otherTensors, tensorValues } from '../../../src/layers/tensorValues.ts';
import type { TensorHealth } from '../../../src/protocol/index.ts';
import { layerSpectrum } from './atOnce.ts';
import { headerOnly } from './checkpoints.ts';

const SICK = fileURLToPath(new URL('./fixtures/sick.safetensors', import.meta.url));

const tensor = (shape: number[], value: (i: number) => number): StoredTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
/** Different values without a pattern. */
const rough = (seed: number) => (i: number) => Math.sin(12.9898 * (i + 1) * seed);

const examined = async (file: string | Uint8Array) => {
  const checkpoint = await openSafetensors(file, 'bytes');
  try {
    const summary = await summarise(checkpoint, 'reshape');
    const measured = await Promise.all(
      summary.layers.map(async (layer) => ({
        layer,
        spectrum: await layerSpectrum(checkpoint, {
          layer: layer.name,
          convolution: 'reshape',
          method: 'exact',
        }),
      })),
    );
    const values = await tensorValues(checkpoint, { convolution: 'reshape' });
    return { summary, measured, values, health: checkpointHealth(measured, values) };
  } finally {
    await checkpoint.close();
  }
};

const said = (findings: readonly TensorHealth[]): string[] =>
  findings.map((each) => `${each.severity} ${each.name}: ${healthWords(each)}`);

describe('the health of tensors', () => {
  it('is told of vectors, buffers and single numbers too', async () => {
    const file = encodeSafetensors(
      new Map([
        ['fine.weight', tensor([4, 6], rough(1))],
        ['fine.bias', tensor([6], rough(2))],
        ['zero.bias', tensor([6], () => 0)],
        ['ones.gain', tensor([6], () => 1)],
        ['broken.bias', tensor([6], (i) => [Number.NaN, Infinity, 0, 1, 2, -Infinity][i])],
        ['bn.running_mean', tensor([6], (i) => (i === 3 ? Number.NaN : i))],
        ['temperature', tensor([], () => Infinity)],
        ['twin.bias', tensor([6], rough(2))],
      ]),
    );
    const { health, values, summary, measured } = await examined(file);
    expect(said(health.findings)).toEqual([
      'error broken.bias: 1 of 6 values is NaN, 2 of 6 values are infinite',
      'note ones.gain: all 6 values are equal',
      'note twin.bias: has the same values as fine.bias',
      'note zero.bias: all 6 values are zero',
      'error bn.running_mean: 1 of 6 values is NaN',
      'error temperature: 1 of 1 value is infinite',
    ]);
    expect([health.tensors, health.sick]).toEqual([8, 3]);
    expect(values.find(({ name }) => name === 'broken.bias')?.statistics).toMatchObject({
      nan: 1,
      infinite: 2,
      zero: 1,
    });

    const spectra = new Map(measured.map(({ layer, spectrum }) => [layer.name, spectrum]));
    const [head, ...rows] = layersCsv(summary, spectra, values).trimEnd().split('\r\n');
    const titles = head.split(',');
    const broken = rows.find((row) => row.includes('broken.bias'))!.split(/,(?! 2 of)/);
    const cell = (title: string): string => broken[titles.indexOf(title)];
    expect([cell('layer_type'), cell('nan'), cell('infinite'), cell('severity')]).toEqual([
      'vector',
      '1',
      '2',
      'error',
    ]);
    expect(rows.length).toBe(8);
  });

  it('knows twins by all of their values, and permuted ones from them', async () => {
    const eye = (shift: number) => (i: number) => ((Math.floor(i / 12) + shift) % 12 === i % 12 ? 1 : 0);
    const file = encodeSafetensors(
      new Map([
        ['a.weight', tensor([12, 12], eye(0))],
        ['b.weight', tensor([12, 12], eye(1))],
        ['c.weight', tensor([12, 12], eye(0))],
        ['wte.weight', tensor([12, 8], rough(3))],
        ['head.weight', tensor([12, 8], rough(3))],
        ['x.weight', tensor([12, 8], rough(3))],
      ]),
    );
    const twins = (await examined(file)).health.findings.filter(({ findings }) =>
      findings.some(({ kind }) => kind === 'duplicate'),
    );
    // A layer tied to an embedding is usually stored twice.
    expect(twins.map(({ severity }) => severity)).toEqual(['warning', 'note', 'warning']);
    expect(twins.map(({ name }) => name)).toEqual(['c.weight', 'wte.weight', 'x.weight']);
  });

  it('of an embedding lets a row of padding pass as a note', async () => {
    const padded = tensor([9, 6], (i) => (i < 6 ? 0 : rough(5)(i)));
    const file = encodeSafetensors(
      new Map([
        ['embeddings.weight', padded],
        ['dense.weight', tensor([9, 6], (i) => (i < 6 ? 0 : rough(6)(i)))],
      ]),
    );
    expect(said((await examined(file)).health.findings)).toEqual([
      'warning dense.weight: 1 of 9 rows is all zero',
      'note embeddings.weight: 1 of 9 rows is all zero',
    ]);
  });
});

describe('the tensors that are read besides layers', () => {
  it('are real numbers of the model, each stored once', async () => {
    const others = await otherTensors(
      headerOnly([
        { name: 'a.weight', shape: [4, 4], storage: 'w' },
        { name: 'a.bias', shape: [4], storage: 'b' },
        { name: 'tied.bias', shape: [4], storage: 'b' },
        { name: 'steps', shape: [], dtype: 'int64' },
        { name: 'moment', shape: [4], optimiser: true },
        { name: 'odd', shape: [4], unreadable: 'is quantised' },
        { name: 'nothing.bias', shape: [0] },
        { name: 'bn.running_var', shape: [4] },
      ]),
      'reshape',
    );
    expect(others).toEqual(['a.bias', 'bn.running_var']);
  });
});

describe('a pool', () => {
  const pool = openSpectrumPool();
  afterAll(() => pool.close());

  it('counts in the tensors that are no layers', async () => {
    const values = await pool.values({ file: SICK, convolution: 'reshape' });
    expect(values.map(({ name, statistics }) => [name, statistics?.nan])).toEqual([['deadbias.bias', 16]]);
    const reason = new Error('enough');
    const stopped = pool.values({ file: SICK, convolution: 'reshape' }, AbortSignal.abort(reason));
    await expect(stopped).rejects.toBe(reason);
  });
});
