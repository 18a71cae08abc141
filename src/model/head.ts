import type { HeadSpec } from '../experiment/index.ts';
import { balanced } from './balanced.ts';
import { batchNorm } from './batchNorm.ts';
import { type Layer, layer, sequence } from './block.ts';
import { dense, diagonal, relu } from './dense.ts';
import { heNormal, type Initialiser, lecunNormal, scaledIdentity } from './initial.ts';
import { reweighting } from './reweighting.ts';
import { symmetricRelu } from './symmetricRelu.ts';

type Spec<Kind extends HeadSpec['kind']> = Extract<HeadSpec, { kind: Kind }>;

const named = (index: number): string => `head.${index + 1}`;

/**
 * The layers of a projection head on representations of `width` dimensions; none for `none`.
 *
 * @param linearStart initial weight of a linear head, which continues the chain of a linear encoder.
 */
export const headLayers = (spec: HeadSpec, width: number, linearStart: Initialiser): Layer[] => {
  switch (spec.kind) {
    case 'none':
      return [];
    case 'linear':
      return [layer('head.1', 'head', dense('head.1', width, spec.width, linearStart, false))];
    case 'mlp':
      return perceptronLayers(spec, width);
    case 'symmetric-relu':
      return spec.weights === 'full' ? fullLayers(spec, width) : [diagonalLayer(spec, width)];
    case 'reweighting':
      return [layer('head.1', 'head', reweighting(width, spec.kappa))];
  }
};

/** Hidden layers are read after batch norm (if requested) and ReLU; the last is linear with a bias. */
const perceptronLayers = ({ widths, batchNorm: normalised }: Spec<'mlp'>, inputs: number): Layer[] =>
  widths.map((width, i) => {
    const fan = widths[i - 1] ?? inputs;
    if (i === widths.length - 1)
      return layer(named(i), 'head', dense(named(i), fan, width, lecunNormal(fan), true));
    const map = dense(named(i), fan, width, heNormal(fan), !normalised);
    const mapped = normalised ? sequence(map, batchNorm(`${named(i)}.norm`, [width])) : map;
    return layer(named(i), 'head', sequence(mapped, relu([width])));
  });

/** Linear, S_b, linear, each a layer; both matrices start at `initialScale` times the identity, biases at zero. */
const fullLayers = (spec: Spec<'symmetric-relu'>, width: number): Layer[] => {
  const start = scaledIdentity(spec.initialScale);
  return [
    layer('head.1', 'head', dense('head.1', width, width, start, true)),
    layer('head.2', 'head', symmetricRelu('head.2', [width], spec.threshold, spec.trainThreshold)),
    layer('head.3', 'head', dense('head.3', width, width, start, true)),
  ];
};

/** w S_b(h), one layer. */
const diagonalLayer = (spec: Spec<'symmetric-relu'>, width: number): Layer => {
  const bend = symmetricRelu('head.1', [width], spec.threshold, spec.trainThreshold);
  return layer('head.1', 'head', sequence(bend, diagonal('head.1', width, spec.initialScale)));
};

/** Initial weight of a linear head: balanced with the linear encoder below it, else orthogonal of scale 1. */
export const linearHeadStart = (
  scale: number | undefined,
  below: { readonly depth: number; readonly bottleneck: number; readonly scale: number } | null,
  rank: number,
): Initialiser =>
  below === null
    ? balanced(0, rank, scale ?? 1)
    : balanced(below.depth, below.bottleneck, scale ?? below.scale);
