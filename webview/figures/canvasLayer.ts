import type { Box } from './cellGrid.ts';
import { element } from './element.ts';
import { type Theme, themeOf } from './theme.ts';

/** Draws in px; `scale` is the number of canvas pixels per px, for edges that fall on whole pixels. */
export type Paint = (context: CanvasRenderingContext2D, theme: Theme, scale: number) => void;

export interface CanvasLayer {
  /** Its position in its figure, in px. */
  readonly place: Box;
  /** Redraws with the current colours and density. */
  repaint(): void;
  /** The picture as a PNG data URI, with `scale` pixels per px. */
  image(scale: number): string;
  remove(): void;
}

/** Pixels along a side that every browser can draw. */
const LARGEST_SIDE = 8192;

const paintOn = (
  canvas: HTMLCanvasElement,
  place: Box,
  wanted: number,
  paint: Paint,
  host: Element,
): void => {
  const scale = Math.min(wanted, LARGEST_SIDE / Math.max(place.width, place.height));
  canvas.width = Math.max(1, Math.round(place.width * scale));
  canvas.height = Math.max(1, Math.round(place.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  paint(context, themeOf(host), scale);
};

/** A canvas under the drawing of `host`, for drawings with too many parts for separate elements. */
export const createCanvasLayer = (host: HTMLElement, place: Box, paint: Paint): CanvasLayer => {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  canvas.style.left = `${place.x}px`;
  canvas.style.top = `${place.y}px`;
  canvas.style.width = `${place.width}px`;
  canvas.style.height = `${place.height}px`;
  host.prepend(canvas);
  const repaint = (): void => paintOn(canvas, place, devicePixelRatio, paint, host);
  repaint();
  return {
    place,
    repaint,
    image: (scale) => {
      const copy = element('canvas');
      paintOn(copy, place, scale, paint, host);
      return copy.toDataURL('image/png');
    },
    remove: () => canvas.remove(),
  };
};
