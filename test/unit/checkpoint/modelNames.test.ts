import { describe, expect, it } from 'vitest';
import { asModel } from '../../../src/checkpoint/asModel.ts';
import type { Checkpoint, StoredTensor } from '../../../src/checkpoint/index.ts';

/** A checkpoint of matrices with these names, each of which contains its own number. */
const checkpointOf = (names: readonly string[], vectors: readonly string[] = []): Checkpoint => {
  const shapeOf = (name: string) => (vectors.includes(name) ? [2] : [2, 2]);
  const all = [...names, ...vectors];
  return {
    path: 'model.safetensors',
    format: 'safetensors',
    metadata: new Map(),
    tensors: new Map(all.map((name) => [name, { name, dtype: 'F32', shape: shapeOf(name), bytes: 16 }])),
    read: async (name): Promise<StoredTensor> => ({
      dtype: 'float32',
      shape: [1],
      data: Float32Array.of(all.indexOf(name)),
    }),
    close: async () => {},
  };
};

const namesIn = (names: readonly string[], vectors: readonly string[] = []) => [
  ...asModel(checkpointOf(names, vectors)).tensors.keys(),
];

describe('the names of a model', () => {
  it.each([
    ['torch.compile', ['_orig_mod.fc1.weight', '_orig_mod.fc2.weight'], ['fc1.weight', 'fc2.weight']],
    ['DistributedDataParallel', ['module.fc1.weight', 'module.fc2.weight'], ['fc1.weight', 'fc2.weight']],
    ['both', ['_orig_mod.module.a.weight', '_orig_mod.module.b.weight'], ['a.weight', 'b.weight']],
    ['both, the other way round', ['module._orig_mod.a.weight', 'module._orig_mod.b'], ['a.weight', 'b']],
    ['a part that was compiled', ['head.weight', 'body._orig_mod.weight'], ['head.weight', 'body.weight']],
    ['FSDP', ['a._fsdp_wrapped_module.w', 'b._checkpoint_wrapped_module.w'], ['a.w', 'b.w']],
    ['paths of HDF5', ['_orig_mod/module/a/w', '_orig_mod/module/b/w'], ['a/w', 'b/w']],
    ['a module of that name', ['module.a.weight', 'b.weight'], ['module.a.weight', 'b.weight']],
    ['a word that begins so', ['modules.a.w', 'my_orig_mod.b'], ['modules.a.w', 'my_orig_mod.b']],
    ['two that would be one', ['_orig_mod.a.w', 'a.w'], ['_orig_mod.a.w', 'a.w']],
    ['nothing behind it', ['module.', 'module.a'], ['module.', 'module.a']],
  ])('are without the prefixes of wrappers: %s', (_, stored, own) => {
    expect(namesIn(stored)).toEqual(own);
  });

  it('are told by the matrices: a step beside them has no prefix', () => {
    expect(namesIn(['module.a.weight'], ['module.a.bias', 'step'])).toEqual(['a.weight', 'a.bias', 'step']);
  });

  it('are those that tensors are read by', async () => {
    const model = asModel(checkpointOf(['module.a.weight', 'module.b.weight']));
    expect([...(await model.read('b.weight')).data]).toEqual([1]);
    expect(model.tensors.get('b.weight')?.name).toBe('b.weight');
    await expect(model.read('module.b.weight')).rejects.toThrow('has no tensor "module.b.weight"');
  });
});

describe('the state of a training in an archive', () => {
  const stateIn = (names: readonly string[]) =>
    [...asModel(checkpointOf(names)).tensors.values()]
      .filter(({ optimiser }) => optimiser)
      .map(({ name }) => name);

  it.each([
    ['a TrainState', ['params/a/kernel', 'opt_state/0/mu/a/kernel', 'opt_state/1/a'], [1, 2]],
    ['moments beside bare weights', ['a/kernel', 'opt/0/nu/a/kernel', 'opt/0/count'], [1]],
    ['T5X', ['target/a/kernel', 'state/param_states/a/kernel/v_row'], [1]],
    ['old Flax', ['optimizer/target/a/kernel', 'optimizer/state/param_states/a/kernel/m'], [1]],
    ['the keys of jax.tree_util', [".params['a']['kernel']", ".opt_state[0].mu['a']['kernel']"], [1]],
    ['a branch of a model for optical images', ['opt/conv/kernel', 'sar/conv/kernel'], []],
    ['encoders', ['opt_encoder.conv.weight', 'model.conv.weight'], []],
    ['nothing else', ['opt/conv/kernel'], []],
  ])('is told from its weights: %s', (_, names, state) => {
    expect(stateIn(names)).toEqual(state.map((i) => names[i]));
  });
});
