import { ProtobufWriter } from './protobuf.ts';

/** ONNX element types that a recorded graph uses (TensorProto.DataType). */
export const ELEMENT_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian, row-major. */
  readonly raw: Uint8Array;
}

export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  /** A string names a dimension that may differ in every run. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly metadata?: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
const OPSET = 17;

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

function writeAttribute(writer: ProtobufWriter, name: string, value: Attribute): void {
  writer.text(1, name);
  if (typeof value === 'number') {
    writer.integer(3, value).integer(20, ATTRIBUTE_TYPE.int);
  } else if (typeof value === 'string') {
    writer.text(4, value).integer(20, ATTRIBUTE_TYPE.string);
  } else if ('float' in value) {
    writer.float(2, value.float).integer(20, ATTRIBUTE_TYPE.float);
  } else {
    for (const entry of value) writer.integer(8, entry);
    writer.integer(20, ATTRIBUTE_TYPE.ints);
  }
}

export function writeNode(writer: ProtobufWriter, node: OnnxNode, name: string): void {
  for (const input of node.inputs) writer.text(1, input);
  for (const output of node.outputs) writer.text(2, output);
  writer.text(3, name).text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (attribute) => writeAttribute(attribute, name, value));
  }
  if (node.domain !== '') writer.text(7, node.domain);
}

export function writeTensor(writer: ProtobufWriter, tensor: OnnxTensor): void {
  for (const extent of tensor.shape) writer.integer(1, extent);
  writer.integer(2, ELEMENT_TYPE[tensor.type]).text(8, tensor.name).bytes(9, tensor.raw);
}

export function writePort(writer: ProtobufWriter, port: OnnxPort): void {
  writer.text(1, port.name).message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, ELEMENT_TYPE[port.type]).message(2, (shape) => {
        for (const extent of port.shape) {
          shape.message(1, (dimension) => {
            if (typeof extent === 'string') dimension.text(2, extent);
            else dimension.integer(1, extent);
          });
        }
      });
    }),
  );
}

/** Serialises a graph as an ONNX ModelProto (field numbers of onnx.proto; IR version 8, opset 17). */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION).text(2, 'pentimento');
  writer.message(7, (body) => {
    graph.nodes.forEach((node, index) => {
      body.message(1, (inner) => writeNode(inner, node, `${node.op}_${index}`));
    });
    body.text(2, graph.name);
    for (const tensor of graph.initialisers) body.message(5, (inner) => writeTensor(inner, tensor));
    for (const port of graph.inputs) body.message(11, (inner) => writePort(inner, port));
    for (const port of graph.outputs) body.message(12, (inner) => writePort(inner, port));
  });
  const domains = new Set(['', ...graph.nodes.map((node) => node.domain)]);
  for (const domain of domains) {
    writer.message(8, (opset) => {
      if (domain !== '') opset.text(1, domain);
      opset.integer(2, domain === '' ? OPSET : 1);
    });
  }
  for (const [key, value] of Object.entries(graph.metadata ?? {})) {
    writer.message(14, (entry) => entry.text(1, key).text(2, value));
  }
  return writer.finish();
}
