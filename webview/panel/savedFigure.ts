import type { FigureFormat, SavedFigure } from '../../src/protocol/messages.ts';

export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
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
