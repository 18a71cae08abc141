import type { ByteSource } from './byteSource.ts';

/** Bytes fetched at once. */
const WINDOW = 1 << 16;

/**
 * The same source for many small reads that are close together: short reads are served from a window that is
 * fetched at once. Long reads are passed through.
 */
export const readAhead = (source: ByteSource): ByteSource => {
  let window: Uint8Array = new Uint8Array(0);
  let begin = 0;
  return {
    name: source.name,
    size: source.size,
    read: async (offset, length) => {
      if (length > WINDOW) return source.read(offset, length);
      if (offset < begin || offset + length > begin + window.length) {
        window = await source.read(offset, Math.min(WINDOW, source.size - offset));
        begin = offset;
      }
      return window.subarray(offset - begin, offset - begin + length);
    },
    close: () => source.close(),
  };
};
