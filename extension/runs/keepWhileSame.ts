interface Kept<T> {
  /** Of what the content was read from. */
  stamp: string;
  readonly content: Promise<T>;
}

/** How versions of a file are told apart; null where nothing is known of it. */
export interface Stamps<T> {
  /** As it is now. `known` is what was read of it last: it may tell what else it was read from. */
  readonly now: (file: string, known: T | undefined) => Promise<string | null>;
  /** Of what was read, where that says so itself; otherwise it has the stamp from before it was read. */
  readonly of?: (content: T) => string | null;
}

/**
 * `read`, but what was read of the last `count` files is kept as long as their stamps stay the same. A file without a
 * stamp is read every time, and so is one that could not be read.
 */
export const keepWhileSame = <T>(
  count: number,
  stamps: Stamps<T>,
  read: (file: string) => Promise<T>,
): ((file: string) => Promise<T>) => {
  const kept = new Map<string, Kept<T>>();
  return async (file) => {
    const known = kept.get(file);
    const before = await known?.content.catch(() => undefined);
    // Before the content: a file that changes in between is read again the next time.
    const stamp = await stamps.now(file, before);
    const latest = kept.get(file);
    // Somebody else asked meanwhile, and has begun to read it.
    if (latest !== undefined && latest !== known) return latest.content;
    kept.delete(file);
    if (stamp === null) return read(file);
    const isSame = known !== undefined && known.stamp === stamp;
    const entry: Kept<T> = isSame ? known : { stamp, content: read(file) };
    kept.set(file, entry);
    const [oldest] = kept.keys();
    if (kept.size > count) kept.delete(oldest);
    entry.content.then(
      (content) => {
        entry.stamp = stamps.of?.(content) ?? entry.stamp;
      },
      () => {
        if (kept.get(file) === entry) kept.delete(file);
      },
    );
    return entry.content;
  };
};
