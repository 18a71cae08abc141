interface Kept<T> {
  readonly stamp: string;
  readonly content: Promise<T>;
}

/**
 * `read`, but what was read of the last `count` files is kept as long as their stamps stay the same. A file without a
 * stamp is read every time, and so is one that could not be read.
 */
export const keepWhileSame = <T>(
  count: number,
  stampOf: (file: string) => Promise<string | null>,
  read: (file: string) => Promise<T>,
): ((file: string) => Promise<T>) => {
  const kept = new Map<string, Kept<T>>();
  return async (file) => {
    // Before the content: a file that changes in between is read again the next time.
    const stamp = await stampOf(file);
    const known = kept.get(file);
    kept.delete(file);
    if (stamp === null) return read(file);
    const content = known?.stamp === stamp ? known.content : read(file);
    kept.set(file, { stamp, content });
    const [oldest] = kept.keys();
    if (kept.size > count) kept.delete(oldest);
    content.catch(() => {
      if (kept.get(file)?.content === content) kept.delete(file);
    });
    return content;
  };
};
