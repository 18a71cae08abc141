/**
 * What each sample adds to a score, as a document keeps it in base64, so that two layers that were scored on the same
 * samples can be compared in pairs. Of an accuracy: whether the prediction was right, one bit per sample, the first in the
 * lowest bit of the first byte. Of R²: numbers with R² as their mean, in little-endian float32. The lengths differ for
 * every number of samples.
 */

/** The bytes that the outcomes of so many samples take. */
const bytesOf = (samples: number): number => Math.ceil(samples / 8);

const FLOAT = 4;

const textLength = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** Whether a text has this many outcomes. */
export const isOutcomesOf = (packed: string, samples: number): boolean =>
  packed.length === textLength(bytesOf(samples)) || packed.length === textLength(FLOAT * samples);

const base64Of = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

export const packOutcomes = (correct: ArrayLike<boolean | number>): string => {
  const bytes = new Uint8Array(bytesOf(correct.length));
  for (let at = 0; at < correct.length; at++) if (correct[at]) bytes[at >> 3] |= 1 << (at & 7);
  return base64Of(bytes);
};

/** The same for numbers, to single precision. */
export const packParts = (parts: ArrayLike<number>): string => {
  const view = new DataView(new ArrayBuffer(FLOAT * parts.length));
  for (let at = 0; at < parts.length; at++) view.setFloat32(FLOAT * at, parts[at], true);
  return base64Of(new Uint8Array(view.buffer));
};

/** 1 for every sample whose prediction was right, 0 for the others; or the numbers that R² is the mean of. */
export const unpackOutcomes = (packed: string, samples: number): Uint8Array | Float32Array => {
  const text = atob(packed);
  if (packed.length === textLength(bytesOf(samples))) {
    return Uint8Array.from({ length: samples }, (_, at) => (text.charCodeAt(at >> 3) >> (at & 7)) & 1);
  }
  const view = new DataView(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer);
  return Float32Array.from({ length: samples }, (_, at) => view.getFloat32(FLOAT * at, true));
};
