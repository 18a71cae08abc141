import { GraphBuilder } from '../onnx/graphBuilder.ts';
import { type Attribute, ELEMENT_TYPE, type ElementType } from '../onnx/model.ts';
import type { CompileOptions } from '../program.ts';
import { sizeOf } from '../tensorData.ts';
import { memoryShape, rowMajor, sameShape, type Value } from './value.ts';

type TensorType = 'float32' | 'int32' | 'bool';

/**
 * Which operators a graph may have: all of ONNX Runtime's on the CPU; the `standard` ones, in a plain graph that any ONNX runtime can run;
 * or those that ONNX Runtime also has for `webgpu`.
 */
export type Operators = 'cpu' | 'standard' | 'webgpu';

/** What is being recorded: the graph so far, and how tfjs types and values map to it. */
export class Recording {
  readonly graph = new GraphBuilder();
  private readonly real: 'float32' | 'float64';
  /** The example extent that represents the dynamic batch; null when every shape is fixed. */
  private readonly dynamicExtent: number | null;
  /** Bytes: see CompileOptions. */
  readonly largestWindows: number;
  readonly operators: Operators;
  /** Channels in a block of ONNX Runtime's blocked convolution; undefined where it has none. */
  readonly channelBlock: number | undefined;
  /** Compute what is done with known integers, such as the extents of a shape, while it is recorded. */
  readonly computesShapes: boolean;

  constructor(
    options: CompileOptions & {
      dynamicExtent?: number;
      operators?: Operators;
      channelBlock?: number;
      computesShapes?: boolean;
    },
  ) {
    this.real = options.precision ?? 'float32';
    this.dynamicExtent = options.dynamicExtent ?? null;
    this.largestWindows = options.largestWindows ?? 256 * 2 ** 20;
    this.operators = options.operators ?? 'cpu';
    this.channelBlock = options.channelBlock;
    this.computesShapes = options.computesShapes ?? false;
  }

  elementType(dtype: string): ElementType {
    if (dtype === 'float32') return this.real;
    if (dtype === 'int32' || dtype === 'bool') return dtype;
    throw new Error(`the recorder has no element type for ${dtype}`);
  }

  /** Whether an extent is the dynamic batch, or an axis that it was joined with others to. */
  isDynamic(extent: number): boolean {
    return this.dynamicExtent !== null && extent > 0 && extent % this.dynamicExtent === 0;
  }

  get fixedShapes(): boolean {
    return this.dynamicExtent === null;
  }

  /** A stored, row-major value. */
  dense(name: string, type: ElementType, shape: readonly number[]): Value {
    return { name, type, shape, stored: shape, order: rowMajor(shape.length) };
  }

  uniform(value: number, type: ElementType, shape: readonly number[]): Value {
    return {
      name: '',
      type,
      shape,
      stored: shape.map(() => 1),
      order: rowMajor(shape.length),
      uniform: value,
    };
  }

  fromHost(values: ArrayLike<number>, shape: readonly number[], dtype: TensorType): Value {
    const type = this.elementType(dtype);
    const first = values[0];
    let uniform = values.length > 0;
    for (let index = 1; uniform && index < values.length; index++) uniform = values[index] === first;
    if (uniform) return this.uniform(first, type, shape);
    return this.dense(this.constant(values, shape, type), type, shape);
  }

  private constant(values: ArrayLike<number>, shape: readonly number[], type: ElementType): string {
    const array =
      type === 'float32'
        ? Float32Array.from(values)
        : type === 'float64'
          ? Float64Array.from(values)
          : type === 'int32'
            ? Int32Array.from(values)
            : Uint8Array.from(values);
    return this.graph.constant(type, shape, new Uint8Array(array.buffer));
  }

  /** The number as a rank-0 constant, which broadcasts against anything. */
  scalar(value: number, type: ElementType): string {
    return this.constant([value], [], type);
  }

  node(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>): string {
    return this.graph.node(op, inputs, attributes);
  }

  /** The shape operand of a Reshape: 0 copies the leading dynamic extent from the input. */
  shapeOperand(from: readonly number[], to: readonly number[]): string {
    const dynamic = to.map((extent) => this.isDynamic(extent));
    if (!dynamic.includes(true)) return this.graph.integers(to);
    if (dynamic.indexOf(true) === 0 && dynamic.lastIndexOf(true) === 0 && from[0] === to[0]) {
      return this.graph.integers([0, ...to.slice(1)]);
    }
    if (dynamic.indexOf(true) === dynamic.lastIndexOf(true)) {
      return this.graph.integers(to.map((extent) => (this.isDynamic(extent) ? -1 : extent)));
    }
    throw new Error(`a shape with two dynamic extents cannot be recorded: [${to.join()}]`);
  }

  /** Reinterprets the stored tensor `name` of extents `from` as `to` (both in memory order). */
  reshape(name: string, from: readonly number[], to: readonly number[]): string {
    return sameShape(from, to) ? name : this.node('Reshape', [name, this.shapeOperand(from, to)]);
  }

  /** The stored tensor with its axes in `order`; repeated axes stay repeated. */
  inOrder(value: Value, order: readonly number[]): Value {
    if (value.uniform !== undefined || value.order.every((axis, place) => axis === order[place])) {
      return value.uniform === undefined ? value : { ...value, order };
    }
    const real = (axes: readonly number[]) => axes.filter((axis) => value.stored[axis] !== 1);
    const result = { ...value, order };
    // Moving axes of extent one moves no data.
    if (real(value.order).join() === real(order).join()) {
      return { ...result, name: this.reshape(value.name, memoryShape(value), memoryShape(result)) };
    }
    const permutation = order.map((axis) => value.order.indexOf(axis));
    return { ...result, name: this.node('Transpose', [value.name], { perm: permutation }) };
  }

  /** A value that stores every element, in row-major order. */
  materialise(value: Value): Value & { readonly uniform: undefined } {
    const ordered = this.inOrder(value, rowMajor(value.shape.length));
    const name = ordered.uniform === undefined ? ordered.name : this.scalar(ordered.uniform, value.type);
    const stored = ordered.uniform === undefined ? ordered.stored : [];
    if (sameShape(stored, value.shape))
      return { ...this.dense(name, value.type, value.shape), uniform: undefined };
    if (value.shape.some((extent) => this.isDynamic(extent))) {
      throw new Error(`a repeated value over the dynamic batch cannot be stored: [${value.shape.join()}]`);
    }
    const expanded = this.node('Expand', [name, this.graph.integers(value.shape)]);
    return { ...this.dense(expanded, value.type, value.shape), uniform: undefined };
  }

  cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    if (value.uniform !== undefined) {
      const converted =
        type === 'bool'
          ? Number(value.uniform !== 0)
          : type === 'int32'
            ? Math.trunc(value.uniform)
            : value.uniform;
      return { ...value, type, uniform: converted };
    }
    return { ...value, type, name: this.node('Cast', [value.name], { to: ELEMENT_TYPE[type] }) };
  }

  /** Number of elements without repetition. */
  storedSize(value: Value): number {
    return value.uniform === undefined ? sizeOf(value.stored) : 0;
  }
}
