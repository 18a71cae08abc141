import { Fault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { BYTES, type Field, ProtobufFile, VARINT } from '../bytes/protobuf.ts';

/** Wire type of each field of ModelProto. */
const FIELDS: ReadonlyMap<number, number> = new Map([
  [1, VARINT],
  [5, VARINT],
  ...[2, 3, 4, 6, 7, 8, 14, 20, 25, 26].map((number) => [number, BYTES] as const),
]);
/** It was 13 in 2026. */
const MAX_IR_VERSION = 1000;
const MAX_FIELDS = 20_000;

/** First byte of a GraphProto: a node, its name or an initializer. */
const GRAPH_STARTS = [0x0a, 0x12, 0x2a];

/** Fields of a model up to the graph, and a graph that begins like one: a truncated file. */
const beginsAsModel = (head: Uint8Array): boolean => {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 50 && at < head.length; scale *= 128) {
      const byte = head[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  if (head[at++] !== 0x08 || !(varint() <= MAX_IR_VERSION)) return false;
  while (at < head.length) {
    const tag = varint();
    if (FIELDS.get(tag >>> 3) !== (tag & 7)) return false;
    const value = varint();
    if (Number.isNaN(value)) return false;
    if (tag >>> 3 === 7) return GRAPH_STARTS.includes(head[at]);
    if ((tag & 7) === BYTES) at += value;
  }
  return false;
};

/**
 * Whether a file is an ONNX model. The format has no magic: the whole file must be fields of a model, with an IR
 * version and a graph among them, or the file must be a truncated model.
 */
export const looksLikeOnnx = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  const file = new ProtobufFile(source, '', MAX_FIELDS);
  const seen = new Set<number>();
  let known = true;
  const visit = (field: Field): void => {
    seen.add(field.number);
    known &&= FIELDS.get(field.number) === field.wire;
    if (field.number === 1) known &&= field.high === 0 && field.low <= MAX_IR_VERSION;
    if (!known) throw file.fault('is not a model', field.at);
  };
  try {
    await file.walk({ start: 0, end: source.size }, visit);
    return seen.has(1) && seen.has(7);
  } catch (error) {
    if (error instanceof Fault) return known && beginsAsModel(head);
    throw error;
  }
};
