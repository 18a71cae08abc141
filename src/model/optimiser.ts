import * as tf from '@tensorflow/tfjs-core';
import type { OptimiserSpec } from '../experiment/index.ts';
import type { Tensors } from '../runtime/index.ts';
import type { VariableSpec } from './model.ts';

type Spec<Kind extends OptimiserSpec['kind']> = Extract<OptimiserSpec, { kind: Kind }>;

/** Names of what the optimiser stores for each weight: `WEIGHT/momentum`, or `WEIGHT/m` and `WEIGHT/v`. */
export const slotNames = (spec: OptimiserSpec): string[] => {
  if (spec.kind !== 'sgd') return ['m', 'v'];
  return spec.momentum > 0 ? ['momentum'] : [];
};

interface Update {
  readonly weight: VariableSpec;
  readonly gradient: tf.Tensor;
  /** The weight and its slots by name, `learningRate`, and `step` (from 1). */
  readonly inputs: Tensors;
}

/** New values of one weight and its slots, by name: PyTorch's SGD, Adam and AdamW. */
export const updated = (spec: OptimiserSpec, update: Update): Tensors =>
  spec.kind === 'sgd' ? descended(spec, update) : adapted(spec, update);

/** g + weightDecay * w, if weight decay applies. */
const decayedGradient = (weightDecay: number, { weight, gradient, inputs }: Update): tf.Tensor =>
  weight.decay && weightDecay > 0 ? tf.add(gradient, tf.mul(inputs[weight.name], weightDecay)) : gradient;

/** v <- momentum v + g; w <- w - rate v. */
const descended = ({ momentum, weightDecay }: Spec<'sgd'>, update: Update): Tensors => {
  const { weight, inputs } = update;
  const slot = `${weight.name}/momentum`;
  const gradient = decayedGradient(weightDecay, update);
  const velocity = momentum > 0 ? tf.add(tf.mul(inputs[slot], momentum), gradient) : gradient;
  const value = tf.sub(inputs[weight.name], tf.mul(velocity, inputs.learningRate));
  return { [weight.name]: value, ...(momentum > 0 ? { [slot]: velocity } : {}) };
};

/**
 * m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g^2;
 * w <- w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
 * Adam adds weightDecay * w to g; AdamW shrinks w by rate * weightDecay instead.
 */
const adapted = (spec: Spec<'adam'> | Spec<'adamw'>, update: Update): Tensors => {
  const { weight, gradient, inputs } = update;
  const { learningRate, step } = inputs;
  // Rounded first, so that 1 - beta and 1 - beta^t, computed in float32, stay consistent with each other.
  const [beta1, beta2] = [Math.fround(spec.beta1), Math.fround(spec.beta2)];
  const slope = spec.kind === 'adam' ? decayedGradient(spec.weightDecay, update) : gradient;
  const m = tf.add(tf.mul(inputs[`${weight.name}/m`], beta1), tf.mul(slope, 1 - beta1));
  const v = tf.add(tf.mul(inputs[`${weight.name}/v`], beta2), tf.mul(tf.square(slope), 1 - beta2));
  const correction = (beta: number): tf.Tensor => tf.sub(1, tf.pow(tf.scalar(beta), step));
  const rate = tf.div(learningRate, correction(beta1));
  const root = tf.sqrt(tf.div(v, correction(beta2)));
  const change = tf.div(tf.mul(m, rate), tf.add(root, spec.epsilon));
  const before = inputs[weight.name];
  const shrinks = spec.kind === 'adamw' && weight.decay && spec.weightDecay > 0;
  const start = shrinks ? tf.mul(before, tf.sub(1, tf.mul(learningRate, spec.weightDecay))) : before;
  return { [weight.name]: tf.sub(start, change), [`${weight.name}/m`]: m, [`${weight.name}/v`]: v };
};
