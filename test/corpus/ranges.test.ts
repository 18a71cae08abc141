import { afterAll, describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../src/checkpoint/index.ts';
import { CORPUS, goodFiles } from './goodFiles.ts';

const FORMATS = ['safetensors', 'PyTorch', 'NumPy array', 'NumPy archive', 'GGUF', 'ONNX'];

/** Formats with a tensor in the corpus that was read in parts. */
const seen = new Set<string>();

const readsInParts = async (checkpoint: Checkpoint, name: string): Promise<boolean> => {
  const read = checkpoint.ranges?.(name) ?? null;
  const { unreadable } = checkpoint.tensors.get(name)!;
  if (read === null || unreadable !== undefined) return false;
  const { data } = await checkpoint.read(name);
  // Uneven parts in order, then one from the middle: for elements smaller than a byte they begin inside one.
  const step = Math.max(1, Math.ceil(data.length / 3) | 1);
  for (let from = 0; from < data.length; from += step) {
    const to = Math.min(data.length, from + step);
    const part = await read(from, to);
    expect(part.constructor, name).toBe(data.constructor);
    expect([...part], `${name} ${from}`).toEqual([...data.subarray(from, to)]);
  }
  const [from, to] = [Math.floor(data.length / 4), Math.ceil(data.length / 2)];
  expect([...(await read(from, to))], name).toEqual([...data.subarray(from, to)]);
  return true;
};

describe('tensors read in parts', () => {
  it.each(goodFiles().filter(({ format }) => FORMATS.includes(format)))(
    'are those read at once: $path',
    async ({ path, format }) => {
      const checkpoint = await openCheckpoint(`${CORPUS}/${path}`);
      try {
        for (const name of checkpoint.tensors.keys()) {
          if (await readsInParts(checkpoint, name)) seen.add(format);
        }
      } finally {
        await checkpoint.close();
      }
    },
  );

  afterAll(() => {
    expect([...seen].sort()).toEqual([...FORMATS].sort());
  });
});
