import { shown } from '../../protocol/index.ts';
import type { LiteralReader } from '../bytes/literalReader.ts';
import { elementCount } from '../tensor.ts';
import type { SafetensorsEntry } from './entry.ts';
import { SAFETENSORS_TYPES } from './types.ts';

/** Size of a tensor in bytes, or why its shape has none. */
const byteLength = ({ dtype, shape }: SafetensorsEntry): number | string => {
  const count = elementCount(shape);
  const bits = count === null ? null : count * SAFETENSORS_TYPES[dtype].bits;
  if (bits === null || !Number.isSafeInteger(bits)) return 'a shape too large for any file';
  if (bits % 8 !== 0) return `${count} elements of ${SAFETENSORS_TYPES[dtype].bits} bits, not whole bytes`;
  return bits / 8;
};

/**
 * What follows the header, which is the bytes [begin, end) of a file of `size` bytes, must be covered by the tensors
 * exactly: no hole, no overlap, nothing after.
 */
export const checkLayout = (
  reader: LiteralReader,
  sorted: Iterable<SafetensorsEntry>,
  header: { readonly begin: number; readonly end: number },
  size: number,
): void => {
  let covered = header.end;
  // Offsets count from the end of the header.
  const offset = (byte: number) => byte - header.end;
  for (const entry of sorted) {
    const label = () => `tensor ${shown(entry.name)}`;
    const { begin, end } = entry;
    if (begin !== covered || end < begin) {
      throw reader.fault(
        `has ${label()} at offsets ${offset(begin)} to ${offset(end)} where one from ${offset(covered)} is expected`,
        entry.at,
      );
    }
    const expected = byteLength(entry);
    if (typeof expected === 'string') throw reader.fault(`has ${label()} with ${expected}`, entry.at);
    if (expected !== entry.bytes) {
      throw reader.fault(
        `has ${label()} of ${expected} bytes (${entry.dtype} [${entry.shape.join(', ')}]) in ${entry.bytes} bytes`,
        entry.at,
      );
    }
    covered = end;
  }
  if (covered !== size) {
    const held = `${offset(covered)} bytes in all and ${offset(size)} bytes of data`;
    throw reader.fault(`has tensors of ${held}`, header.begin);
  }
};
