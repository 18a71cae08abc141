interface Kept<T> {
  /** The stamp of what the content was read from. */
  stamp: string;
  readonly content: Promise<T>;
}

/** How versions of a file are distinguished; null if nothing is known about it. */
export interface Stamps<T> {
  /** The current stamp. `known` is the last content read, which may tell what other files it was read from. */
  readonly now: (file: string, known: T | undefined) => Promise<string | null>;
  /** The stamp of the content, if it contains one; otherwise the stamp from before reading is used. */
  readonly of?: (content: T) => string | null;
}

/**
 * `read` with a cache of the last `count` files, valid as long as their stamps stay the same. Files without a stamp,
 * or that could not be read, are read every time.
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
    // Taken before reading, so that a file that changes in between is read again the next time.
    const stamp = await stamps.now(file, before);
    const latest = kept.get(file);
    // Another caller has started to read it meanwhile.
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
