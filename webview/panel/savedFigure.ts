import type { FigureFormat, SavedFigure } from '../../src/protocol/index.ts';

/** Bytes put into one call of `String.fromCharCode`: far below the number of arguments that engines allow. */
const CHUNK = 0x2000;

export const toBase64 = (bytes: Uint8Array): string => {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK)
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
  return btoa(chunks.join(''));
};

/** A figure as it is sent to the host: text as it is, a picture as base64. */
export const savedFigure = async (
  title: string,
  format: FigureFormat,
  content: string | Blob,
): Promise<SavedFigure> => ({
  title,
  format,
  content: typeof content === 'string' ? content : toBase64(new Uint8Array(await content.arrayBuffer())),
});
