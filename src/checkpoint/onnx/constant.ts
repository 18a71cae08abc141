import { BYTES, FIXED32, type Field, type ProtobufFile, VARINT } from '../bytes/protobuf.ts';
import { readSparseTensor } from './sparse.ts';
import type { NumberWire } from './tally.ts';
import { type OnnxTensor, readTensorProto } from './tensor.ts';
import { type OnnxType, onnxType } from './types.ts';

interface NumberAttribute {
  /** The number of the field in AttributeProto. */
  readonly field: number;
  readonly type: OnnxType;
  readonly wire: NumberWire;
  readonly list: boolean;
}

const FLOAT = onnxType(1);
const INT64 = onnxType(7);

/** The attributes of Constant that contain numbers. */
const NUMBERS: ReadonlyMap<string, NumberAttribute> = new Map([
  ['value_float', { field: 2, type: FLOAT, wire: FIXED32, list: false }],
  ['value_int', { field: 3, type: INT64, wire: VARINT, list: false }],
  ['value_floats', { field: 7, type: FLOAT, wire: FIXED32, list: true }],
  ['value_ints', { field: 8, type: INT64, wire: VARINT, list: true }],
]);

/** A list in an attribute is short and rarely packed, so its numbers can be counted. */
const numbersOf = async (
  file: ProtobufFile,
  message: Field,
  { field: number, type, wire, list }: NumberAttribute,
): Promise<OnnxTensor> => {
  let count = 0;
  let bytes = 0;
  await file.walk(message, async (field) => {
    if (field.number !== number) return;
    bytes += field.end - field.start;
    if (field.wire !== BYTES) {
      file.demand(field, wire, "a Constant's value");
      count++;
    } else if (wire === FIXED32) count += (field.end - field.start) / 4;
    else await file.walkPacked(field, () => void count++);
  });
  if (!Number.isInteger(count)) {
    throw file.fault(`has a Constant with ${bytes} bytes of FLOAT values, no multiple of 4`, message.at);
  }
  if (!list && count > 1) throw file.fault(`has a Constant with ${count} values for one`, message.at);
  const range = { start: message.start, end: message.end };
  const described = { name: '', type, shape: list ? [count] : [], bytes, at: message.at };
  return list || count === 1
    ? { ...described, values: { kind: 'numbers', message: range, field: number, wire } }
    : { ...described, values: null, unreadable: 'has no value in the file' };
};

/** A field of an attribute that is a message, by its number in AttributeProto. */
const messageIn = async (file: ProtobufFile, attribute: Field, number: number): Promise<Field | null> => {
  const found: { field: Field | null } = { field: null };
  await file.walk(attribute, (field) => {
    if (field.number === number) found.field = field;
  });
  return found.field;
};

/** The tensor in an attribute of a Constant, or null for any other attribute. */
export const readConstant = async (
  file: ProtobufFile,
  attribute: Field,
  name: string,
): Promise<OnnxTensor | null> => {
  const numbers = NUMBERS.get(name);
  if (numbers !== undefined) return numbersOf(file, attribute, numbers);
  if (name === 'value') {
    const tensor = await messageIn(file, attribute, 5);
    return tensor === null ? null : readTensorProto(file, tensor);
  }
  if (name === 'sparse_value') {
    const tensor = await messageIn(file, attribute, 22);
    return tensor === null ? null : readSparseTensor(file, tensor);
  }
  if (name !== 'value_string' && name !== 'value_strings') return null;
  return {
    name: '',
    type: onnxType(8),
    shape: [],
    bytes: attribute.end - attribute.start,
    at: attribute.at,
    values: null,
    unreadable: 'has the data type STRING, which is not read here',
  };
};
