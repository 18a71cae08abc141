import type { KerasUse, TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { headedRole, headedRows } from './attention.ts';
import { kernelView } from './convolution.ts';
import { einsumParts } from './einsum.ts';
import { matrixRole } from './matrixRole.ts';
import { type Part, splitParts, stackedMatrices, whole, wholeView } from './parts.ts';
import { KERAS_GATES } from './recurrent.ts';
import type { Role, Tensors } from './role.ts';

const ATTENTION = /^(?:multi_head|grouped_query|group_query)_attention$/;
const CELL = /^(?:cu_dnn)?(?:lstm|gru|simple_rnn)(?:_cell)?$/;
const CONVOLUTIONAL_CELL = /^conv_lstm\dd(?:_cell)?$/;
const CONVOLUTION = /^(?:(?:depthwise|separable)_)?conv\dd(?:_transpose)?$/;
/** Variables that are never a matrix, whatever their shape. */
const VECTOR = /^(?:bias|gamma|beta|alpha|moving_(?:mean|variance)|vector_u|(?:\w{1,40}_)?scale)$/;

const gatesOf = (className: string): readonly string[] | undefined => {
  if (className.includes('lstm')) return KERAS_GATES[4];
  return className.includes('gru') ? KERAS_GATES[3] : undefined;
};

const split = (view: Part['view'], axis: 0 | 1, gates: readonly string[] | undefined): Part[] => {
  const extent = (axis === 0 ? view.rows : view.columns)[0].extent;
  return gates === undefined || extent % gates.length > 0 ? whole(view) : splitParts(view, axis, gates);
};

/** A kernel with axes for position, input and output; depthwise according to the class or the variable. */
const convolutionRole = (
  { shape }: TensorEntry,
  { className, variable }: KerasUse,
  convolution: ConvolutionView,
): Role | undefined => {
  if (shape.length < 3) return undefined;
  const depthwise = className.startsWith('depthwise') || variable.startsWith('depthwise');
  const view = kernelView(shape, 'HWIO', depthwise, convolution);
  const gates = CONVOLUTIONAL_CELL.test(className) ? gatesOf(className) : undefined;
  return { kind: 'convolution', parts: split(view, 0, gates) };
};

/** A kernel of inputs x outputs that is contracted as the equation says, or whose axes before the last two stack. */
const denseRole = ({ name, shape }: TensorEntry, equation: string | undefined, tensors: Tensors): Role => {
  if (shape.length === 2) return matrixRole(name, shape, tensors);
  const parts = (equation === undefined ? null : einsumParts(equation, shape)) ?? stackedMatrices(shape);
  return { kind: 'dense', parts };
};

/**
 * The role of a variable by the class of its layer; null for a vector of any shape, undefined if the class is unknown.
 */
export const kerasRole = (
  entry: TensorEntry,
  use: KerasUse,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role | null | undefined => {
  const { className, outer, owner, variable, equation } = use;
  const { shape } = entry;
  if (VECTOR.test(variable)) return null;
  if (className === 'embedding' && variable === 'embeddings') {
    return { kind: 'embedding', parts: whole(wholeView(shape, shape.length - 1)) };
  }
  if (!/(?:^|_)kernel$/.test(variable)) return undefined;
  if (CONVOLUTION.test(className) || CONVOLUTIONAL_CELL.test(className)) {
    return convolutionRole(entry, use, convolution);
  }
  if (CELL.test(className) && shape.length === 2) {
    return { kind: 'recurrent', parts: split(wholeView(shape), 1, gatesOf(className)) };
  }
  const rows = ATTENTION.test(outer) ? headedRows(owner) : null;
  if (rows !== null && shape.length === 3) return headedRole(shape, rows);
  return /^(?:einsum_)?dense$/.test(className) ? denseRole(entry, equation, tensors) : undefined;
};
