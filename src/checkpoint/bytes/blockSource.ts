import type { ByteSource } from './byteSource.ts';

/** Smallest read of a disk. */
const BLOCK = 2 ** 12;

/**
 * Wraps `source` and serves neighbouring short reads from one read of a block. For headers that are far apart:
 * little more than the headers is read.
 */
export const blockSource = (source: ByteSource): ByteSource => {
  let kept = { begin: 0, bytes: new Uint8Array(0) };
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (length > BLOCK) return source.read(offset, length);
    let block = kept;
    if (offset < block.begin || offset + length > block.begin + block.bytes.length) {
      const bytes = await source.read(offset, Math.min(BLOCK, source.size - offset));
      block = { begin: offset, bytes: new Uint8Array(bytes) };
      kept = block;
    }
    return block.bytes.subarray(offset - block.begin, offset - block.begin + length);
  };
  return { ...source, read };
};
