import { rgb } from 'd3';

const MIXED = /^color\(srgb ([^ ]+) ([^ ]+) ([^ )]+)(?: \/ ([^ )]+))?\)$/;

/** A computed colour as `rgb(...)` and its alpha. A mixed colour is computed as `color(srgb 0.4 0.4 0.4)`. */
export const plainColour = (paint: string): { readonly colour: string; readonly alpha: number } => {
  const mixed = paint.match(MIXED);
  const [red, green, blue] = (mixed?.slice(1, 4) ?? []).map((part) => 255 * Number(part));
  const seen = mixed ? rgb(red, green, blue, Number(mixed[4] ?? 1)) : rgb(paint);
  return { colour: rgb(seen.r, seen.g, seen.b).formatRgb(), alpha: seen.opacity };
};
