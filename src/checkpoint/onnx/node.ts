import { BYTES, type Field, int64Of, type ProtobufFile, VARINT } from '../bytes/protobuf.ts';
import { readConstant } from './constant.ts';
import type { NodeNames } from './names.ts';
import { type ScaledUse, scaledUses, takesScaled } from './scaledUse.ts';
import type { OnnxTensor } from './tensor.ts';
import { MAX_NAME } from './tensorDraft.ts';

/** A graph within a node, such as a branch of If, and the attribute that contains it. */
interface SubGraph {
  readonly attribute: string;
  readonly graph: Field;
}

export interface OnnxNode {
  readonly names: NodeNames;
  /** Inputs that have names, with their indices. */
  readonly inputs: readonly { readonly name: string; readonly input: number }[];
  readonly subGraphs: readonly SubGraph[];
  /** The tensor of a Constant. */
  readonly constant: OnnxTensor | null;
  /** Tensors that it takes as quantised numbers. */
  readonly scaled: readonly ScaledUse[];
}

/** No real node has as many attributes or branches. */
const MAX_PARTS = 10_000;

/** Numbers of the fields of NodeProto, and of those of AttributeProto that matter here. */
const INPUT = 1;
const OUTPUT = 2;
const NODE_NAME = 3;
const OPERATOR = 4;
const ATTRIBUTE = 5;
const DOMAIN = 7;
const ATTRIBUTE_NAME = 1;
const INTEGER = 3;
const GRAPH = 6;
const GRAPHS = 11;

const add = <T>(file: ProtobufFile, list: T[], item: T, at: number): void => {
  if (list.length === MAX_PARTS) throw file.fault(`has a node of more than ${MAX_PARTS} parts`, at);
  list.push(item);
};

/** Inputs whose names are kept until the operator is known; no operator has more that matter here. */
const MAX_INPUTS = 9;

/** The name of an attribute, and the graphs and the integer in it. */
const readAttribute = async (file: ProtobufFile, attribute: Field) => {
  const found: { name: string; integer?: number; readonly graphs: Field[] } = { name: '', graphs: [] };
  await file.walk(attribute, (field) => {
    if (field.number === ATTRIBUTE_NAME) {
      return file.text(field, "an attribute's name", MAX_NAME, (name) => {
        found.name = name;
      });
    }
    if (field.number === INTEGER && field.wire === VARINT) found.integer = int64Of(field);
    if (field.number !== GRAPH && field.number !== GRAPHS) return;
    file.demand(field, BYTES, "an attribute's graph");
    add(file, found.graphs, field, field.at);
  });
  return found;
};

/** String fields of NodeProto, by number. */
const TEXTS: ReadonlyMap<number, { key: 'output' | 'name' | 'operator' | 'domain'; what: string }> = new Map([
  [OUTPUT, { key: 'output', what: "a node's output" }],
  [NODE_NAME, { key: 'name', what: "a node's name" }],
  [OPERATOR, { key: 'operator', what: "a node's operator" }],
  [DOMAIN, { key: 'domain', what: "a node's domain" }],
]);

/** The names of the first inputs by their index; empty for those left out. */
const inputNames = (named: OnnxNode['inputs']): string[] => {
  const names = new Array<string>(MAX_INPUTS).fill('');
  for (const { name, input } of named) if (input < MAX_INPUTS) names[input] = name;
  return names;
};

/** Reads a NodeProto, which is number `index` of its graph: its names, and the tensors in it. */
export const readNode = async (file: ProtobufFile, node: Field, index: number): Promise<OnnxNode> => {
  file.demand(node, BYTES, 'a node');
  const text = { name: '', operator: '', output: '', domain: '' };
  const named: { name: string; input: number }[] = [];
  const attributes: Field[] = [];
  let inputs = 0;
  let outputs = 0;
  const visit = (field: Field): void | Promise<void> => {
    if (field.number === INPUT) {
      const input = inputs++;
      return file.text(field, "a node's input", MAX_NAME, (name) => {
        // An empty name means an input that is left out.
        if (name !== '') add(file, named, { name, input }, field.at);
      });
    }
    if (field.number === ATTRIBUTE) {
      file.demand(field, BYTES, "a node's attribute");
      add(file, attributes, field, field.at);
    }
    const known = TEXTS.get(field.number);
    // Outputs after the first are not used for names.
    if (known === undefined || (field.number === OUTPUT && outputs++ > 0)) return;
    return file.text(field, known.what, MAX_NAME, (value) => {
      text[known.key] = value;
    });
  };
  await file.walk(node, visit);
  const { name, operator, output, domain } = text;
  const isConstant = operator === 'Constant' && (domain === '' || domain === 'ai.onnx');
  const subGraphs: SubGraph[] = [];
  const integers = new Map<string, number>();
  let constant: OnnxTensor | null = null;
  for (const attribute of attributes) {
    const { name: attributeName, integer, graphs } = await readAttribute(file, attribute);
    if (integer !== undefined) integers.set(attributeName, integer);
    for (const graph of graphs) add(file, subGraphs, { attribute: attributeName, graph }, graph.at);
    if (isConstant) constant = (await readConstant(file, attribute, attributeName)) ?? constant;
  }
  const scaled = takesScaled(operator) ? scaledUses({ operator, inputs: inputNames(named), integers }) : [];
  return { names: { name, operator, output, index }, inputs: named, subGraphs, constant, scaled };
};
