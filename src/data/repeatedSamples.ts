import type { DataSet } from './dataSet.ts';

/** Rows that are read at a time. */
const CHUNK = 256;

/** Two lanes of a multiply-and-xor hash over the bits of each row: different rows share one in 2^64 cases. */
export const rowKeys = function* (values: Float32Array, columns: number): Generator<string> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let start = 0; start < words.length; start += columns) {
    let [a, b] = [0x811c9dc5, 0x9e3779b9];
    for (let at = start; at < start + columns; at++) {
      a = Math.imul(a ^ words[at], 0x01000193);
      a ^= a >>> 15;
      b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(words[at], 0xcc9e2d51);
      b ^= b >>> 16;
    }
    yield `${a >>> 0} ${b >>> 0}`;
  }
};

const keysOf = function* (dataSet: DataSet): Generator<string> {
  for (let from = 0; from < dataSet.size; from += CHUNK) {
    const to = Math.min(from + CHUNK, dataSet.size);
    const values = Float32Array.from(dataSet.read(from, to).data as ArrayLike<number>);
    yield* rowKeys(values, values.length / (to - from));
  }
};

/** How many samples of one set are, value for value, also in another. */
export const repeatedSamples = (of: DataSet, another: DataSet): number => {
  const known = new Set(keysOf(another));
  let count = 0;
  for (const key of keysOf(of)) if (known.has(key)) count++;
  return count;
};
