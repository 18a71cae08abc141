import { dots, PNG_DPI } from '../series/fileLayout.ts';
import { withMetadata } from '../series/pngMetadata.ts';
import { element } from './element.ts';
import type { PrintedSvg } from './svgExport.ts';

/** Pixels along a side that every browser can draw. */
const LARGEST_SIDE = 8192;

const pngBlob = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no PNG'))),
      'image/png',
    );
  });

/**
 * The SVG file of a printed figure with 300 dots per inch, fewer if that is too large for a canvas. Only loads a
 * `blob:` image of that file. Rejects with an `Error` when the browser cannot draw it.
 */
export const pngOf = async (svg: string, printed: PrintedSvg): Promise<Blob> => {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = element('img', { src: address });
    await image.decode();
    const [width, height] = [dots(printed.width), dots(printed.height)];
    const fit = Math.min(1, LARGEST_SIDE / Math.max(width, height));
    const canvas = element('canvas');
    canvas.width = Math.round(width * fit);
    canvas.height = Math.round(height * fit);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(await (await pngBlob(canvas)).arrayBuffer());
    const { title, description } = printed;
    const marked = withMetadata(bytes, PNG_DPI * fit, { Title: title, Description: description });
    return new Blob([marked], { type: 'image/png' });
  } finally {
    URL.revokeObjectURL(address);
  }
};
