import { rgb } from 'd3';
import type { Box } from './cellGrid.ts';
import { element } from './element.ts';

/** Pixels of a cell from which on it is a rectangle. */
const LARGE = 400;

/** The bytes of a pixel of this colour, in the order of this machine. */
const pixelOf = (colour: string): number => {
  const { r, g, b } = rgb(colour);
  return new Uint32Array(Uint8ClampedArray.of(r, g, b, 255).buffer)[0];
};

export interface CellPixels {
  /** Fills a cell whose edges are on whole pixels. */
  fill(cell: Box, colour: string): void;
  /** Puts the cells under what is painted already. */
  show(): void;
}

/**
 * The cells of a canvas with `scale` pixels per px. A context takes several times as long to fill tens of thousands of
 * small rectangles as it takes to set their pixels and to draw those as one picture.
 */
export const createCellPixels = (context: CanvasRenderingContext2D, scale: number): CellPixels => {
  const { width, height } = context.canvas;
  const words = new Map<string, number>();
  let picture: ImageData | null = null;
  let pixels = new Uint32Array();
  const wordOf = (colour: string): number => {
    const word = words.get(colour) ?? pixelOf(colour);
    words.set(colour, word);
    return word;
  };
  const setPixels = (cell: Box, colour: string): void => {
    if (picture === null) {
      picture = context.createImageData(width, height);
      pixels = new Uint32Array(picture.data.buffer);
    }
    const word = wordOf(colour);
    const left = Math.round(cell.x * scale);
    const top = Math.round(cell.y * scale);
    const right = Math.min(width, Math.round((cell.x + cell.width) * scale));
    const bottom = Math.min(height, Math.round((cell.y + cell.height) * scale));
    for (let y = top; y < bottom; y++) pixels.fill(word, y * width + left, y * width + right);
  };
  return {
    fill: (cell, colour) => {
      if (cell.width * cell.height * scale * scale < LARGE) {
        setPixels(cell, colour);
        return;
      }
      context.fillStyle = colour;
      context.fillRect(cell.x, cell.y, cell.width, cell.height);
    },
    show: () => {
      if (picture === null) return;
      const canvas = element('canvas', { width: String(width), height: String(height) });
      canvas.getContext('2d')?.putImageData(picture, 0, 0);
      context.save();
      context.resetTransform();
      context.globalCompositeOperation = 'destination-over';
      context.drawImage(canvas, 0, 0);
      context.restore();
    },
  };
};
