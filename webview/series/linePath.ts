import type { PixelLine } from './nearestLine.ts';

const tenths = (px: number): number => Math.round(10 * px) / 10;

/** The path of a line, as d3 writes it with one digit after the point, which takes longer for hundreds of lines. */
export const pathOf = ({ xs, ys }: PixelLine): string | null => {
  if (xs.length === 0) return null;
  let path = `M${tenths(xs[0])},${tenths(ys[0])}`;
  for (let index = 1; index < xs.length; index++) path += `L${tenths(xs[index])},${tenths(ys[index])}`;
  // A dot.
  return xs.length === 1 ? `${path}Z` : path;
};
