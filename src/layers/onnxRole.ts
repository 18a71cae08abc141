import type { OnnxUse, TensorEntry } from '../checkpoint/index.ts';
import type { ConvolutionView } from '../protocol/index.ts';
import { kernelView } from './convolution.ts';
import { matrixRole } from './matrixRole.ts';
import { namedRole } from './namedRole.ts';
import { splitView, stackedMatrices, whole, wholeView } from './parts.ts';
import { onnxGates } from './recurrent.ts';
import { isLine, type Role, type Tensors } from './role.ts';

/** The role of an operator's input. */
type Input = 'product' | 'kernel' | 'table' | 'gates' | 'projections' | 'vector' | 'summand' | 'factor';

const FACTORS: readonly Input[] = ['factor', 'factor'];
const AFFINE: readonly (Input | undefined)[] = [undefined, 'kernel', 'vector'];
const VECTORS: readonly (Input | undefined)[] = [undefined, 'vector', 'vector', 'vector', 'vector'];
/** X, W, R, B, the lengths of the sequences, the initial states, and the peepholes. */
const RECURRENT: readonly (Input | undefined)[] = [
  undefined,
  'gates',
  'gates',
  'vector',
  undefined,
  'vector',
  'vector',
  'vector',
];
const PRODUCT: readonly (Input | undefined)[] = ['product', 'product'];

/** Inputs of the operators that have weights, in order; from onnx and com.microsoft. */
const OPERATORS: ReadonlyMap<string, readonly (Input | undefined)[]> = new Map([
  ['Conv', AFFINE],
  ['ConvTranspose', AFFINE],
  ['FusedConv', AFFINE],
  ['ConvInteger', AFFINE],
  ['DeformConv', [undefined, 'kernel', undefined, 'vector']],
  [
    'QLinearConv',
    [undefined, undefined, undefined, 'kernel', undefined, undefined, undefined, undefined, 'vector'],
  ],
  ['MatMul', PRODUCT],
  ['MatMulInteger', PRODUCT],
  ['FusedMatMul', PRODUCT],
  ['QLinearMatMul', ['product', undefined, undefined, 'product']],
  ['Gemm', ['product', 'product', 'vector']],
  ['FusedGemm', ['product', 'product', 'vector']],
  ['Gather', ['table']],
  ['EmbedLayerNormalization', [undefined, undefined, 'table', 'table', 'table', 'vector', 'vector']],
  ['LSTM', RECURRENT],
  ['GRU', RECURRENT],
  ['RNN', RECURRENT],
  ['Attention', [undefined, 'projections', 'vector']],
  ['QAttention', [undefined, 'projections', 'vector']],
  ['MultiHeadAttention', [undefined, undefined, undefined, 'vector']],
  ['BatchNormalization', VECTORS],
  ['InstanceNormalization', VECTORS],
  ['LayerNormalization', VECTORS],
  ['GroupNormalization', VECTORS],
  ['RMSNormalization', VECTORS],
  ['SimplifiedLayerNormalization', VECTORS],
  ['SkipLayerNormalization', [undefined, undefined, 'vector', 'vector', 'vector']],
  ['SkipSimplifiedLayerNormalization', [undefined, undefined, 'vector', 'vector']],
  ['PRelu', [undefined, 'vector']],
  ['Add', ['summand', 'summand']],
  ['Sub', FACTORS],
  ['Mul', FACTORS],
  ['Div', FACTORS],
]);

/** Query, key and value of com.microsoft's Attention are side by side along the outputs, which are the columns. */
const projections = (shape: readonly number[]): Role => {
  const isEven = shape.length === 2 && shape[1] % 3 === 0;
  const parts = isEven ? splitView(shape, 1, ['q', 'k', 'v']) : whole(wholeView(shape, shape.length - 1));
  return { kind: 'attention', parts };
};

/** A matrix, or one matrix for each entry of the axes before the last two. */
const product = ({ name, shape }: TensorEntry, tensors: Tensors): Role =>
  shape.length === 2 ? matrixRole(name, shape, tensors) : { kind: 'dense', parts: stackedMatrices(shape) };

/** An addend: a bias, by its shape or its name, or else a table with a row for each position. */
const summand = (entry: TensorEntry, tensors: Tensors, convolution: ConvolutionView): Role | null => {
  const { shape } = entry;
  if (isLine(shape) || namedRole(entry, tensors, convolution) === null) return null;
  return { kind: 'embedding', parts: whole(wholeView(shape, shape.length - 1)) };
};

/**
 * The role of a tensor by the operator that takes it; null for a vector of any shape, undefined if the operator is
 * not conclusive. The kernel of a transposed convolution is taken as stored, with inputs and outputs exchanged.
 */
export const onnxRole = (
  entry: TensorEntry,
  { operator, input }: OnnxUse,
  tensors: Tensors,
  convolution: ConvolutionView,
): Role | null | undefined => {
  const { shape } = entry;
  switch (OPERATORS.get(operator)?.[input]) {
    case 'vector':
      return null;
    case 'summand':
      return summand(entry, tensors, convolution);
    case 'factor':
      return isLine(shape) ? null : undefined;
    case 'product':
      return product(entry, tensors);
    case 'kernel':
      if (shape.length === 2) return undefined;
      return { kind: 'convolution', parts: whole(kernelView(shape, 'OIHW', false, convolution)) };
    case 'table':
      // With three axes it may be a stack of matrices from which one is taken.
      if (shape.length > 2) return undefined;
      return { kind: 'embedding', parts: whole(wholeView(shape, shape.length - 1)) };
    case 'gates':
      return { kind: 'recurrent', parts: onnxGates(operator, shape) };
    case 'projections':
      return projections(shape);
    default:
      return undefined;
  }
};
