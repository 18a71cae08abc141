/** A generated, numbered name, which says nothing about its tensor. */
const OPAQUE = /^$|^\d+$|^onnx::\w+_\d+$|^const_fold_opt__\d+$|^val_\d+$/;

export const isOpaque = (name: string): boolean => OPAQUE.test(name);

/** What names of tensors are made from: the node that a tensor is an input or output of. */
export interface NodeNames {
  readonly name: string;
  readonly operator: string;
  /** Its first output. */
  readonly output: string;
  /** Index in its graph, from 0. */
  readonly index: number;
}

/** What a node is called: its name, or its output, or its operator with its index in the graph. */
export const nodeLabel = ({ name, operator, output, index }: NodeNames): string => {
  if (name !== '') return name;
  return isOpaque(output) ? `${operator}_${index}` : output;
};

/** What the operators of layers call their inputs. Input 0 of the others is data. */
const NORM = ['input', 'weight', 'bias', 'running_mean', 'running_var'];
const RECURRENT = ['input', 'W', 'R', 'B'];
const AFFINE = ['input', 'weight', 'bias'];
const ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['MatMul', ['weight', 'weight']],
  ['Gemm', AFFINE],
  ['Conv', AFFINE],
  ['ConvTranspose', AFFINE],
  ['Gather', ['weight']],
  ['BatchNormalization', NORM],
  ['InstanceNormalization', NORM],
  ['LayerNormalization', NORM],
  ['LSTM', RECURRENT],
  ['GRU', RECURRENT],
  ['RNN', RECURRENT],
]);

/** Operators whose input 0 may be a weight. */
const FIRST_IS_WEIGHT: ReadonlySet<string> = new Set([
  'Add',
  'Div',
  'FusedGemm',
  'FusedMatMul',
  'Gather',
  'Gemm',
  'MatMul',
  'MatMulInteger',
  'Mul',
  'QLinearMatMul',
  'Sub',
]);

/** Operators whose output has the same values in the same shape, except for type and order of axes. */
const SAME: ReadonlySet<string> = new Set(['Identity', 'Cast', 'QuantizeLinear', 'DequantizeLinear']);
export const handsOn = (operator: string): 'as it is' | 'transposed' | null => {
  if (SAME.has(operator)) return 'as it is';
  return operator === 'Transpose' ? 'transposed' : null;
};

/**
 * The module of a node that PyTorch named: `/encoder/layer.0/query/MatMul_1` is in `encoder.layer.0.query`, beside the
 * tensors that keep their names, such as `encoder.layer.0.query.bias`. Other names are unchanged.
 */
const modulePath = (label: string, operator: string): string => {
  const parts = label.split('/');
  const last = parts.pop() as string;
  const isScoped = parts.length > 1 && parts[0] === '' && last.replace(/_\d+$/, '') === operator;
  return isScoped ? parts.slice(1).join('.') : label;
};

/** Whether input number `input` of an operator may be a weight: most inputs are data or outputs of other nodes. */
export const mayBeWeight = (operator: string, input: number): boolean =>
  input > 0 || FIRST_IS_WEIGHT.has(operator);

/** The name of an opaque tensor that is input number `input` of a node. */
export const nameByUse = (original: string, node: NodeNames, input: number): string => {
  const role = ROLES.get(node.operator)?.[input] ?? `input_${input}`;
  const name = `${modulePath(nodeLabel(node), node.operator)}.${role}`;
  return original === '' ? name : `${name} (${original})`;
};

/** Makes names unique: repeated ones get a number. */
export class UniqueNames {
  private readonly next = new Map<string, number>();

  take(name: string): string {
    let unique = name;
    let count = this.next.get(name) ?? 1;
    while (this.next.has(unique)) unique = `${name} (${++count})`;
    this.next.set(name, count);
    if (unique !== name) this.next.set(unique, 1);
    return unique;
  }
}
