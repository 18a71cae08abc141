import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, readNpz } from '../../../src/checkpoint/index.ts';

const FOLDER = join(import.meta.dirname, 'fixtures', 'written');
const expected = await readNpz(join(FOLDER, 'expected.npz'));
const cases = [...expected].map(([key, values]) => {
  const [file, tensor] = key.split('|');
  return { file, tensor, values };
});

const reasonsOf = async (file: string) => {
  const checkpoint = await openCheckpoint(join(FOLDER, file));
  const reasons = [...checkpoint.tensors.values()].map(({ name, unreadable, belongsTo }) => [
    name,
    unreadable ?? belongsTo,
  ]);
  await checkpoint.close();
  return Object.fromEntries(reasons);
};

describe('files of public writers', () => {
  it.each(cases)('reads $tensor of $file', async ({ file, tensor, values }) => {
    const checkpoint = await openCheckpoint(join(FOLDER, file));
    const { shape, data } = await checkpoint.read(tensor);
    expect(shape).toEqual(values.shape);
    expect([...data]).toEqual([...values.data]);
    await checkpoint.close();
  });

  it('takes both shards of Keras for one model', async () => {
    const checkpoint = await openCheckpoint(join(FOLDER, 'sharded.weights.json'));
    expect(checkpoint.format).toBe('Keras in 2 shards');
    expect(checkpoint.tensors.size).toBe(13 + 5);
    await checkpoint.close();
  });

  it('says where DeepSpeed ZeRO keeps the values of an empty tensor', async () => {
    const empty =
      'is empty: DeepSpeed ZeRO-3 keeps its values in parts, *_optim_states.pt; zero_to_fp32.py, which DeepSpeed puts beside them, joins them';
    expect(await reasonsOf('zero_pp_rank_0_mp_rank_00_model_states.pt')).toEqual({
      'h.0.weight': empty,
      'h.1.weight': empty,
      emb: undefined,
    });
    const parts = await reasonsOf('zero_pp_rank_0_mp_rank_00_optim_states.pt');
    expect(parts['optimizer_state_dict.fp32_flat_groups.0']).toContain('DeepSpeed ZeRO divided');
  });
});
