import type { KernelLayout, TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { headedRole, headedRows, isAttention } from './attention.ts';
import { kernelView } from './convolution.ts';
import { matrixRole } from './matrixRole.ts';
import { stackedMatrices, stackedParts, whole, wholeView } from './parts.ts';
import { withoutOutput } from './pathOf.ts';
import { isLine, type Role, type Tensors } from './role.ts';
import { type Element, hasWord, type SpelledName, spell } from './words.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const KERNEL = words('weight weights kernel kernels w param');
const BIAS = words('bias biases');
const GAIN = words('gamma beta scale scales magnitude');
const NORM = words('norm layernorm batchnorm groupnorm instancenorm rmsnorm normalization bn ln gn');
const EMBEDDING = words('embed embeds embedding embeddings embedder embd emb wte wpe');
/** Words for what is done with an embedding: next to one of them, the word embedding says nothing. */
const PROJECTS = words('proj project projection linear dense fc out mapping patch conv to mlp');
const RELATIVE = words('relative rel');
const EXPERTS = words('expert experts exps moe');
const DENSE = words('dense linear bilinear lin fc mlp einsum kan spline coef coeff');
const CONVOLUTION =
  /^(?:dw|pw|de|sep)?conv(?:s|olution|transpose|\dd(?:transpose)?)?$|^(?:depth|point)wise$|^patch$/;
const DEPTHWISE = words('depthwise dw dwconv');

const isNumber = (word: string | undefined): boolean => word !== undefined && /^\d+$/.test(word);
const lastOf = (element: Element): string => element.filter((word) => !isNumber(word)).at(-1) ?? '';
const isConvolution = (element: Element): boolean => element.some((word) => CONVOLUTION.test(word));

/** The parameter is what its module multiplies with, not one with its own name such as `cls_token`. */
const isKernel = ({ leaf }: SpelledName): boolean => hasWord(leaf, KERNEL) || isNumber(leaf.at(-1));

/** A bias or a gain, also of a stack of layers or for each head: `bias`, `in_proj_bias`, `weight_g`, `dora_scale`. */
const isVectorName = ({ leaf, module }: SpelledName, shape: readonly number[]): boolean => {
  const last = lastOf(leaf);
  if (BIAS.has(last) || GAIN.has(last) || (last === 'g' && leaf[0] === 'weight')) return true;
  const isNorm = NORM.has(lastOf(module)) || module[0] === 'ln';
  return isNorm && KERNEL.has(last) && (isLine(shape) || shape.length === 3);
};

/** T5's and Swin's biases per distance, which are looked up: `relative_attention_bias.weight`. */
const isRelative = (element: Element): boolean =>
  hasWord(element, RELATIVE) &&
  element.some((word) => BIAS.has(word) || word === 'position' || word === 'pos');

const isTable = (element: Element): boolean =>
  isRelative(element) ||
  element.at(-1) === 'table' ||
  (hasWord(element, EMBEDDING) && !hasWord(element, PROJECTS) && !isConvolution(element));

/** The parameter or its module is called an embedding: `word_embeddings.weight`, `wte.weight`, `pos_embed`. */
const isEmbedding = ({ leaf, module }: SpelledName): boolean => isTable(leaf) || isTable(module);

/** If the format does not say: what TensorFlow, Keras and Flax call `kernel` has its outputs last. */
const layoutOf = ({ layout }: TensorEntry, { leaf }: SpelledName): KernelLayout =>
  layout ?? (lastOf(leaf) === 'kernel' || leaf.join('_') === 'depthwise_weights' ? 'HWIO' : 'OIHW');

/** The bias beside a kernel, which has one number per output. */
const biasBeside = (name: string, tensors: Tensors): readonly number[] | undefined => {
  const plain = withoutOutput(name);
  const after = name.slice(plain.length);
  return tensors.get(
    `${plain.slice(0, Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('.')) + 1)}bias${after}`,
  )?.shape;
};

/** A kernel of TensorFlow with one output per input: its bias has one number per pair. */
const isDepthwise = ({ name, shape }: TensorEntry, spelled: SpelledName, tensors: Tensors): boolean => {
  if (hasWord(spelled.leaf, DEPTHWISE) || hasWord(spelled.module, DEPTHWISE)) return true;
  const [inputs, outputs] = shape.slice(-2);
  const bias = biasBeside(name, tensors);
  return bias?.length === 1 && inputs > 1 && bias[0] === inputs * outputs;
};

const convolutionRole = (
  entry: TensorEntry,
  spelled: SpelledName,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role => {
  const layout = layoutOf(entry, spelled);
  const depthwise = layout === 'HWIO' && isDepthwise(entry, spelled, tensors);
  return { kind: 'convolution', parts: whole(kernelView(entry.shape, layout, depthwise, convolution)) };
};

/** Layers that JAX scans over are stacked along the first axis, and so are their biases. */
const isScanned = ({ name, shape }: TensorEntry, tensors: Tensors): boolean => {
  const bias = biasBeside(name, tensors);
  return bias?.length === 2 && bias[0] === shape[0] && bias[1] === shape.at(-1);
};

const table = (shape: readonly number[]): Role => ({
  kind: 'embedding',
  parts: whole(wholeView(shape, shape.length - 1)),
});

/** A kernel whose heads have their own axis, alone or in a stack of layers; else null. */
const headed = ({ shape }: TensorEntry, spelled: SpelledName): Role | null => {
  const owner = spelled.module.join('_');
  // `out` alone may be the output of anything.
  const rows = owner !== 'out' || isAttention(spelled) ? headedRows(owner) : null;
  if (rows === null || !isKernel(spelled) || shape.length < 3 || shape.length > 4) return null;
  const one = headedRole(shape.slice(-3), rows);
  return shape.length === 3 ? one : { kind: one.kind, parts: stackedParts(shape, 1, one.parts) };
};

/** Whether the innermost conclusive element of the name says that these are matrices, not a convolution's kernel. */
const isStack = ({ shape }: TensorEntry, spelled: SpelledName): boolean => {
  const { leaf, module, outer, words: all } = spelled;
  if ([...all].some((word) => EXPERTS.has(word))) return true;
  for (const element of [leaf, module, ...outer]) {
    if (isConvolution(element)) return false;
    if (hasWord(element, DENSE)) return true;
  }
  // PyTorch calls the kernel of any convolution `weight`; in TensorFlow and JAX the name shows it.
  return shape.length === 3 && lastOf(leaf) === 'kernel';
};

const tensorRole = (
  entry: TensorEntry,
  spelled: SpelledName,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role => {
  const { shape, layout } = entry;
  if (!isKernel(spelled) && (shape[0] === 1 || isEmbedding(spelled))) return table(shape);
  if (layout === 'HWIO') return convolutionRole(entry, spelled, tensors, convolution);
  const heads = headed(entry, spelled);
  if (heads !== null) return heads;
  if (isScanned(entry, tensors)) {
    const one = { ...entry, shape: shape.slice(1) };
    const inner = namedRole(one, new Map(), convolution) ?? {
      kind: 'dense',
      parts: stackedMatrices(one.shape),
    };
    return { kind: inner.kind, parts: stackedParts(shape, 1, inner.parts) };
  }
  if (isStack(entry, spelled)) return { kind: 'dense', parts: stackedMatrices(shape) };
  return convolutionRole(entry, spelled, tensors, convolution);
};

/**
 * The matrices of a tensor of two axes or more from its shape and the whole words of its name; null for a vector. Two
 * axes are taken as they are stored, rows first: the transpose has the same singular values. Three to `MOST_AXES` axes
 * are the kernel of a convolution unless the name says otherwise.
 */
export const namedRole = (
  entry: TensorEntry,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role | null => {
  const { name, shape } = entry;
  const spelled = spell(name);
  if (isLine(shape) && !isKernel(spelled)) return null;
  if (isVectorName(spelled, shape) && !isRelative(spelled.leaf)) return null;
  if (shape.length > 2) return tensorRole(entry, spelled, tensors, convolution);
  const role = matrixRole(name, shape, tensors);
  if (role.kind === 'recurrent' || role.parts.length > 1) return role;
  if (isEmbedding(spelled)) return { kind: 'embedding', parts: role.parts };
  return spelled.module.includes('conv1d') ? { kind: 'convolution', parts: role.parts } : role;
};
