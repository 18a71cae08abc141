import { rgb } from 'd3';
import type { Box } from './cellGrid.ts';

/** Pixels of a cell from which on it is a rectangle. */
const LARGE = 400;

/** The bytes of a pixel of this colour, in the order of this machine. */
const pixelOf = (colour: string): number => {
  const { r, g, b } = rgb(colour);
  return new Uint32Array(Uint8ClampedArray.of(r, g, b, 255).buffer)[0];
};

export interface CellPixels {
  /** Sets the pixels of a cell whose edges are on whole pixels; false if it is so large that a rectangle is faster. */
  set(cell: Box, colour: string): boolean;
  /** Four bytes for each pixel; null if none was set. */
  bytes(): Uint8ClampedArray<ArrayBuffer> | null;
}

/**
 * The cells of a canvas of `width` x `height` pixels, `scale` of them per px. A canvas takes several times as long to fill
 * tens of thousands of small rectangles as it takes to set their pixels and to draw those as one picture.
 */
export const createCellPixels = (width: number, height: number, scale: number): CellPixels => {
  const words = new Map<string, number>();
  let pixels: Uint32Array<ArrayBuffer> | null = null;
  return {
    set: (cell, colour) => {
      if (cell.width * cell.height * scale * scale >= LARGE) return false;
      pixels ??= new Uint32Array(width * height);
      const word = words.get(colour) ?? pixelOf(colour);
      words.set(colour, word);
      const left = Math.round(cell.x * scale);
      const top = Math.round(cell.y * scale);
      const right = Math.min(width, Math.round((cell.x + cell.width) * scale));
      const bottom = Math.min(height, Math.round((cell.y + cell.height) * scale));
      for (let y = top; y < bottom; y++) pixels.fill(word, y * width + left, y * width + right);
      return true;
    },
    bytes: () => pixels && new Uint8ClampedArray(pixels.buffer),
  };
};
