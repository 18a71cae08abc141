const BLOCK = 1 << 16;
const MOST_BLOCKS = 64;

/** Fills `target` with the bytes from `offset` on. */
export type FillBytes = (target: Uint8Array, offset: number) => void;

/**
 * Serves many small reads from few large ones: blocks of 64 KiB, the last 64 used of which are kept. A read of a
 * block or more goes through.
 */
export const cachedReads = (size: number, fill: FillBytes): FillBytes => {
  const blocks = new Map<number, Uint8Array>();
  const blockAt = (index: number): Uint8Array => {
    const kept = blocks.get(index);
    const block = kept ?? new Uint8Array(Math.min(BLOCK, size - index * BLOCK));
    if (kept === undefined) fill(block, index * BLOCK);
    // The order of a map is that of insertion: the first is the one not used for longest.
    blocks.delete(index);
    blocks.set(index, block);
    if (blocks.size > MOST_BLOCKS) blocks.delete(blocks.keys().next().value as number);
    return block;
  };
  return (target, offset) => {
    if (target.length >= BLOCK) return fill(target, offset);
    for (let done = 0; done < target.length; ) {
      const index = Math.floor((offset + done) / BLOCK);
      const within = offset + done - index * BLOCK;
      const part = blockAt(index).subarray(within, within + target.length - done);
      target.set(part, done);
      done += part.length;
    }
  };
};
