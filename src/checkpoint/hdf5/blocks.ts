const BLOCK = 1 << 14;
/** Longer reads are not kept. */
const LONGEST = 1 << 16;
const MOST_BLOCKS = 512;

/** Fills `target` with the bytes from `offset` on. */
export type FillBytes = (target: Uint8Array, offset: number) => void;

/**
 * Serves many small reads from few large ones: blocks of 16 KiB, of which the 512 last used are kept. A read of more
 * than four blocks is passed through.
 */
export const cachedReads = (size: number, fill: FillBytes): FillBytes => {
  const blocks = new Map<number, Uint8Array>();
  /** Memory for one more block: reuses the least recently used one, once there are enough. */
  const room = (): Uint8Array => {
    if (blocks.size < MOST_BLOCKS) return new Uint8Array(BLOCK);
    // A map is in order of insertion.
    const [[oldest, block]] = blocks;
    blocks.delete(oldest);
    return block;
  };
  const blockAt = (index: number): Uint8Array => {
    const kept = blocks.get(index);
    const block = kept ?? room();
    if (kept === undefined) fill(block.subarray(0, size - index * BLOCK), index * BLOCK);
    blocks.delete(index);
    blocks.set(index, block);
    return block;
  };
  return (target, offset) => {
    if (target.length > LONGEST) return fill(target, offset);
    for (let done = 0; done < target.length; ) {
      const index = Math.floor((offset + done) / BLOCK);
      const within = offset + done - index * BLOCK;
      const part = blockAt(index).subarray(within, within + target.length - done);
      target.set(part, done);
      done += part.length;
    }
  };
};
