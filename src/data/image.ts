/** Height, width and channels of every image of a data set. */
export interface ImageExtent {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** One image, rows first, channels last (HWC), values in [0, 1]. */
export interface Image extends ImageExtent {
  readonly values: Float32Array;
}

/** The extent of a sample shape, or null when samples are vectors. */
export const extentOf = (shape: readonly number[]): ImageExtent | null =>
  shape.length === 3 ? { height: shape[0], width: shape[1], channels: shape[2] } : null;

export const withValues = ({ height, width, channels }: ImageExtent, values: Float32Array): Image => ({
  height,
  width,
  channels,
  values,
});

export const clampToUnit = (value: number): number => Math.min(Math.max(value, 0), 1);

/** Luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B; a single-channel image is its own luma. */
export const greyOf = ({ channels, values }: Image): Float32Array => {
  if (channels !== 3) return values;
  const grey = new Float32Array(values.length / 3);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * 3;
    grey[pixel] = 0.299 * values[at] + 0.587 * values[at + 1] + 0.114 * values[at + 2];
  }
  return grey;
};
