import type { Attribute, ElementType, OnnxGraph, OnnxNode, OnnxPort, OnnxTensor } from './model.ts';

const NO_ATTRIBUTES: Readonly<Record<string, Attribute>> = {};

/** Grows a graph node by node. The same operation on the same values is emitted once. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly known = new Map<string, readonly string[]>();
  private readonly constants = new Map<string, OnnxTensor>();
  private readonly inputs: OnnxPort[] = [];
  private readonly outputs: OnnxPort[] = [];
  private counter = 0;

  /** @param prefix of the names of its tensors, for nodes that are added to another graph. */
  constructor(private readonly prefix = '') {}

  input(name: string, type: ElementType, shape: readonly (number | string)[]): string {
    this.inputs.push({ name, type, shape });
    return name;
  }

  output(name: string, value: string, type: ElementType, shape: readonly (number | string)[]): void {
    // Identity gives the output its public name; ONNX Runtime removes it.
    this.nodes.push({
      op: 'Identity',
      domain: '',
      inputs: [value],
      outputs: [name],
      attributes: NO_ATTRIBUTES,
    });
    this.outputs.push({ name, type, shape });
  }

  node(op: string, inputs: readonly string[], attributes = NO_ATTRIBUTES, domain = ''): string {
    return this.nodeWithOutputs(op, inputs, 1, attributes, domain)[0];
  }

  nodeWithOutputs(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes = NO_ATTRIBUTES,
    domain = '',
  ): readonly string[] {
    const key = JSON.stringify([op, domain, inputs, attributes, count]);
    const seen = this.known.get(key);
    if (seen !== undefined) return seen;
    const outputs = Array.from({ length: count }, () => `${this.prefix}v${this.counter++}`);
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    this.known.set(key, outputs);
    return outputs;
  }

  constant(type: ElementType, shape: readonly number[], raw: Uint8Array): string {
    const key = `${type}[${shape.join()}]${Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('base64')}`;
    const seen = this.constants.get(key);
    if (seen !== undefined) return seen.name;
    const tensor: OnnxTensor = { name: `${this.prefix}c${this.counter++}`, type, shape, raw };
    this.constants.set(key, tensor);
    return tensor.name;
  }

  /** A vector of int64: ONNX nodes take axes, shapes, starts and ends this way. */
  integers(values: readonly number[]): string {
    return this.constant('int64', [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  }

  /** The finished graph, without nodes that no output depends on. */
  finish(name: string, metadata?: Readonly<Record<string, string>>): OnnxGraph {
    const needed = new Set(this.outputs.map((port) => port.name));
    const nodes: OnnxNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      for (const input of node.inputs) needed.add(input);
      nodes.push(node);
    }
    return {
      name,
      nodes: nodes.reverse(),
      initialisers: [...this.constants.values()].filter((tensor) => needed.has(tensor.name)),
      inputs: this.inputs,
      outputs: this.outputs,
      metadata,
    };
  }
}
