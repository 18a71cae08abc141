import { Allowance, OBJECT_BYTES, textBytes } from '../bytes/allowance.ts';
import { BYTES, type Field, int64Of, type ProtobufFile, type Range, VARINT } from '../bytes/protobuf.ts';
import { readStringEntry } from './external.ts';
import { type FoundTensor, GraphWalk } from './graph.ts';
import { MAX_NAME } from './tensorDraft.ts';

/** Characters shown of a description, and of a metadata value: some exporters put whole tables there. */
const MAX_SHOWN = 2000;
const MAX_METADATA = 1000;
/** Functions, training graphs and operator sets of one model. */
const MAX_PARTS = 10_000;

/** Numbers of the fields of ModelProto. */
const IR_VERSION = 1;
const PRODUCER_NAME = 2;
const PRODUCER_VERSION = 3;
const DOC_STRING = 6;
const GRAPH = 7;
const OPSET_IMPORT = 8;
const METADATA_PROPS = 14;
const TRAINING_INFO = 20;
const FUNCTIONS = 25;

/** An ONNX model without the values of its tensors. */
export interface OnnxModel {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly FoundTensor[];
}

interface Draft {
  readonly allowance: Allowance;
  readonly text: { producer: string; producerVersion: string; irVersion: string; doc: string };
  readonly opsets: string[];
  readonly properties: [key: string, value: string][];
  graph: Field | null;
  readonly functions: Field[];
  readonly training: Field[];
}

const readOpset = async (file: ProtobufFile, opset: Field): Promise<string> => {
  file.demand(opset, BYTES, 'an operator set');
  let domain = '';
  let version = 0;
  await file.walk(opset, (field) => {
    if (field.number === 2) version = int64Of(field);
    if (field.number !== 1) return;
    return file.text(field, "an operator set's domain", MAX_NAME, (text) => {
      domain = text;
    });
  });
  return domain === '' ? String(version) : `${domain} ${version}`;
};

const add = <T>(file: ProtobufFile, list: T[], item: T, { at }: Field, limit = MAX_PARTS): void => {
  if (list.length === limit) throw file.fault(`has more than ${limit} parts of one kind`, at);
  list.push(item);
};

/** Subtracts what is about to be kept from the allowance. */
const spend = (file: ProtobufFile, { allowance }: Draft, { at }: Field, ...texts: string[]): void => {
  const bytes = texts.reduce((sum, text) => sum + textBytes(text), OBJECT_BYTES);
  allowance.spend(bytes, (what) => file.fault(what, at));
};

const readField = async (file: ProtobufFile, field: Field, draft: Draft): Promise<void> => {
  const { text } = draft;
  if (field.number === IR_VERSION) {
    file.demand(field, VARINT, 'the IR version');
    text.irVersion = String(int64Of(field));
  } else if (field.number === PRODUCER_NAME) {
    text.producer = await file.shortText(field, "its producer's name", MAX_SHOWN);
  } else if (field.number === PRODUCER_VERSION) {
    text.producerVersion = await file.shortText(field, "its producer's version", MAX_SHOWN);
  } else if (field.number === DOC_STRING) {
    text.doc = await file.shortText(field, 'a description', MAX_SHOWN);
  } else if (field.number === GRAPH) {
    file.demand(field, BYTES, 'the graph');
    if (draft.graph !== null) throw file.fault('has two graphs', field.at);
    draft.graph = field;
  } else if (field.number === OPSET_IMPORT) {
    const opset = await readOpset(file, field);
    spend(file, draft, field, opset);
    add(file, draft.opsets, opset, field);
  } else if (field.number === METADATA_PROPS) {
    const property = await readStringEntry(file, field, 'the metadata', MAX_SHOWN);
    spend(file, draft, field, ...property);
    add(file, draft.properties, property, field, MAX_METADATA);
  } else if (field.number === TRAINING_INFO) {
    file.demand(field, BYTES, 'a training graph');
    add(file, draft.training, field, field);
  } else if (field.number === FUNCTIONS) {
    file.demand(field, BYTES, 'a function');
    add(file, draft.functions, field, field);
  }
};

/** What the model states about itself; its own properties last, with a prefix if they would replace another entry. */
const metadataOf = ({ text, opsets, properties }: Draft): Map<string, string> => {
  const own: [string, string][] = [
    ['producer', `${text.producer} ${text.producerVersion}`.trim()],
    ['ir version', text.irVersion],
    ['opset', opsets.join(', ')],
    ['description', text.doc],
  ];
  const metadata = new Map(own.filter(([, value]) => value !== ''));
  for (const [key, value] of properties) {
    metadata.set(metadata.has(key) ? `metadata_props.${key}` : key, value);
  }
  return metadata;
};

const functionName = async (file: ProtobufFile, range: Field): Promise<string> => {
  let name = '';
  await file.walk(range, (field) => {
    if (field.number !== 1) return;
    return file.text(field, "a function's name", MAX_NAME, (text) => {
      name = text;
    });
  });
  return name;
};

/**
 * Reads a ModelProto (onnx/onnx.proto) in the range: its metadata, and every tensor of its graph, the graphs within
 * it, its functions and its training graphs, checked and named, without their values.
 */
export const readModel = async (
  file: ProtobufFile,
  range: Range,
  allowance = new Allowance(),
): Promise<OnnxModel> => {
  const draft: Draft = {
    allowance,
    text: { producer: '', producerVersion: '', irVersion: '', doc: '' },
    opsets: [],
    properties: [],
    graph: null,
    functions: [],
    training: [],
  };
  await file.walk(range, (field) => readField(file, field, draft));
  if (draft.graph === null) throw file.fault('has no graph', range.start);
  const walk = new GraphWalk(file, allowance);
  await walk.graph(draft.graph, { prefix: '', depth: 0, training: false });
  for (const each of draft.functions) {
    const prefix = `${await functionName(file, each)}/`;
    await walk.function(each, { prefix, depth: 0, training: false });
  }
  for (const each of draft.training) {
    // Its two graphs: initialization 1, algorithm 2.
    await file.walk(each, async (field) => {
      if (field.number !== 1 && field.number !== 2) return;
      await walk.graph(field, { prefix: 'training/', depth: 0, training: true });
    });
  }
  walk.stateScalings();
  return { metadata: metadataOf(draft), tensors: walk.found };
};
