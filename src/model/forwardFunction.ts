import type * as tf from '@tensorflow/tfjs-core';
import { inputFault } from '../protocol/index.ts';
import type { TensorFunction, Tensors } from '../runtime/index.ts';
import type { Model, VariableSpec } from './model.ts';
import { type Pooling, pooled } from './pooling.ts';

/** Index of the deepest of the named layers; an input fault for an unknown name. */
const deepest = (model: Model, layerNames: readonly string[]): number => {
  const names = model.layers.map(({ name }) => name);
  const positions = layerNames.map((name) => names.indexOf(name));
  const unknown = layerNames.find((_, i) => positions[i] < 0);
  if (unknown !== undefined)
    throw inputFault(`there is no layer ${unknown}`, 'layers', `Choose from ${names.join(', ')}`);
  return positions.reduce((a, b) => Math.max(a, b));
};

/** The variables that a forward pass to these layers reads. */
export const variablesFor = (model: Model, layerNames: readonly string[]): VariableSpec[] => {
  const used = new Set(model.layers.slice(0, deepest(model, layerNames) + 1).map(({ name }) => name));
  return model.variables.filter(({ layer }) => used.has(layer));
};

/**
 * The representations at these layers, by name, as a function of `x` [batch, ...sample shape] and the variables of
 * `variablesFor`, in evaluation mode. With a `pooling` every representation is [batch, dimensions]; without one, maps are
 * returned as they are.
 */
export const forwardFunction = (
  model: Model,
  layerNames: readonly string[],
  { pooling }: { readonly pooling: Pooling | null },
): TensorFunction => {
  const last = model.layers[deepest(model, layerNames)].name;
  return (inputs) => {
    const { layers } = model.forward(inputs.x, inputs, 'evaluate', last);
    const read = (layer: tf.Tensor): tf.Tensor => (pooling === null ? layer : pooled(layer, pooling));
    const outputs: Tensors = {};
    for (const name of layerNames) outputs[name] = read(layers[name]);
    return outputs;
  };
};
