import { describe, expect, it } from 'vitest';
import { createCellPixels } from '../../../webview/figures/cellPixels.ts';

/** The place and the colour of each pixel that has one, on a canvas `width` pixels wide. */
const coloured = (bytes: Uint8ClampedArray | null, width: number): string[] =>
  Array.from(bytes ?? [], (_, at) => at).flatMap((at) => {
    if (bytes === null || at % 4 !== 0 || bytes[at + 3] === 0) return [];
    return [`${(at / 4) % width},${Math.floor(at / 4 / width)}: ${bytes.subarray(at, at + 4).join(' ')}`];
  });

describe('the pixels of cells', () => {
  it('are those of the cell on the screen, in its colour, and none beyond the canvas', () => {
    const pixels = createCellPixels(50, 40, 2);
    expect(pixels.set({ x: 1, y: 3, width: 1, height: 0.5 }, '#102030')).toBe(true);
    expect(pixels.set({ x: 24.5, y: 0, width: 2, height: 0.5 }, '#ffffff')).toBe(true);
    expect(pixels.set({ x: 0, y: 19.5, width: 0.5, height: 2 }, '#102030')).toBe(true);
    expect(coloured(pixels.bytes(), 50)).toEqual([
      '49,0: 255 255 255 255',
      '2,6: 16 32 48 255',
      '3,6: 16 32 48 255',
      '0,39: 16 32 48 255',
    ]);
  });

  it('are not set for a large cell, which is left to a rectangle', () => {
    const pixels = createCellPixels(50, 40, 2);
    expect(pixels.set({ x: 1, y: 2, width: 10, height: 10 }, '#102030')).toBe(false);
    expect(pixels.bytes()).toBeNull();
  });
});
