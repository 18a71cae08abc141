import type { Box } from './cellGrid.ts';
import { createCellPixels } from './cellPixels.ts';
import { element } from './element.ts';
import { hatchingPattern } from './hatching.ts';
import type { Pen, Surface } from './pen.ts';
import { type Theme, themeOf } from './theme.ts';

/** Draws in px. */
export type Paint = (pen: Pen, theme: Theme, surface: Surface) => void;

/** Cells under a drawing, at `place` in it, in px: too many for separate elements on a page. */
export interface Painting {
  readonly place: Box;
  readonly paint: Paint;
}

export interface CanvasLayer {
  /** Redraws with the current colours and density. */
  repaint(): void;
  remove(): void;
}

/** Pixels along a side that every browser can draw. */
const LARGEST_SIDE = 8192;

/** Draws a picture of the whole canvas under what is painted already. */
const drawBelow = (context: CanvasRenderingContext2D, picture: ImageData): void => {
  const { width, height } = picture;
  const canvas = element('canvas', { width: String(width), height: String(height) });
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  context.save();
  context.resetTransform();
  context.globalCompositeOperation = 'destination-over';
  context.drawImage(canvas, 0, 0);
  context.restore();
};

const paintOn = (
  canvas: HTMLCanvasElement,
  { place, paint }: Painting,
  wanted: number,
  theme: Theme,
): void => {
  const scale = Math.min(wanted, LARGEST_SIDE / Math.max(place.width, place.height));
  canvas.width = Math.max(1, Math.round(place.width * scale));
  canvas.height = Math.max(1, Math.round(place.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const cells = createCellPixels(canvas.width, canvas.height, scale);
  paint(context, theme, {
    scale,
    hatching: (hatching) => hatchingPattern(context, hatching, scale),
    fillCell: (cell, colour) => {
      if (cells.set(cell, colour)) return;
      context.fillStyle = colour;
      context.fillRect(cell.x, cell.y, cell.width, cell.height);
    },
  });
  const bytes = cells.bytes();
  if (bytes) drawBelow(context, new ImageData(bytes, canvas.width));
};

/** A canvas under the drawing of `host`. */
export const createCanvasLayer = (host: HTMLElement, painting: Painting): CanvasLayer => {
  const { place } = painting;
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  canvas.style.left = `${place.x}px`;
  canvas.style.top = `${place.y}px`;
  canvas.style.width = `${place.width}px`;
  canvas.style.height = `${place.height}px`;
  host.prepend(canvas);
  const repaint = (): void => paintOn(canvas, painting, devicePixelRatio, themeOf(host));
  repaint();
  return { repaint, remove: () => canvas.remove() };
};

/** A painting as a PNG data URI, with `scale` pixels per px. */
export const bitmapOf = (painting: Painting, theme: Theme, scale: number): string => {
  const canvas = element('canvas');
  paintOn(canvas, painting, scale, theme);
  return canvas.toDataURL('image/png');
};
