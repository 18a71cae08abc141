import { clampToUnit, greyOf, type Image, withValues } from '../image.ts';
import { permutation, type RandomStream } from '../random.ts';

export interface JitterParameters {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
}

/** clamp(factor * image + (1 - factor) * level): the blend with one grey level. */
const blendWithLevel = (image: Image, factor: number, level: number): Image => {
  const { values } = image;
  const result = new Float32Array(values.length);
  const added = (1 - factor) * level;
  for (let at = 0; at < result.length; at++) result[at] = clampToUnit(factor * values[at] + added);
  return withValues(image, result);
};

export const adjustBrightness = (image: Image, factor: number): Image => blendWithLevel(image, factor, 0);

/** Blends with the mean luma of the image. */
export const adjustContrast = (image: Image, factor: number): Image => {
  const grey = greyOf(image);
  let sum = 0;
  for (let pixel = 0; pixel < grey.length; pixel++) sum += grey[pixel];
  return blendWithLevel(image, factor, sum / grey.length);
};

/** Blends with the image's luma; a single-channel image has no saturation. */
export const adjustSaturation = (image: Image, factor: number): Image => {
  if (image.channels !== 3) return image;
  const { values } = image;
  const grey = greyOf(image);
  const result = new Float32Array(values.length);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++) {
    const added = (1 - factor) * grey[pixel];
    for (let channel = 0; channel < 3; channel++, at++) {
      result[at] = clampToUnit(factor * values[at] + added);
    }
  }
  return withValues(image, result);
};

/** One channel of the colour (h, s, v), h in [0, 6): v - v s max(0, min(k, 4 - k, 1)), k = (offset + h) mod 6. */
const channelOf = (offset: number, hue: number, saturation: number, value: number): number => {
  const turned = offset + hue;
  const k = turned < 6 ? turned : turned - 6;
  return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
};

/** Sixths of a turn from red, in [-1, 5]. */
const hueOf = (red: number, green: number, blue: number, value: number, chroma: number): number => {
  if (chroma === 0) return 0;
  if (value === red) return (green - blue) / chroma;
  if (value === green) return (blue - red) / chroma + 2;
  return (red - green) / chroma + 4;
};

/** Rotates the hue by `shift` turns at unchanged saturation and value (HSV). */
export const adjustHue = (image: Image, shift: number): Image => {
  if (image.channels !== 3) return image;
  const { values } = image;
  const result = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += 3) {
    const red = values[at];
    const green = values[at + 1];
    const blue = values[at + 2];
    const value = Math.max(red, green, blue);
    const chroma = value - Math.min(red, green, blue);
    const saturation = value === 0 ? 0 : chroma / value;
    const turned = hueOf(red, green, blue, value, chroma) + 6 * shift;
    const hue = turned - 6 * Math.floor(turned / 6);
    result[at] = channelOf(5, hue, saturation, value);
    result[at + 1] = channelOf(3, hue, saturation, value);
    result[at + 2] = channelOf(1, hue, saturation, value);
  }
  return withValues(image, result);
};

const drawFactor = (random: RandomStream, spread: number): number =>
  random.between(Math.max(0, 1 - spread), 1 + spread);

/**
 * Brightness, contrast, saturation and hue changed in random order (semantics of torchvision's ColorJitter): factors
 * uniform in [max(0, 1 - b), 1 + b], the hue shift uniform in [-hue, hue] turns. Parameters of 0 have no effect.
 */
export const colourJitter = (image: Image, random: RandomStream, parameters: JitterParameters): Image => {
  const order = permutation(4, random);
  const brightness = drawFactor(random, parameters.brightness);
  const contrast = drawFactor(random, parameters.contrast);
  const saturation = drawFactor(random, parameters.saturation);
  const hue = random.between(-parameters.hue, parameters.hue);
  const steps = [
    (before: Image) => (parameters.brightness > 0 ? adjustBrightness(before, brightness) : before),
    (before: Image) => (parameters.contrast > 0 ? adjustContrast(before, contrast) : before),
    (before: Image) => (parameters.saturation > 0 ? adjustSaturation(before, saturation) : before),
    (before: Image) => (parameters.hue > 0 ? adjustHue(before, hue) : before),
  ];
  return order.reduce((before, step) => steps[step](before), image);
};
