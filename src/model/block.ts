import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerInfo } from '../protocol/index.ts';
import type { Tensors } from '../runtime/index.ts';
import type { Initialiser } from './initial.ts';
import type { VariableSpec } from './model.ts';

/** A variable before its layer and the seed are known. */
export interface Draft extends Pick<VariableSpec, 'name' | 'shape' | 'kind' | 'decay'> {
  readonly initial: Initialiser;
}

/** The context of one forward pass; batch norm puts its new running values into `statistics`. */
interface Pass {
  readonly variables: Tensors;
  readonly mode: 'train' | 'evaluate';
  readonly statistics: Tensors;
}

/** A piece of a model: its variables, the shape of one sample after it, and what it does to a batch. */
export interface Block {
  readonly shape: readonly number[];
  readonly variables: readonly Draft[];
  apply(x: Tensor, pass: Pass): Tensor;
}

/** A block whose result can be read by name. */
export interface Layer extends Block {
  readonly info: LayerInfo;
}

export const weight = (
  name: string,
  shape: readonly number[],
  initial: Initialiser,
  decay: boolean,
): Draft => ({ name, shape, kind: 'weight', decay, initial });

export const statistic = (name: string, shape: readonly number[], initial: Initialiser): Draft => ({
  name,
  shape,
  kind: 'statistic',
  decay: false,
  initial,
});

/** A block without variables that keeps the shape. */
export const elementwise = (shape: readonly number[], apply: (x: Tensor) => Tensor): Block => ({
  shape,
  variables: [],
  apply,
});

export const sequence = (...blocks: Block[]): Block => ({
  shape: blocks[blocks.length - 1].shape,
  variables: blocks.flatMap((block) => block.variables),
  apply: (x, pass) => blocks.reduce((result, block) => block.apply(result, pass), x),
});

export const layer = (name: string, part: LayerInfo['part'], block: Block): Layer => ({
  ...block,
  info: { name, part, shape: [...block.shape] },
});

/** The variables of a layer with their initial values, which are computed when first read. */
export const variablesOf = ({ info, variables }: Layer, seed: number): VariableSpec[] =>
  variables.map((draft) => {
    let values: Float32Array | undefined;
    return {
      name: draft.name,
      layer: info.name,
      shape: draft.shape,
      kind: draft.kind,
      decay: draft.decay,
      get initial() {
        values ??= draft.initial(seed, draft.name, draft.shape);
        return values;
      },
    };
  });
