import {
  BYTES,
  FIXED32,
  FIXED64,
  type Field,
  int64Of,
  type ProtobufFile,
  type Range,
  VARINT,
} from '../bytes/protobuf.ts';
import { readExternalEntry } from './external.ts';
import { FieldTally, type NumberWire } from './tally.ts';
import {
  DOUBLE_DATA,
  FLOAT_DATA,
  INT32_DATA,
  INT64_DATA,
  type OnnxType,
  onnxType,
  UINT64_DATA,
} from './types.ts';

/** Longer than any name that people or exporters choose. */
export const MAX_NAME = 4096;
const MAX_RANK = 64;

/** Numbers of the fields of TensorProto (onnx.proto). */
const DIMS = 1;
const DATA_TYPE = 2;
const SEGMENT = 3;
const STRING_DATA = 6;
const NAME = 8;
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;

export const NUMBER_FIELDS: Readonly<Record<number, { name: string; wire: NumberWire }>> = {
  [FLOAT_DATA]: { name: 'float_data', wire: FIXED32 },
  [INT32_DATA]: { name: 'int32_data', wire: VARINT },
  [INT64_DATA]: { name: 'int64_data', wire: VARINT },
  [DOUBLE_DATA]: { name: 'double_data', wire: FIXED64 },
  [UINT64_DATA]: { name: 'uint64_data', wire: VARINT },
};

/** A TensorProto as written, before its parts are checked against each other. */
export interface TensorDraft {
  readonly at: number;
  readonly range: Range;
  name: string;
  type: OnnxType;
  readonly shape: number[];
  segmented: boolean;
  isExternal: boolean;
  raw: Range | null;
  readonly external: Map<string, string>;
  readonly tallies: Map<number, FieldTally>;
  stringBytes: number;
}

/** Adds an extent to `shape`, refusing a negative one and a rank that no array library supports. */
const addExtent = (
  file: ProtobufFile,
  shape: number[],
  value: { low: number; high: number },
  at: number,
): void => {
  const extent = int64Of(value);
  if (extent < 0 || !Number.isSafeInteger(extent)) {
    throw file.fault(`has a tensor with an extent of ${extent}`, at);
  }
  if (shape.length === MAX_RANK) throw file.fault(`has a tensor of more than ${MAX_RANK} dimensions`, at);
  shape.push(extent);
};

/** A field of dims, packed or not. */
export const readDims = async (file: ProtobufFile, field: Field, shape: number[]): Promise<void> => {
  if (field.wire === BYTES) {
    await file.walkPacked(field, (value, at) => addExtent(file, shape, value, at));
    return;
  }
  file.demand(field, VARINT, "a tensor's dims");
  addExtent(file, shape, field, field.at);
};

const readField = (file: ProtobufFile, field: Field, draft: TensorDraft): void | Promise<void> => {
  const numbers = NUMBER_FIELDS[field.number];
  if (numbers !== undefined) {
    const tally =
      draft.tallies.get(field.number) ?? new FieldTally(file, numbers.wire, `a tensor's ${numbers.name}`);
    draft.tallies.set(field.number, tally);
    tally.add(field);
  } else if (field.number === DIMS) return readDims(file, field, draft.shape);
  else if (field.number === DATA_TYPE) {
    file.demand(field, VARINT, "a tensor's data type");
    draft.type = onnxType(field.low);
  } else if (field.number === NAME) {
    return file.text(field, "a tensor's name", MAX_NAME, (name) => {
      draft.name = name;
    });
  } else if (field.number === RAW_DATA) {
    file.demand(field, BYTES, "a tensor's raw_data");
    // Empty means absent: values may be in another field, or have been stripped.
    draft.raw = field.start === field.end ? null : { start: field.start, end: field.end };
  } else if (field.number === EXTERNAL_DATA) return readExternalEntry(file, field, draft.external);
  else if (field.number === DATA_LOCATION) {
    file.demand(field, VARINT, "a tensor's data location");
    draft.isExternal = field.low === 1;
  } else if (field.number === STRING_DATA) draft.stringBytes += field.end - field.start;
  else if (field.number === SEGMENT) draft.segmented = true;
};

/** Reads a TensorProto without its values. */
export const readTensorDraft = async (file: ProtobufFile, range: Field): Promise<TensorDraft> => {
  file.demand(range, BYTES, 'a tensor');
  const draft: TensorDraft = {
    at: range.at,
    range: { start: range.start, end: range.end },
    name: '',
    type: onnxType(0),
    shape: [],
    segmented: false,
    isExternal: false,
    raw: null,
    external: new Map(),
    tallies: new Map(),
    stringBytes: 0,
  };
  await file.walk(range, (field) => readField(file, field, draft));
  return draft;
};
