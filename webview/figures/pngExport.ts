import { element } from './element.ts';

/** Pixels along a side that every browser can draw. */
const LARGEST_SIDE = 8192;

/**
 * The SVG file drawn with `scale` pixels per px, fewer if the picture would be too large for a canvas. Only
 * loads a `blob:` image of that file. Rejects with an `Error` when the browser cannot draw it.
 */
export const pngOf = async (svg: string, scale: number): Promise<Blob> => {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = element('img', { src: address });
    await image.decode();
    const fit = Math.min(scale, LARGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = element('canvas');
    canvas.width = Math.round(image.naturalWidth * fit);
    canvas.height = Math.round(image.naturalHeight * fit);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the canvas gave no PNG'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
};
