import { element } from './element.ts';
import type { Hatching } from './pen.ts';

/** Hatching to fill with on a canvas with `scale` pixels per px. */
export const hatchingPattern = (
  context: CanvasRenderingContext2D,
  { period, ground, line }: Hatching,
  scale: number,
): CanvasPattern | string => {
  const side = Math.max(3, Math.round(period * scale));
  const tile = element('canvas');
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (!pen) return line;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = line;
  pen.lineWidth = side / 5;
  pen.beginPath();
  // The line extends beyond the corners of the tile, and two more fill the other corners.
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - side, 2 * side);
    pen.lineTo(shift + 2 * side, -side);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  // A pattern is drawn in the canvas's own scale; one pixel of the tile must be one of the canvas.
  pattern?.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern ?? line;
};
