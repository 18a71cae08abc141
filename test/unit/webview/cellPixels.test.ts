import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCellPixels } from '../../../webview/figures/cellPixels.ts';

/** A canvas of 50 x 40 pixels that keeps what is called on it. */
const createContext = () => {
  const calls: string[] = [];
  const context = {
    canvas: { width: 50, height: 40 },
    fillStyle: '',
    globalCompositeOperation: 'source-over',
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    fillRect: (...box: number[]) => calls.push(`${context.fillStyle} ${box.join(' ')}`),
    drawImage: () => calls.push(context.globalCompositeOperation),
    save: () => {},
    restore: () => {},
    resetTransform: () => {},
  };
  return { context: context as unknown as CanvasRenderingContext2D, calls };
};

/** The picture that is drawn, as the colour of each of its pixels that has one. */
const listenToPictures = (): Map<string, string> => {
  const pixels = new Map<string, string>();
  const putImageData = ({ data }: ImageData): void => {
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b, opacity] = data.subarray(at, at + 4);
      if (opacity > 0) pixels.set(`${(at / 4) % 50},${Math.floor(at / 200)}`, `${r} ${g} ${b} ${opacity}`);
    }
  };
  const canvas = { setAttribute: () => {}, append: () => {}, getContext: () => ({ putImageData }) };
  vi.stubGlobal('document', { createElement: () => canvas });
  vi.stubGlobal('Node', class {});
  return pixels;
};

afterEach(() => vi.unstubAllGlobals());

describe('the cells of a canvas', () => {
  it('are pixels under what is painted already, when they are small', () => {
    const pixels = listenToPictures();
    const { context, calls } = createContext();
    const cells = createCellPixels(context, 2);
    cells.fill({ x: 1, y: 3, width: 1, height: 0.5 }, '#102030');
    // Beyond the right edge of the canvas.
    cells.fill({ x: 24.5, y: 0, width: 2, height: 0.5 }, '#ffffff');
    cells.show();
    expect([...pixels]).toEqual([
      ['49,0', '255 255 255 255'],
      ['2,6', '16 32 48 255'],
      ['3,6', '16 32 48 255'],
    ]);
    expect(calls).toEqual(['destination-over']);
  });

  it('are rectangles when they are large, and no picture is drawn', () => {
    const pixels = listenToPictures();
    const { context, calls } = createContext();
    const cells = createCellPixels(context, 2);
    cells.fill({ x: 1, y: 2, width: 10, height: 10 }, '#102030');
    cells.show();
    expect(calls).toEqual(['#102030 1 2 10 10']);
    expect(pixels.size).toBe(0);
  });
});
