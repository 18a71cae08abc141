import { type Image, withValues } from '../image.ts';

/** Mirrors the image left to right. */
export const horizontalFlip = (image: Image): Image => {
  const { height, width, channels, values } = image;
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = (y * width + width - 1 - x) * channels;
      for (let channel = 0; channel < channels; channel++) result[to + channel] = values[from + channel];
    }
  }
  return withValues(image, result);
};
