import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerInfo } from '../protocol/index.ts';
import type { Tensors } from '../runtime/index.ts';

/** A tensor stored in a model: trained (`weight`) or only updated by the forward pass (`statistic`). */
export interface VariableSpec {
  readonly name: string;
  /** The layer that it belongs to: a forward pass up to a layer needs the variables of that layer and those before. */
  readonly layer: string;
  readonly shape: readonly number[];
  readonly kind: 'weight' | 'statistic';
  /** Whether weight decay applies (not to biases, batch-norm scales, thresholds). */
  readonly decay: boolean;
  /** Computed when first read. */
  readonly initial: Float32Array;
}

export interface Forward {
  /** The representation at every layer, by name, unpooled ([batch, ...shape]). */
  readonly layers: Tensors;
  /** The output of the last layer (the classifier if there is one). */
  readonly output: Tensor;
  /** New values of the statistics (training mode only). */
  readonly statistics: Tensors;
}

/** An ordered list of named layers, as a pure function of its variables. */
export interface Model {
  readonly layers: readonly LayerInfo[];
  readonly variables: readonly VariableSpec[];
  /** `x` is [batch, ...sample shape]. With `last`, stops at that layer: neither later layers nor their variables are used. */
  forward(x: Tensor, variables: Tensors, mode: 'train' | 'evaluate', last?: string): Forward;
}
