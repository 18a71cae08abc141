import { greyOf, type Image, withValues } from '../image.ts';

/** Every channel becomes the luma; a single-channel image is unchanged. */
export const greyscale = (image: Image): Image => {
  if (image.channels !== 3) return image;
  const grey = greyOf(image);
  const result = new Float32Array(image.values.length);
  for (let pixel = 0; pixel < grey.length; pixel++) result.fill(grey[pixel], 3 * pixel, 3 * pixel + 3);
  return withValues(image, result);
};
