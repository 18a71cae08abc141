import { inputFault } from '../../protocol/index.ts';
import { type OnnxGraph, writeNode, writePort, writeTensor } from './model.ts';
import { ProtobufWriter } from './protobuf.ts';

/** A message with its name, without tag and length. */
interface Encoded {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Parts of an encoded model that another one has too. */
export interface EncodedModel {
  /** Fields of the model around its graph, with their tags. */
  readonly around: readonly Uint8Array[];
  readonly metadata: readonly Encoded[];
  readonly nodes: readonly Encoded[];
  readonly constants: readonly (Encoded & { readonly values: Uint8Array | null })[];
  readonly inputs: readonly Encoded[];
  readonly outputs: readonly Encoded[];
}

/** What is computed before the nodes of a model, and behind them; nodes are called after the name of their graph. */
interface Extension {
  readonly name: string;
  readonly before?: OnnxGraph;
  readonly behind: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Field numbers of onnx.proto: of ModelProto, GraphProto, TensorProto and an entry of metadata. */
const GRAPH = 7;
const METADATA = 14;
const GRAPH_FIELDS = { node: 1, name: 2, initialiser: 5, input: 11, output: 12 } as const;
const RAW_DATA = 9;

/** Protocol buffers end there. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * A model with further nodes around its own. Its inputs and outputs are those of the parts, and those of the extension but for
 * outputs of `before`, which are tensors that the model takes.
 * @throws Fault (input) for a model of more than 2 GiB, which the format does not have.
 */
export const extendedModel = (
  base: EncodedModel,
  { name, before, behind, metadata }: Extension,
): Uint8Array => {
  const size = base.constants.reduce(
    (sum, { bytes, values }) => sum + bytes.length + (values?.length ?? 0),
    0,
  );
  if (size > MOST_BYTES) {
    throw inputFault(
      'has more than 2 GiB of weights before this layer, which do not fit in one ONNX file',
      name,
      'Choose an earlier layer, or export the model in float16',
    );
  }
  const writer = new ProtobufWriter();
  for (const field of base.around) writer.encoded(field);
  writer.message(GRAPH, (graph) => {
    writeNodes(graph, before);
    for (const { bytes } of base.nodes) graph.bytes(GRAPH_FIELDS.node, bytes);
    writeNodes(graph, behind);
    graph.text(GRAPH_FIELDS.name, name);
    writeConstants(graph, base, [before, behind]);
    for (const port of before?.inputs ?? []) graph.message(GRAPH_FIELDS.input, (own) => writePort(own, port));
    for (const { bytes } of base.inputs) graph.bytes(GRAPH_FIELDS.input, bytes);
    for (const { bytes } of base.outputs) graph.bytes(GRAPH_FIELDS.output, bytes);
    for (const port of behind.outputs) graph.message(GRAPH_FIELDS.output, (own) => writePort(own, port));
  });
  for (const { name: key, bytes } of base.metadata) {
    if (!Object.hasOwn(metadata, key)) writer.bytes(METADATA, bytes);
  }
  for (const [key, value] of Object.entries(metadata)) {
    writer.message(METADATA, (entry) => entry.text(1, key).text(2, value));
  }
  return writer.finish();
};

const writeNodes = (graph: ProtobufWriter, added: OnnxGraph | undefined): void => {
  for (const [index, node] of (added?.nodes ?? []).entries()) {
    graph.message(GRAPH_FIELDS.node, (own) => writeNode(own, node, `${added!.name}/${node.op}_${index}`));
  }
};

const writeConstants = (
  graph: ProtobufWriter,
  { constants }: EncodedModel,
  added: readonly (OnnxGraph | undefined)[],
): void => {
  for (const { bytes, values } of constants) {
    graph.message(GRAPH_FIELDS.initialiser, (own) => {
      own.encoded(bytes);
      if (values !== null) own.bytes(RAW_DATA, values);
    });
  }
  for (const each of added) {
    for (const tensor of each?.initialisers ?? []) {
      graph.message(GRAPH_FIELDS.initialiser, (own) => writeTensor(own, tensor));
    }
  }
};
