import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkpoint, openSafetensors } from '../../../src/checkpoint/index.ts';
import { withScales } from '../../../src/checkpoint/quantised/quantised.ts';
import { summarise } from '../../../src/layers/index.ts';
import type { WeightLayer } from '../../../src/protocol/index.ts';
import { layerSpectrum, readMatrices } from './atOnce.ts';
import { expectedIn, headerOnly, WEIGHTS } from './checkpoints.ts';

let checkpoint: Checkpoint;
beforeAll(async () => {
  checkpoint = await openSafetensors(WEIGHTS);
});
afterAll(() => checkpoint.close());

describe.each(['reshape', 'slices'] as const)('layers with convolutions as %s', (convolution) => {
  const expected = expectedIn(convolution);

  it('are those that numpy cuts out, and no others', async () => {
    const { layers } = await summarise(checkpoint, convolution);
    expect(layers.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(expected), 'not_finite.weight'].sort(),
    );
    for (const { name, matrix, slices, parameters } of layers) {
      if (name === 'not_finite.weight') continue;
      const { matrix: size, values } = expected[name];
      expect([name, matrix, slices]).toEqual([name, size, values.length]);
      expect(parameters).toBe(values.flat().length);
    }
  });

  it.each(Object.keys(expected))('%s holds the numbers that it should', async (name) => {
    const matrices = await readMatrices(checkpoint, name, convolution);
    expect(matrices.map(({ data }) => [...data])).toEqual(expected[name].values);
    expect(matrices.map(({ rows, columns }) => [rows, columns])).toEqual(
      matrices.map(() => expected[name].matrix),
    );
  });

  it('have the singular values of numpy.linalg.svd', async () => {
    for (const [layer, { singularValues }] of Object.entries(expected)) {
      const spectrum = await layerSpectrum(checkpoint, { layer, convolution, method: 'exact' });
      expect(spectrum.singularValues.length).toBe(singularValues.length);
      const tolerance = 1e-10 * singularValues[0];
      spectrum.singularValues.forEach((value, i) => {
        expect(Math.abs(value - singularValues[i]), `${layer} ${i}`).toBeLessThan(tolerance);
      });
    }
  });
});

describe('a summary', () => {
  const kindOf = async (name: string): Promise<WeightLayer['kind'] | undefined> =>
    (await summarise(checkpoint, 'reshape')).layers.find((layer) => layer.name === name)?.kind;

  it('says what a matrix does', async () => {
    expect(await kindOf('h.0.attn.c_attn.weight[q]')).toBe('attention');
    expect(await kindOf('query_key_value.weight')).toBe('attention');
    expect(await kindOf('h.0.mlp.c_fc.weight')).toBe('dense');
    expect(await kindOf('wte.weight')).toBe('embedding');
    expect(await kindOf('pos_embed')).toBe('embedding');
    expect(await kindOf('gru.weight_hh_l0_reverse[z]')).toBe('recurrent');
    expect(await kindOf('conv3d.weight')).toBe('convolution');
    expect(await kindOf('experts.down_proj.weight[2]')).toBe('dense');
  });

  it('lists vectors, and what is skipped with the reason', async () => {
    const { vectors, skipped, format, file } = await summarise(checkpoint, 'reshape');
    expect([format, file]).toEqual(['safetensors', WEIGHTS]);
    expect(vectors.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['h.0.attn.c_attn.bias', 18],
      ['cls_token', 6],
      ['norm.weight', 6],
    ]);
    expect(skipped.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'h.0.attn.bias is a mask of the attention',
      'norm.running_mean is a running statistic of a normalisation, not a weight',
      'logit_scale is a single number',
      'position_ids numbers positions',
      'empty.weight has no values',
    ]);
  });

  it('finds the blocks that are repeated', async () => {
    const { layers } = await summarise(checkpoint, 'reshape');
    const blockOf = (name: string) => {
      const { block, repeated } = layers.find((layer) => layer.name === name)!;
      return [block, repeated];
    };
    expect(blockOf('h.1.mlp.c_fc.weight')).toEqual(['h.1', 'h.*']);
    expect(blockOf('h.0.attn.c_attn.weight[k]')).toEqual(['h.0', 'h.*']);
    // One block alone is not repeated.
    expect(blockOf('blocks.0.attn.qkv.weight[v]')).toEqual(['blocks.0.attn.qkv', null]);
    expect(blockOf('wte.weight')).toEqual(['wte', null]);
    expect(blockOf('in_proj_weight[q]')).toEqual(['', null]);
  });

  it.each([
    [['layer1.0.conv1.weight', 'layer1.1.conv1.weight'], 'layer1.1', 'layer1.*'],
    [['0.weight', '2.weight'], '2', '*'],
    [
      ['bert/encoder/layer_._0/dense/kernel', 'bert/encoder/layer_._1/dense/kernel'],
      'bert/encoder/layer_._1',
      'bert/encoder/layer_._*',
    ],
    [['dense_1/kernel', 'dense_2/kernel'], 'dense_2', null],
    [['a.3.b.0.weight', 'a.3.b.1.weight'], 'a.3.b.1', 'a.3.b.*'],
  ])('finds them in %j', async (names, block, repeated) => {
    const { layers } = await summarise(headerOnly(names.map((name) => ({ name, shape: [2, 2] }))), 'reshape');
    expect(layers.at(-1)).toMatchObject({ block, repeated });
  });

  it('counts tied weights once and leaves out the state of the training', async () => {
    const { layers, skipped, parameters } = await summarise(
      headerOnly([
        { name: 'wte.weight', shape: [10, 4], storage: 'a' },
        { name: 'lm_head.weight', shape: [10, 4], storage: 'a' },
        { name: 'state.0.exp_avg', shape: [10, 4], optimiser: true },
        {
          name: 'blk.weight',
          shape: [4, 4],
          dtype: 'IQ2_XS',
          unreadable: 'is quantised as IQ2_XS, which is not read here',
        },
        { name: 'steps', shape: [], dtype: 'int64' },
        { name: 'mask', shape: [3, 3], dtype: 'bool' },
      ]),
      'reshape',
    );
    expect(layers.map(({ name }) => name)).toEqual(['wte.weight']);
    expect(skipped.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'lm_head.weight is tied to wte.weight',
      'state.0.exp_avg is state of the training, not a weight',
      'blk.weight is quantised as IQ2_XS, which is not read here',
      'steps holds integers',
      'mask holds truth values',
    ]);
    expect(parameters).toBe(40 + 16);
  });

  it('does not take packed integers for weights, and warns', async () => {
    const packed = ['0', '1', '2'].flatMap((i) => [
      { name: `h.${i}.qweight`, shape: [16, 64], dtype: 'I32' },
      { name: `h.${i}.scales`, shape: [1, 64], dtype: 'F16' },
      { name: `h.${i}.qzeros`, shape: [1, 8], dtype: 'I32' },
      { name: `h.${i}.g_idx`, shape: [128], dtype: 'I32' },
    ]);
    const { layers, vectors, skipped, warnings } = await summarise(
      await withScales(headerOnly(packed)),
      'reshape',
    );
    expect([layers, vectors, skipped.length]).toEqual([[], [], 12]);
    expect(skipped[0].reason).toBe('holds packed 4-bit integers (GPTQ), not weights');
    expect(warnings[0]).toBe(
      '"h.0.qweight" holds packed 4-bit integers (GPTQ), not weights; the same holds for 2 more tensors',
    );
  });

  it.each([
    [
      'a matrix whose name has brackets already',
      [
        { name: 'qkv.weight', shape: [6, 2] },
        { name: 'qkv.weight[q]', shape: [2, 2] },
      ],
    ],
  ])('keeps names apart: %s', async (_, tensors) => {
    const { layers } = await summarise(headerOnly(tensors), 'reshape');
    expect(layers.map(({ name, matrix }) => [name, ...matrix])).toEqual([
      ['qkv.weight', 6, 2],
      ['qkv.weight[q]', 2, 2],
    ]);
  });
});
