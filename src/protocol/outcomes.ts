/**
 * Which predictions were right, sample by sample, as a document keeps them: one bit per sample, the first in the lowest
 * bit of the first byte, in base64. Two layers that were scored on the same samples can then be compared in pairs.
 */

/** The bytes that the outcomes of so many samples take. */
const bytesOf = (samples: number): number => Math.ceil(samples / 8);

/** Length of the base64 text for so many samples. */
export const outcomesLength = (samples: number): number => 4 * Math.ceil(bytesOf(samples) / 3);

export const packOutcomes = (correct: ArrayLike<boolean | number>): string => {
  const bytes = new Uint8Array(bytesOf(correct.length));
  for (let at = 0; at < correct.length; at++) if (correct[at]) bytes[at >> 3] |= 1 << (at & 7);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** 1 for every sample whose prediction was right, 0 for the others. */
export const unpackOutcomes = (packed: string, samples: number): Uint8Array => {
  const text = atob(packed);
  return Uint8Array.from({ length: samples }, (_, at) => (text.charCodeAt(at >> 3) >> (at & 7)) & 1);
};
