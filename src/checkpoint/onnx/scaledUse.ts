import type { Scaling } from '../quantised/scaling.ts';

/**
 * The parts of a node that matter here: the names of its inputs, empty for those left out, and attributes
 * that are integers.
 */
export interface QuantisedNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly integers: ReadonlyMap<string, number>;
}

/** A tensor that a node takes as quantised numbers, and its tables; names as in the graph. */
export interface ScaledUse {
  readonly operator: string;
  readonly tensor: string;
  readonly scale: string;
  readonly zero: string;
  /** The rest of its scaling, given the shape of the tensor. */
  readonly rest: (shape: readonly number[]) => Partial<Scaling>;
}

/** The roles of the inputs, and the axis of a table with one axis. */
interface Places {
  readonly weight: number;
  readonly scale?: number;
  readonly zero?: number;
  readonly axis: 'first' | 'last';
}

/** Operators that multiply the scale themselves (onnx/defs, and onnxruntime's ContribOperators.md). */
const OPERATORS: ReadonlyMap<string, readonly Places[]> = new Map<string, readonly Places[]>([
  ['QLinearConv', [{ weight: 3, scale: 4, zero: 5, axis: 'first' }]],
  [
    'QLinearMatMul',
    [
      { weight: 3, scale: 4, zero: 5, axis: 'last' },
      { weight: 0, scale: 1, zero: 2, axis: 'first' },
    ],
  ],
  ['QAttention', [{ weight: 1, scale: 4, zero: 7, axis: 'last' }]],
  ['DynamicQuantizeMatMul', [{ weight: 1, scale: 2, zero: 3, axis: 'last' }]],
  ['MatMulIntegerToFloat', [{ weight: 1, scale: 3, zero: 5, axis: 'last' }]],
  // Their scale is multiplied later: onnxruntime's quantiser names it after the weight.
  ['MatMulInteger', [{ weight: 1, zero: 3, axis: 'last' }]],
  ['ConvInteger', [{ weight: 1, zero: 3, axis: 'first' }]],
]);

/** Operators whose packed weights are listed, with the indices of these and of their tables. */
const LISTED: ReadonlyMap<string, readonly [weight: number, ...tables: number[]]> = new Map([
  ['GatherBlockQuantized', [0, 2, 3]],
  ['MatMulBnb4', [1, 2]],
  ['MatMulFpQ4', [1, 1]],
]);

const QUANTISED = '_quantized';

const scaleName = (weight: string): string =>
  weight.endsWith(QUANTISED) ? `${weight.slice(0, -QUANTISED.length)}_scale` : '';

const fromPlaces = (
  { operator, inputs }: QuantisedNode,
  { weight, scale, zero, axis }: Places,
): ScaledUse => ({
  operator,
  tensor: inputs[weight] ?? '',
  scale: scale === undefined ? scaleName(inputs[weight] ?? '') : (inputs[scale] ?? ''),
  zero: zero === undefined ? '' : (inputs[zero] ?? ''),
  rest: (shape) => ({ axis: axis === 'first' ? 0 : Math.max(0, shape.length - 1) }),
});

/** y = (x - zero) * scale: one scale for all of x, one per entry of `axis`, or one per block along it. */
const dequantizeLinear = ({ operator, inputs, integers }: QuantisedNode): ScaledUse => ({
  operator,
  tensor: inputs[0] ?? '',
  scale: inputs[1] ?? '',
  zero: inputs[2] ?? '',
  rest: (shape) => {
    const stated = integers.get('axis') ?? 1;
    const axis = stated < 0 ? stated + shape.length : stated;
    const size = integers.get('block_size') ?? 0;
    return size > 0 ? { axis, block: { axis, size } } : { axis };
  },
});

/** QGemm: the scale is per column of B, or per row if B is transposed. */
const qGemm = (node: QuantisedNode): ScaledUse =>
  fromPlaces(node, {
    weight: 3,
    scale: 4,
    zero: 5,
    axis: (node.integers.get('transB') ?? 0) === 0 ? 'last' : 'first',
  });

/**
 * MatMulNBits: N rows of K numbers in blocks, low bits first, one scale per block; the zero defaults to half of the
 * range.
 */
const matMulNBits = ({ operator, inputs, integers }: QuantisedNode): ScaledUse => ({
  operator,
  tensor: inputs[1] ?? '',
  scale: inputs[2] ?? '',
  zero: inputs[3] ?? '',
  rest: () => {
    const [n, k, size] = ['N', 'K', 'block_size'].map((name) => integers.get(name) ?? 0);
    const bits = integers.get('bits') ?? 4;
    const blocks = Math.ceil(k / size);
    const isRead = (bits === 4 || bits === 8) && n > 0 && size > 0 && blocks * size === k;
    if (!isRead || (inputs[4] ?? '') !== '') {
      return { refused: 'is quantised (MatMulNBits), in a layout that is not read here' };
    }
    return {
      shape: [n, k],
      tableShape: [n, blocks],
      block: { axis: 1, size },
      ...(bits === 4 ? { packed: 'uint4' as const } : {}),
      ...((inputs[3] ?? '') === '' ? { constantZero: 2 ** (bits - 1) } : {}),
      ...((inputs[3] ?? '') !== '' && bits === 4 ? { packedZero: true as const } : {}),
    };
  },
});

const SPECIAL: ReadonlyMap<string, (node: QuantisedNode) => ScaledUse> = new Map([
  ['DequantizeLinear', dequantizeLinear],
  ['QGemm', qGemm],
  ['MatMulNBits', matMulNBits],
]);

const listed = (
  { operator, inputs }: QuantisedNode,
  [weight, scale, zero]: readonly number[],
): ScaledUse => ({
  operator,
  tensor: inputs[weight] ?? '',
  scale: inputs[scale] ?? '',
  zero: zero === undefined ? '' : (inputs[zero] ?? ''),
  rest: () => ({ refused: `holds packed numbers (${operator}), not weights` }),
});

/** Whether inputs of this operator may be quantised tensors. */
export const takesScaled = (operator: string): boolean =>
  OPERATORS.has(operator) || SPECIAL.has(operator) || LISTED.has(operator);

/** The quantised tensors that a node takes. */
export const scaledUses = (node: QuantisedNode): readonly ScaledUse[] => {
  const special = SPECIAL.get(node.operator);
  const tables = LISTED.get(node.operator);
  const uses =
    special !== undefined
      ? [special(node)]
      : tables !== undefined
        ? [listed(node, tables)]
        : (OPERATORS.get(node.operator) ?? []).map((places) => fromPlaces(node, places));
  return uses.filter(({ tensor }) => tensor !== '');
};
