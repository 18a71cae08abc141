import type { EncoderSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { balanced } from './balanced.ts';
import { batchNorm } from './batchNorm.ts';
import { type Layer, layer, sequence } from './block.ts';
import { convolution, globalAverage, normalisedConvolution } from './convolution.ts';
import { dense, diagonal, relu } from './dense.ts';
import { heNormal } from './initial.ts';
import { residualLayers } from './resnet.ts';
import { symmetricRelu } from './symmetricRelu.ts';

type Spec<Kind extends EncoderSpec['kind']> = Extract<EncoderSpec, { kind: Kind }>;

export const DEFAULT_SCALE = 0.5;

/** Whether an encoder reads maps [height, width, channels]; the others read flat samples. */
export const readsMaps = ({ kind }: EncoderSpec): boolean => kind === 'cnn' || kind === 'resnet18-cifar';

/**
 * The layers of an encoder, from samples of `shape` (flat unless `readsMaps`).
 *
 * @param bottleneck narrowest width of the linear chain that starts at the input (linear encoders only).
 */
export const encoderLayers = (spec: EncoderSpec, shape: readonly number[], bottleneck: number): Layer[] => {
  if (readsMaps(spec) && shape.length !== 3)
    throw inputFault(
      `${spec.kind} needs images [height, width, channels]; a sample of this data is [${shape.join(', ')}]`,
      'encoder.kind',
      'Use a linear, diagonal or mlp encoder, or image data',
    );
  switch (spec.kind) {
    case 'linear':
      return linearLayers(spec, shape[0], bottleneck);
    case 'diagonal':
      return diagonalLayers(spec, shape[0]);
    case 'mlp':
      return perceptronLayers(spec, shape[0]);
    case 'cnn':
      return convolutionalLayers(spec, shape);
    case 'resnet18-cifar':
      return residualLayers(spec.width, shape);
  }
};

const named = (index: number): string => `encoder.${index + 1}`;

/** W_n ... W_1 x, started balanced with scale 0.5. */
const linearLayers = (
  { widths, initialScale = DEFAULT_SCALE }: Spec<'linear'>,
  inputs: number,
  bottleneck: number,
): Layer[] =>
  widths.map((width, i) => {
    const initial = balanced(i, bottleneck, initialScale);
    return layer(named(i), 'encoder', dense(named(i), widths[i - 1] ?? inputs, width, initial, false));
  });

/** Layer 1 is w x, every further one w S_b(x) with its own threshold; all weights start at 0.5. */
const diagonalLayers = (
  { depth, threshold, trainThreshold, initialScale = DEFAULT_SCALE }: Spec<'diagonal'>,
  width: number,
): Layer[] =>
  Array.from({ length: depth }, (_, i) => {
    const scaling = diagonal(named(i), width, initialScale);
    const bend = symmetricRelu(named(i), [width], threshold, trainThreshold);
    return layer(named(i), 'encoder', i === 0 ? scaling : sequence(bend, scaling));
  });

/** Every layer, including the last: linear, batch norm if requested (then no bias), ReLU. */
const perceptronLayers = ({ widths, batchNorm: normalised }: Spec<'mlp'>, inputs: number): Layer[] =>
  widths.map((width, i) => {
    const fan = widths[i - 1] ?? inputs;
    const map = dense(named(i), fan, width, heNormal(fan), !normalised);
    const mapped = normalised ? sequence(map, batchNorm(`${named(i)}.norm`, [width])) : map;
    return layer(named(i), 'encoder', sequence(mapped, relu([width])));
  });

/** 3x3 convolutions, stride 1 then 2, read after batch norm (if requested) and ReLU; then the global average. */
const convolutionalLayers = (
  { widths, batchNorm: normalised }: Spec<'cnn'>,
  shape: readonly number[],
): Layer[] => {
  const layers: Layer[] = [];
  for (const [i, filters] of widths.entries()) {
    const name = `encoder.conv${i + 1}`;
    const from = layers[i - 1]?.shape ?? shape;
    const options = { filters, size: 3, stride: i === 0 ? 1 : 2, initial: heNormal(9 * from[2]) } as const;
    const map = normalised
      ? normalisedConvolution(name, from, options)
      : convolution(name, from, { ...options, bias: true });
    layers.push(layer(name, 'encoder', sequence(map, relu(map.shape))));
  }
  return [...layers, layer('encoder.pool', 'encoder', globalAverage(layers[layers.length - 1].shape))];
};
