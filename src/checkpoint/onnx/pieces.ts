import { inputFault, shown } from '../../protocol/index.ts';
import { type ByteSource, sourceOf } from '../bytes/byteSource.ts';
import { BYTES, type Field, ProtobufFile } from '../bytes/protobuf.ts';
import { ELEMENTS } from '../elements.ts';
import { siblingsOf } from '../siblings.ts';
import { elementCount } from '../tensor.ts';
import { ExternalFiles, readStringEntry } from './external.ts';
import { looksLikeOnnx } from './sign.ts';
import {
  GRAPH,
  type GraphNode,
  INITIALIZER,
  INPUT,
  MAX_FIELDS,
  NODE,
  OUTPUT,
  REMEDY,
  readName,
  readNode,
  SPARSE_INITIALIZER,
  VALUE_NAME,
} from './structure.ts';
import { MAX_NAME, readTensorDraft } from './tensorDraft.ts';

/** A message as it is in the file, without the tag and length before it. */
interface Piece {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A tensor with a fixed value. */
interface ConstantPiece extends Piece {
  /** Values from a file beside the model, which `bytes` do not have. */
  readonly values: Uint8Array | null;
}

export type NodePiece = Piece & GraphNode;

/** A model as the pieces of its file, to make another one from some of them. */
export interface ModelPieces {
  /** Fields around the graph, with their tags: versions, operator sets and functions. */
  readonly around: readonly Uint8Array[];
  /** Version of the standard operators. */
  readonly opset: number;
  readonly metadata: readonly (Piece & { readonly value: string })[];
  /** In an order in which they can be computed. */
  readonly nodes: readonly NodePiece[];
  readonly constants: readonly ConstantPiece[];
  /** Before version 4 of the format, with those that have a fixed value. */
  readonly inputs: readonly Piece[];
  readonly outputs: readonly Piece[];
}

/** Numbers of fields: of ModelProto, of an operator set, and of TensorProto. */
const OPERATOR_SET = 8;
const METADATA = 14;
const SET_DOMAIN = 1;
const SET_VERSION = 2;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

/** What is longer is not shown in full; `bytes` have it. */
const LONGEST_VALUE = 2 ** 20;

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** What is read from, and the files beside it. */
interface Opened {
  readonly source: ByteSource;
  readonly file: ProtobufFile;
  readonly external: ExternalFiles;
}

/**
 * Takes an ONNX model apart. Values in files beside the model are read as well, so that the pieces need no other file.
 * @param model path, or bytes of a model without other files.
 * @throws Fault (input) for a file that is no model, and for values that cannot be read.
 */
export const readModelPieces = async (model: string | Uint8Array): Promise<ModelPieces> => {
  const source = await sourceOf(model);
  try {
    const file = new ProtobufFile(source, REMEDY, MAX_FIELDS);
    const head = await source.read(0, Math.min(4096, source.size));
    if (!(await looksLikeOnnx(head, source))) throw file.fault('is not an ONNX model', 0);
    const opened = { source, file, external: new ExternalFiles(siblingsOf(source.name)) };
    const pieces: Mutable<ModelPieces> = {
      around: [],
      opset: 0,
      metadata: [],
      nodes: [],
      constants: [],
      inputs: [],
      outputs: [],
    };
    await file.walk({ start: 0, end: source.size }, (field) => readModelField(opened, field, pieces));
    return pieces;
  } finally {
    await source.close();
  }
};

const readModelField = async (opened: Opened, field: Field, pieces: Mutable<ModelPieces>): Promise<void> => {
  const { file, source } = opened;
  if (field.number === GRAPH) {
    file.demand(field, BYTES, 'the graph');
    return readGraph(opened, field, pieces);
  }
  if (field.number === METADATA) {
    const [name, value] = await readStringEntry(file, field, 'metadata_props', LONGEST_VALUE);
    pieces.metadata.push({ name, value, bytes: await bytesOf(source, field) });
    return;
  }
  if (field.number === OPERATOR_SET) {
    const set = await readOperatorSet(file, field);
    if (set.domain === '' || set.domain === 'ai.onnx') pieces.opset = set.version;
  }
  pieces.around.push(await source.read(field.at, field.end - field.at));
};

const readOperatorSet = async (file: ProtobufFile, set: Field) => {
  file.demand(set, BYTES, 'an operator set');
  const found = { domain: '', version: 0 };
  await file.walk(set, (field) => {
    if (field.number === SET_VERSION) found.version = field.low;
    if (field.number !== SET_DOMAIN) return;
    return file.text(field, 'the name of an operator set', MAX_NAME, (domain) => {
      found.domain = domain;
    });
  });
  return found;
};

const readGraph = (opened: Opened, graph: Field, pieces: Mutable<ModelPieces>): Promise<void> => {
  const { file, source } = opened;
  const named = async (field: Field): Promise<Piece> => ({
    name: await readName(file, field, VALUE_NAME),
    bytes: await bytesOf(source, field),
  });
  return file.walk(graph, async (field) => {
    if (field.number === NODE) {
      pieces.nodes.push({ ...(await readNode(file, field)), bytes: await bytesOf(source, field) });
    } else if (field.number === INITIALIZER) pieces.constants.push(await readConstant(opened, field));
    else if (field.number === INPUT) pieces.inputs.push(await named(field));
    else if (field.number === OUTPUT) pieces.outputs.push(await named(field));
    else if (field.number === SPARSE_INITIALIZER) {
      throw file.fault('has a sparse constant, with which it cannot be cut', field.at);
    }
  });
};

const bytesOf = (source: ByteSource, { start, end }: Field): Promise<Uint8Array> =>
  source.read(start, end - start);

const readConstant = async ({ source, file, external }: Opened, field: Field): Promise<ConstantPiece> => {
  const { name, isExternal, shape, type, external: keys, at } = await readTensorDraft(file, field);
  if (!isExternal) return { name, bytes: await bytesOf(source, field), values: null };
  const count = elementCount(shape);
  if (type.element === undefined || count === null) {
    throw file.fault(`has tensor ${shown(name)} of the data type ${type.name} in another file`, at);
  }
  const bytes = Math.ceil(count * ELEMENTS[type.element].bytes);
  const range = await external.locate({ keys, bytes });
  const values = typeof range === 'string' ? range : await external.read(range, bytes);
  if (typeof values === 'string') {
    throw inputFault(
      `has tensor ${shown(name)}, which ${values}`,
      source.name,
      'Keep the files of a model together in one folder',
    );
  }
  const kept: Uint8Array[] = [];
  await file.walk(field, async (own) => {
    if (own.number === EXTERNAL_DATA || own.number === DATA_LOCATION) return;
    kept.push(await source.read(own.at, own.end - own.at));
  });
  return { name, bytes: Buffer.concat(kept), values };
};
