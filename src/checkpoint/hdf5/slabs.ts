/** A box of a dataset: `count` elements from `offset` along each axis. */
export interface Slab {
  readonly offset: readonly number[];
  readonly count: readonly number[];
}

const product = (extents: readonly number[]): number => extents.reduce((all, extent) => all * extent, 1);

/**
 * Consecutive boxes in row-major order that cover `shape`, each of about `target` elements at most: cut
 * along the first axis that is longer than 1, at multiples of the chunks, so that no chunk is inflated twice. One row
 * of chunks is never cut, however large.
 */
export function* slabs(
  shape: readonly number[],
  chunks: readonly number[] | null,
  target: number,
): Generator<Slab> {
  if (shape.includes(0)) return;
  const axis = Math.max(
    0,
    shape.findIndex((extent) => extent > 1),
  );
  const step = Math.max(1, chunks?.[axis] ?? 1);
  const perRow = product(shape.slice(axis + 1));
  const rows = Math.max(1, Math.floor(target / (perRow * step))) * step;
  for (let at = 0; at < (shape[axis] ?? 1); at += rows) {
    const offset = shape.map((_, i) => (i === axis ? at : 0));
    const count = shape.map((extent, i) => (i === axis ? Math.min(rows, extent - at) : extent));
    yield { offset, count };
  }
}
