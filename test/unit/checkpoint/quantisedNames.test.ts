import { describe, expect, it } from 'vitest';
import type { Checkpoint, TensorEntry } from '../../../src/checkpoint/checkpoint.ts';
import { withScales } from '../../../src/checkpoint/quantised/quantised.ts';

type Row = readonly [name: string, dtype: string, shape: readonly number[]];

const opened = (rows: readonly Row[]): Promise<Checkpoint> => {
  const entries = rows.map(([name, dtype, shape]): TensorEntry => ({ name, dtype, shape, bytes: 0 }));
  const tensors = new Map(entries.map((entry) => [entry.name, entry]));
  const none = () => Promise.reject(new Error('nothing is read'));
  return withScales({ path: 'f', format: 'f', metadata: new Map(), tensors, read: none, close: none });
};

/** Why tensors are not weights, by name. */
const packed = async (rows: readonly Row[]): Promise<Record<string, string>> =>
  Object.fromEntries(
    [...(await opened(rows)).tensors.values()].flatMap(({ name, unreadable, belongsTo }) => {
      const reason = unreadable ?? belongsTo;
      return reason === undefined ? [] : [[name, reason]];
    }),
  );

/** Layers as in published checkpoints, with one plain tensor each that must remain a weight. */
const SCHEMES: readonly { scheme: string; what: string; packs: string; rows: readonly Row[]; plain: Row }[] =
  [
    {
      scheme: 'GPTQ',
      what: 'packed 4-bit integers',
      packs: 'q.qweight',
      rows: [
        ['q.qweight', 'I32', [512, 4096]],
        ['q.qzeros', 'I32', [32, 512]],
        ['q.scales', 'F16', [32, 4096]],
        ['q.g_idx', 'I32', [4096]],
      ],
      plain: ['q.bias', 'F16', [4096]],
    },
    {
      scheme: 'GPTQ',
      what: 'packed 3-bit integers',
      packs: 'q.qweight',
      rows: [
        ['q.qweight', 'torch.int32', [384, 64]],
        ['q.qzeros', 'torch.int32', [32, 6]],
        ['q.scales', 'torch.float16', [32, 64]],
        ['q.g_idx', 'torch.int32', [4096]],
      ],
      plain: ['norm.weight', 'torch.float16', [4096]],
    },
    {
      scheme: 'AWQ',
      what: 'packed 4-bit integers',
      packs: 'up.qweight',
      rows: [
        ['up.qweight', 'I32', [4096, 1376]],
        ['up.qzeros', 'I32', [32, 1376]],
        ['up.scales', 'F16', [32, 11008]],
      ],
      plain: ['lm_head.weight', 'F16', [32000, 4096]],
    },
    {
      scheme: 'GPTQ or AWQ',
      what: 'packed integers',
      packs: 'qweight',
      rows: [
        ['qweight', 'IntStorage', [512, 4096]],
        ['scales', 'HalfStorage', [32, 4096]],
      ],
      plain: ['weight', 'HalfStorage', [8, 8]],
    },
    {
      scheme: 'bitsandbytes',
      what: 'packed 4-bit integers',
      packs: 'a.weight',
      rows: [
        ['a.weight', 'U8', [8388608, 1]],
        ['a.weight.absmax', 'U8', [262144]],
        ['a.weight.quant_map', 'F32', [16]],
        ['a.weight.nested_absmax', 'F32', [1024]],
        ['a.weight.nested_quant_map', 'F32', [256]],
        ['a.weight.quant_state.bitsandbytes__nf4', 'U8', [82]],
      ],
      plain: ['b.weight', 'BF16', [4096]],
    },
    {
      scheme: 'compressed-tensors',
      what: 'packed integers',
      packs: 'q.weight_packed',
      rows: [
        ['q.weight_packed', 'I32', [4096, 512]],
        ['q.weight_scale', 'BF16', [4096, 32]],
        ['q.weight_shape', 'I64', [2]],
        ['q.weight_zero_point', 'I32', [512, 32]],
      ],
      plain: ['q.bias', 'BF16', [4096]],
    },
    {
      scheme: 'compressed-tensors',
      what: 'packed 8-bit integers',
      packs: 'q.weight_packed',
      rows: [
        ['q.weight_packed', 'I32', [4096, 1024]],
        ['q.weight_scale', 'BF16', [4096, 32]],
        ['q.weight_shape', 'I64', [2]],
        ['q.weight_g_idx', 'I32', [4096]],
      ],
      plain: ['q.bias', 'BF16', [4096]],
    },
    {
      scheme: 'HQQ',
      what: 'packed integers',
      packs: 'q.W_q',
      rows: [
        ['q.W_q', 'U8', [32, 131072]],
        ['q.scale', 'F16', [1, 131072]],
        ['q.zero', 'F16', [1, 131072]],
        ['q.nbits', 'I32', []],
      ],
      plain: ['n.scale', 'F16', [64]],
    },
    {
      scheme: 'HQQ',
      what: 'packed 3-bit integers',
      packs: 'q.W_q',
      rows: [
        ['q.W_q', 'I32', [7, 131072]],
        ['q.scale', 'F16', [1, 131072]],
        ['q.zero', 'F16', [1, 131072]],
      ],
      plain: ['n.zero', 'F16', [64]],
    },
    {
      scheme: 'MLX',
      what: 'packed integers',
      packs: 'q.weight',
      rows: [
        ['q.weight', 'U32', [4096, 512]],
        ['q.scales', 'F16', [4096, 64]],
        ['q.biases', 'F16', [4096, 64]],
      ],
      plain: ['n.weight', 'F16', [4096]],
    },
  ];

describe('names of packed tensors', () => {
  it.each(SCHEMES)(
    'recognises $what of $scheme, and what belongs to them',
    async ({ scheme, what, packs, rows, plain }) => {
      const expected = rows.map(([name]) => [
        name,
        name === packs
          ? `holds ${what} (${scheme}), not weights`
          : `belongs to ${what} (${scheme}), not to the weights`,
      ]);
      expect(await packed([plain, ...rows])).toEqual(Object.fromEntries(expected));
      expect(await packed([...rows].reverse())).toEqual(Object.fromEntries(expected));
    },
  );

  it.each(SCHEMES)('takes nothing for $scheme by its name alone', async ({ packs, rows }) => {
    expect(await packed(rows.filter(([name]) => name === packs))).toEqual({});
  });

  it.each(SCHEMES)('takes no floating-point tensors for $scheme', async ({ packs, rows }) => {
    expect((await packed(rows.map(([name, , shape]) => [name, 'F32', shape])))[packs]).toBeUndefined();
  });

  it('leaves ordinary tensors alone', async () => {
    expect(
      await packed([
        ['embeddings.position_ids', 'I64', [1, 512]],
        ['bn.weight', 'F32', [64]],
        ['bn.num_batches_tracked', 'I64', []],
        ['mask.weight', 'U8', [64, 64]],
        ['building_blocks', 'U8', [4]],
        ['x.scale', 'F32', [1]],
        ['x.zero', 'F32', [1]],
        ['x.shape', 'I64', [2]],
      ]),
    ).toEqual({});
    expect(await packed([])).toEqual({});
  });

  it('takes shapes that no such tensor has', async () => {
    expect(
      await packed([
        ['qweight', 'I32', []],
        ['scales', 'F16', []],
        ['g_idx', 'I32', []],
      ]),
    ).toMatchObject({ qweight: 'holds packed integers (GPTQ or AWQ), not weights' });
  });
});
