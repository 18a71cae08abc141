import { shown } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { BYTES, int64Of, type ProtobufFile, VARINT } from '../bytes/protobuf.ts';
import { decodeElements, ELEMENTS } from '../elements.ts';
import { type ElementType, elementCount, type NumericArray } from '../tensor.ts';
import { numbersFor, type OnnxTensor, type OnnxValues } from './tensor.ts';

/** Range of a varint by the size of an element in bytes: [least, most]. Bit patterns may be signed or unsigned. */
const RANGES: Readonly<Partial<Record<ElementType, readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  float16: [-32768, 65535],
  bfloat16: [-32768, 65535],
};
const ONE_BYTE = [-128, 255] as const;

type Numbers = Extract<OnnxValues, { kind: 'numbers' }>;

/**
 * Collects the numbers of a repeated field, packed or not or both, as the little-endian bytes that `raw_data` would
 * have. `count` has been checked against the length of the message, so the bytes fit in memory if the message does.
 */
const collect = async (
  file: ProtobufFile,
  source: ByteSource,
  { message, field: number, wire }: Numbers,
  { dtype, count, label }: { readonly dtype: ElementType; readonly count: number; readonly label: string },
): Promise<Uint8Array> => {
  const unit = Math.max(1, ELEMENTS[dtype].bytes);
  const bytes = new Uint8Array(count * unit);
  const view = new DataView(bytes.buffer);
  const [least, most] = RANGES[dtype] ?? ONE_BYTE;
  let filled = 0;
  const room = (length: number, at: number): number => {
    filled += length;
    if (filled <= bytes.length) return filled - length;
    throw file.fault(`has ${label} with more than the ${count} numbers that its shape takes`, at);
  };
  const putVarint = (value: { low: number; high: number }, at: number): void => {
    const offset = room(unit, at);
    if (unit === 8) {
      view.setUint32(offset, value.low, true);
      view.setUint32(offset + 4, value.high, true);
      return;
    }
    const exact = int64Of(value);
    if (exact < least || exact > most) throw file.fault(`has ${label} with the number ${exact}`, at);
    if (unit === 4) view.setUint32(offset, value.low, true);
    else if (unit === 2) view.setUint16(offset, value.low, true);
    else bytes[offset] = value.low;
  };
  await file.walk(message, async (field) => {
    if (field.number !== number) return;
    if (field.wire === VARINT && wire === VARINT) putVarint(field, field.at);
    else if (field.wire === BYTES && wire === VARINT) await file.walkPacked(field, putVarint);
    else {
      const offset = room(field.end - field.start, field.at);
      bytes.set(await source.read(field.start, field.end - field.start), offset);
    }
  });
  if (filled === bytes.length) return bytes;
  throw file.fault(
    `has ${label} with ${filled / unit} numbers where its shape takes ${count}`,
    message.start,
  );
};

/**
 * The values of a tensor that are in the model's own file, from `raw_data` or from a field of numbers. In the
 * latter, floats of 16 and 8 bits are bit patterns, and elements smaller than a byte share a number.
 */
export const readInlineValues = async (
  file: ProtobufFile,
  source: ByteSource,
  { name, type, shape }: OnnxTensor,
  values: Exclude<OnnxValues, { kind: 'external' }>,
): Promise<NumericArray> => {
  const dtype = type.element as ElementType;
  const count = elementCount(shape) as number;
  if (values.kind === 'raw') {
    const bytes = await source.read(values.start, values.end - values.start);
    const locate = (byte: number) => `${source.name}, byte ${values.start + byte}`;
    return decodeElements(bytes, dtype, true, locate, count);
  }
  const numbers = numbersFor(count, ELEMENTS[dtype].bytes);
  const label = `tensor ${shown(name)} (${type.name})`;
  const bytes = await collect(file, source, values, { dtype, count: numbers, label });
  return decodeElements(bytes, dtype, true, () => `${source.name}, byte ${values.message.start}`, count);
};
