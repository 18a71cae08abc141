import type { KernelLayout, TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView, LayerKind } from '../protocol/index.ts';
import { attentionParts, headedRows, isAttention } from './attention.ts';
import { kernelView } from './convolution.ts';
import { type Part, stackedViews, whole, wholeView } from './parts.ts';
import { pathOf, withoutOutput } from './pathOf.ts';
import { recurrentParts } from './recurrent.ts';

/** A tensor's matrices, and what they do. */
export interface Role {
  readonly kind: LayerKind;
  readonly parts: readonly Part[];
}

type Tensors = ReadonlyMap<string, TensorEntry>;

/** More experts than any model has: a tensor with more is not one of stacked experts. */
const MOST_EXPERTS = 1024;

/** Of a kernel over three dimensions: outputs, inputs and positions. */
export const MOST_AXES = 5;

/** The parameter or its module is called so: `word_embeddings.weight`, `wte.weight`, `pos_embed`. */
const isEmbedding = (name: string): boolean =>
  pathOf(name)
    .slice(-2)
    .some(({ text }) => /embe?d|^wte$|^wpe$/i.test(text));

/** A parameter with a name of its own, such as `cls_token`, is no kernel of a layer. */
const isKernel = (name: string): boolean => /(?:^|[._/])(?:\w*(?:weight|kernel)\w*|\d+)$/.test(name);

/** One dimension, also when axes of 1 stand before it (`cls_token`). */
export const isVector = ({ name, shape }: TensorEntry): boolean =>
  shape.length === 1 ||
  (shape.length > 2 &&
    !isKernel(withoutOutput(name)) &&
    shape.filter((extent) => extent > 1).length <= 1 &&
    shape[0] === 1);

const matrixRole = (name: string, shape: readonly number[], tensors: Tensors): Role => {
  const recurrent = recurrentParts(name, shape, (other) => tensors.get(other)?.shape);
  if (recurrent !== null) return { kind: 'recurrent', parts: recurrent };
  const plain = withoutOutput(name);
  const packed = attentionParts(plain, shape);
  if (packed !== null) return { kind: 'attention', parts: packed };
  const kind = isEmbedding(plain) ? 'embedding' : isAttention(plain) ? 'attention' : 'dense';
  return { kind, parts: whole(wholeView(shape)) };
};

/** Three axes that are no convolution's: stacked experts, heads kept apart, positions behind an axis of 1. */
const stackedRole = ({ name, shape }: TensorEntry): Role | null => {
  const plain = withoutOutput(name);
  if (isEmbedding(plain) || (shape[0] === 1 && !isKernel(plain))) {
    return { kind: 'embedding', parts: whole(wholeView(shape, shape.length - 1)) };
  }
  if (shape.length !== 3) return null;
  if (/experts?[._/]|exps[._/]/i.test(plain) && shape[0] <= MOST_EXPERTS) {
    return { kind: 'dense', parts: stackedViews(shape) };
  }
  const rows = headedRows(plain);
  return rows === null ? null : { kind: 'attention', parts: whole(wholeView(shape, rows)) };
};

/** Where the format does not say: what TensorFlow, Keras and Flax call `kernel` has its outputs last. */
const layoutOf = ({ name, layout }: TensorEntry): KernelLayout =>
  layout ?? (/(?:^|[._/])kernel$/.test(withoutOutput(name)) ? 'HWIO' : 'OIHW');

/**
 * The matrices of a tensor of two axes or more, from its name and shape. Two axes are taken as they are stored, rows
 * first: the transpose has the same singular values. Three to `MOST_AXES` axes are the kernel of a convolution unless
 * the name says otherwise.
 */
export const roleOf = (entry: TensorEntry, tensors: Tensors, convolution: ConvolutionView): Role => {
  const { name, shape } = entry;
  if (shape.length === 2) return matrixRole(name, shape, tensors);
  return (
    stackedRole(entry) ?? {
      kind: 'convolution',
      parts: whole(kernelView(shape, layoutOf(entry), /depthwise/i.test(name), convolution)),
    }
  );
};
