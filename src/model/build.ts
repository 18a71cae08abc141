import * as tf from '@tensorflow/tfjs-core';
import type { EncoderSpec, Experiment, HeadSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { sizeOf, type Tensors } from '../runtime/index.ts';
import { type Block, type Draft, type Layer, layer, statistic, variablesOf } from './block.ts';
import { dense } from './dense.ts';
import { DEFAULT_SCALE, encoderLayers, readsMaps } from './encoder.ts';
import { headLayers, linearHeadStart } from './head.ts';
import { lecunNormal } from './initial.ts';
import type { Forward, Model } from './model.ts';

/** What a model must know about its data. */
export interface ModelContext {
  /** [features] or [height, width, channels]. */
  readonly sampleShape: readonly number[];
  /** Classes of the training label; 0 when the loss needs no classifier. */
  readonly classes: number;
  readonly seed: number;
  /** Mean and standard deviation along the last axis of a sample (channels of an image), or null for none. */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
}

/**
 * The model of an experiment: `input`, the encoder's layers, the head's, and, for losses that need one, a linear
 * `classifier`. Layer `input` is the normalised sample, always read flat ([features]); encoders that read maps get
 * it in its own shape. Initial values depend on the seed and on the variable's name only.
 */
export const buildModel = (
  { encoder, head, loss }: Pick<Experiment, 'encoder' | 'head' | 'loss'>,
  { sampleShape, classes, seed, normalisation }: ModelContext,
): Model => {
  const features = sizeOf(sampleShape);
  const chain = linearChain(encoder, head, features);
  const bottleneck = chain.reduce((a, b) => Math.min(a, b));
  const input = normalised(sampleShape, normalisation);
  const first = layer('input', 'input', { ...input, shape: [features] });
  const encoding = encoderLayers(encoder, readsMaps(encoder) ? sampleShape : [features], bottleneck);
  const width = encoding[encoding.length - 1].shape[0];
  const below =
    encoder.kind === 'linear'
      ? { depth: encoder.widths.length, bottleneck, scale: encoder.initialScale ?? DEFAULT_SCALE }
      : null;
  const linearStart =
    head.kind === 'linear'
      ? linearHeadStart(head.initialScale, below, Math.min(width, head.width))
      : lecunNormal(width);
  const projection = headLayers(head, width, linearStart);
  const embedded = projection[projection.length - 1]?.shape[0] ?? width;
  const body = [...encoding, ...projection, ...classifier(loss.kind, embedded, classes)];
  const layers = [first, ...body];

  const forward: Model['forward'] = (x, variables, mode, last) => {
    const statistics: Tensors = {};
    const pass = { variables, mode, statistics };
    const sample = input.apply(x, pass);
    const flat = tf.reshape(sample, [sample.shape[0], features]);
    const representations: Tensors = { input: flat };
    let output: tf.Tensor = flat;
    if (last === 'input') return { layers: representations, output, statistics };
    let state = readsMaps(encoder) ? sample : flat;
    for (const { info, apply } of body) {
      state = apply(state, pass);
      representations[info.name] = state;
      output = state;
      if (info.name === last) break;
    }
    return { layers: representations, output, statistics } satisfies Forward;
  };
  return {
    layers: layers.map(({ info }) => info),
    variables: layers.flatMap((each) => variablesOf(each, seed)),
    forward,
  };
};

/** Widths of the linear layers, starting with the input: the narrowest limits a balanced start. */
const linearChain = (encoder: EncoderSpec, head: HeadSpec, features: number): number[] =>
  encoder.kind === 'linear'
    ? [features, ...encoder.widths, ...(head.kind === 'linear' ? [head.width] : [])]
    : [features];

/** (x - mean) / std, with both kept as variables so that a saved model carries its own preprocessing. */
const normalised = (shape: readonly number[], normalisation: ModelContext['normalisation']): Block => {
  if (normalisation === null) return { shape, variables: [], apply: (x) => x };
  const drafts = Object.entries(normalisation).map(
    ([name, values]): Draft => statistic(`input.${name}`, [values.length], () => Float32Array.from(values)),
  );
  return {
    shape,
    variables: drafts,
    apply: (x, { variables }) => tf.div(tf.sub(x, variables['input.mean']), variables['input.std']),
  };
};

/** The linear classifier after the head, for the losses that score classes. */
const classifier = (loss: Experiment['loss']['kind'], width: number, classes: number): Layer[] => {
  if (loss !== 'cross-entropy' && loss !== 'mean-squared-error') return [];
  if (classes < 2)
    throw inputFault(
      `${loss} needs at least 2 classes; the training label has ${classes}`,
      'loss.label',
      'Use a factor with more classes',
    );
  return [layer('classifier', 'classifier', dense('classifier', width, classes, lecunNormal(width), true))];
};
