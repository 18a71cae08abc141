import { type Image, type ImageExtent, withValues } from '../image.ts';
import type { RandomStream } from '../random.ts';

export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface CropParameters {
  /** Range of the window's share of the area. */
  readonly scale: readonly [number, number];
  /** Range of the window's width / height, drawn uniformly in the logarithm. */
  readonly ratio: readonly [number, number];
}

const ATTEMPTS = 10;

/** The largest central window whose ratio is allowed: torchvision's fallback. */
const centralWindow = ({ height, width }: ImageExtent, [low, high]: readonly [number, number]): Window => {
  const ratio = width / height;
  const cropWidth = ratio > high ? Math.max(1, Math.round(height * high)) : width;
  const cropHeight = ratio < low ? Math.max(1, Math.round(width / low)) : height;
  return {
    top: Math.floor((height - cropHeight) / 2),
    left: Math.floor((width - cropWidth) / 2),
    height: cropHeight,
    width: cropWidth,
  };
};

/** Draws the window like torchvision's RandomResizedCrop: ten attempts, then the central window. */
export const drawWindow = (extent: ImageExtent, random: RandomStream, parameters: CropParameters): Window => {
  const { scale, ratio } = parameters;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = extent.height * extent.width * random.between(scale[0], scale[1]);
    const aspect = Math.exp(random.between(Math.log(ratio[0]), Math.log(ratio[1])));
    const width = Math.round(Math.sqrt(area * aspect));
    const height = Math.round(Math.sqrt(area / aspect));
    if (width < 1 || height < 1 || width > extent.width || height > extent.height) continue;
    const top = random.integer(extent.height - height + 1);
    const left = random.integer(extent.width - width + 1);
    return { top, left, height, width };
  }
  return centralWindow(extent, ratio);
};

/** Per output position: the two source positions and the weight of the second (pixel centres at half integers). */
const interpolation = (start: number, length: number, outputs: number) => {
  const first = new Int32Array(outputs);
  const second = new Int32Array(outputs);
  const weight = new Float64Array(outputs);
  for (let index = 0; index < outputs; index++) {
    const centre = Math.min(Math.max(((index + 0.5) * length) / outputs - 0.5, 0), length - 1);
    const below = Math.floor(centre);
    first[index] = start + below;
    second[index] = start + Math.min(below + 1, length - 1);
    weight[index] = centre - below;
  }
  return { first, second, weight };
};

/**
 * Resizes a window of the image to the image's own size, bilinearly. A window is never larger than the image, so no
 * anti-aliasing is needed.
 */
export const resizeWindow = (image: Image, window: Window): Image => {
  const { height, width, channels, values } = image;
  const rows = interpolation(window.top, window.height, height);
  const columns = interpolation(window.left, window.width, width);
  const result = new Float32Array(values.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const upper = rows.first[y] * width;
    const lower = rows.second[y] * width;
    const down = rows.weight[y];
    for (let x = 0; x < width; x++) {
      const left = columns.first[x];
      const right = columns.second[x];
      const across = columns.weight[x];
      for (let channel = 0; channel < channels; channel++) {
        const a = values[(upper + left) * channels + channel];
        const b = values[(upper + right) * channels + channel];
        const c = values[(lower + left) * channels + channel];
        const d = values[(lower + right) * channels + channel];
        const top = a + (b - a) * across;
        result[at++] = top + (c + (d - c) * across - top) * down;
      }
    }
  }
  return withValues(image, result);
};

/** A random window of the image, resized to the image's size (semantics of torchvision's RandomResizedCrop). */
export const randomResizedCrop = (image: Image, random: RandomStream, parameters: CropParameters): Image =>
  resizeWindow(image, drawWindow(image, random, parameters));
