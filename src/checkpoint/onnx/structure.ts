import { sourceOf } from '../bytes/byteSource.ts';
import { BYTES, type Field, ProtobufFile } from '../bytes/protobuf.ts';
import { looksLikeOnnx } from './sign.ts';
import { MAX_NAME } from './tensorDraft.ts';

/** An operator of a graph, with the tensors that it takes and makes; an input that is left out is empty. */
export interface GraphNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Tensors that graphs within the node take, such as the branches of a condition, besides its inputs. */
  readonly captured: readonly string[];
}

/** What a model computes: its own graph, without the graphs in its nodes. */
export interface GraphStructure {
  /** In an order in which they can be computed. */
  readonly nodes: readonly GraphNode[];
  /** Names of tensors with fixed values. */
  readonly constants: ReadonlySet<string>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const REMEDY = 'The file is damaged or not an ONNX model: fetch or export it again';
/** Control flow nests a few levels deep. */
export const MAX_DEPTH = 32;
export const MAX_FIELDS = 3_000_000;

/** Numbers of fields: of ModelProto, GraphProto, NodeProto, and of what has a name. */
export const GRAPH = 7;
export const NODE = 1;
export const INITIALIZER = 5;
export const INPUT = 11;
export const OUTPUT = 12;
export const SPARSE_INITIALIZER = 15;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_NAME = 3;
const NODE_OPERATOR = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_GRAPH = 6;
const ATTRIBUTE_GRAPHS = 11;
const TENSOR_NAME = 8;
export const VALUE_NAME = 1;

/**
 * The structure of an ONNX model (onnx/onnx.proto), without its values.
 * @param model path, or bytes.
 * @throws Fault (input) for a file that is none.
 */
export const readGraphStructure = async (model: string | Uint8Array): Promise<GraphStructure> => {
  const source = await sourceOf(model);
  try {
    const file = new ProtobufFile(source, REMEDY, MAX_FIELDS);
    const head = await source.read(0, Math.min(4096, source.size));
    if (!(await looksLikeOnnx(head, source))) throw file.fault('is not an ONNX model', 0);
    const found = {
      nodes: [] as GraphNode[],
      constants: new Set<string>(),
      inputs: [] as string[],
      outputs: [] as string[],
    };
    await file.walk({ start: 0, end: source.size }, (field) => {
      if (field.number !== GRAPH) return;
      file.demand(field, BYTES, 'the graph');
      return readGraph(file, field, found);
    });
    const { constants } = found;
    // Before version 4 of the format, what has a fixed value is listed as an input too.
    return { ...found, inputs: found.inputs.filter((name) => !constants.has(name)) };
  } finally {
    await source.close();
  }
};

interface Found {
  readonly nodes: GraphNode[];
  readonly constants: Set<string>;
  readonly inputs: string[];
  readonly outputs: string[];
}

const readGraph = (file: ProtobufFile, graph: Field, found: Found): Promise<void> =>
  file.walk(graph, async (field) => {
    if (field.number === NODE) found.nodes.push(await readNode(file, field));
    else if (field.number === INITIALIZER) found.constants.add(await readName(file, field, TENSOR_NAME));
    else if (field.number === SPARSE_INITIALIZER) found.constants.add(await sparseName(file, field));
    else if (field.number === INPUT) found.inputs.push(await readName(file, field, VALUE_NAME));
    else if (field.number === OUTPUT) found.outputs.push(await readName(file, field, VALUE_NAME));
  });

export const readNode = async (file: ProtobufFile, node: Field, depth = 0): Promise<GraphNode> => {
  if (depth > MAX_DEPTH) throw file.fault(`has graphs more than ${MAX_DEPTH} levels deep`, node.at);
  file.demand(node, BYTES, 'a node');
  const inputs: string[] = [];
  const outputs: string[] = [];
  const captured: string[] = [];
  const text = { name: '', operator: '' };
  await file.walk(node, (field) => {
    const keep = (what: string, take: (value: string) => void) => file.text(field, what, MAX_NAME, take);
    if (field.number === NODE_INPUT) return keep("a node's input", (value) => void inputs.push(value));
    if (field.number === NODE_OUTPUT) return keep("a node's output", (value) => void outputs.push(value));
    if (field.number === NODE_NAME) {
      return keep("a node's name", (value) => {
        text.name = value;
      });
    }
    if (field.number === NODE_OPERATOR) {
      return keep("a node's operator", (value) => {
        text.operator = value;
      });
    }
    if (field.number === NODE_ATTRIBUTE && field.wire === BYTES) {
      return readCaptured(file, field, captured, depth);
    }
  });
  return { ...text, inputs, outputs, captured };
};

/** What the graphs in an attribute take, with what is made in them. */
const readCaptured = (
  file: ProtobufFile,
  attribute: Field,
  captured: string[],
  depth: number,
): Promise<void> =>
  file.walk(attribute, (graph) => {
    if (graph.number !== ATTRIBUTE_GRAPH && graph.number !== ATTRIBUTE_GRAPHS) return;
    file.demand(graph, BYTES, 'a graph within a node');
    return file.walk(graph, async (field) => {
      if (field.number !== NODE) return;
      const node = await readNode(file, field, depth + 1);
      for (const name of [...node.inputs, ...node.captured]) captured.push(name);
    });
  });

/** The text in field `number` of a message. */
export const readName = async (file: ProtobufFile, message: Field, number: number): Promise<string> => {
  file.demand(message, BYTES, 'a tensor');
  let name = '';
  await file.walk(message, (field) => {
    if (field.number !== number || field.wire !== BYTES) return;
    return file.text(field, "a tensor's name", MAX_NAME, (value) => {
      name = value;
    });
  });
  return name;
};

/** A sparse tensor is called as the tensor of its values. */
const sparseName = async (file: ProtobufFile, sparse: Field): Promise<string> => {
  let name = '';
  await file.walk(sparse, async (field) => {
    if (field.number === 1) name = await readName(file, field, TENSOR_NAME);
  });
  return name;
};
