/** A line in px, its points from left to right. */
export interface PixelLine {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
}

/** First index whose x is at least `x`. */
const firstFrom = (xs: ArrayLike<number>, x: number): number => {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Squared distance of (x, y) from the segment that ends at point `end` of the line. */
const fromSegment = ({ xs, ys }: PixelLine, end: number, x: number, y: number): number => {
  const start = Math.max(0, end - 1);
  const [dx, dy] = [xs[end] - xs[start], ys[end] - ys[start]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - xs[start]) * dx + (y - ys[start]) * dy) / length;
  const share = Math.max(0, Math.min(1, along));
  return (x - xs[start] - share * dx) ** 2 + (y - ys[start] - share * dy) ** 2;
};

/**
 * Index of the line nearest to (x, y) within `reach` px, or -1. Only the segments of each line within horizontal reach
 * are examined, so hundreds of lines take a fraction of a millisecond.
 */
export const nearestLine = (lines: readonly PixelLine[], x: number, y: number, reach: number): number => {
  let nearest = -1;
  let least = reach * reach;
  lines.forEach((line, index) => {
    const { xs } = line;
    for (let end = firstFrom(xs, x - reach); end < xs.length; end++) {
      const distance = fromSegment(line, end, x, y);
      if (distance <= least) {
        least = distance;
        nearest = index;
      }
      if (xs[end] > x + reach) break;
    }
  });
  return nearest;
};
