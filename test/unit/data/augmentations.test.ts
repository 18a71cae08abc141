import { describe, expect, it } from 'vitest';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  colourJitter,
} from '../../../src/data/augmentations/colourJitter.ts';
import { gaussianBlur } from '../../../src/data/augmentations/gaussianBlur.ts';
import { gaussianNoise } from '../../../src/data/augmentations/gaussianNoise.ts';
import { greyscale } from '../../../src/data/augmentations/greyscale.ts';
import { horizontalFlip } from '../../../src/data/augmentations/horizontalFlip.ts';
import { drawWindow, resizeWindow } from '../../../src/data/augmentations/randomResizedCrop.ts';
import type { Image } from '../../../src/data/image.ts';
import { openStream } from '../../../src/data/index.ts';
import oracle from './fixtures/colours.json' with { type: 'json' };

const image: Image = {
  height: oracle.height,
  width: oracle.width,
  channels: 3,
  values: Float32Array.from(oracle.bytes, (byte) => byte / 255),
};
const single: Image = { height: 2, width: 3, channels: 1, values: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1) };

const largestDifference = (actual: Image, expected: readonly number[]): number => {
  expect(actual.values.length).toBe(expected.length);
  return Math.max(...expected.map((value, at) => Math.abs(value - actual.values[at])));
};

/** Pillow rounds the mean luma, the luma and the result to bytes. */
const PILLOW = 2 / 255;

describe('against PyTorch, SciPy, colorsys and Pillow', () => {
  it.each(oracle.crops)('resizes the window $window', ({ window, expected }) => {
    expect(largestDifference(resizeWindow(image, window), expected)).toBeLessThan(1e-6);
  });
  it.each(oracle.blur)('blurs with sigma $sigma', ({ sigma, expected }) => {
    expect(largestDifference(gaussianBlur(image, sigma), expected)).toBeLessThan(1e-6);
  });
  it.each(oracle.hue)('turns the hue by $factor', ({ factor, expected }) => {
    expect(largestDifference(adjustHue(image, factor), expected)).toBeLessThan(1e-5);
  });
  it.each(oracle.brightness)('brightness $factor', ({ factor, expected }) => {
    expect(largestDifference(adjustBrightness(image, factor), expected)).toBeLessThan(PILLOW);
  });
  it.each(oracle.contrast)('contrast $factor', ({ factor, expected }) => {
    expect(largestDifference(adjustContrast(image, factor), expected)).toBeLessThan(PILLOW);
  });
  it.each(oracle.saturation)('saturation $factor', ({ factor, expected }) => {
    expect(largestDifference(adjustSaturation(image, factor), expected)).toBeLessThan(PILLOW);
  });
  it('greyscale gives the luma in every channel', () => {
    const expected = oracle.grey.flatMap((value) => [value, value, value]);
    expect(largestDifference(greyscale(image), expected)).toBeLessThan(1 / 255);
  });
});

describe('closed forms', () => {
  it('flips left to right', () => {
    expect([...horizontalFlip(single).values]).toEqual([...Float32Array.of(0.4, 0.2, 0, 1, 0.8, 0.6)]);
    const [red, green, blue] = horizontalFlip(image).values;
    expect([red, green, blue]).toEqual([...image.values.subarray(24, 27)]);
  });

  it('leaves the colour of one channel alone and a constant image under blur', () => {
    expect(adjustHue(single, 0.3)).toBe(single);
    expect(adjustSaturation(single, 0)).toBe(single);
    expect(greyscale(single)).toBe(single);
    const constant = { ...single, values: new Float32Array(6).fill(0.25) };
    for (const value of gaussianBlur(constant, 5).values) expect(value).toBeCloseTo(0.25, 6);
  });

  it('does not change anything with jitter parameters of 0', () => {
    const none = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
    expect(colourJitter(image, openStream(1, 'jitter'), none)).toBe(image);
  });

  it('draws brightness uniformly from [max(0, 1 - b), 1 + b]', () => {
    const grey = { ...single, values: new Float32Array(6).fill(0.25) };
    const random = openStream(1, 'jitter');
    const parameters = { brightness: 1.5, contrast: 0, saturation: 0, hue: 0 };
    const factors = Array.from(
      { length: 4000 },
      () => colourJitter(grey, random, parameters).values[0] / 0.25,
    );
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...factors)).toBeLessThanOrEqual(2.5);
    const mean = factors.reduce((sum, value) => sum + value, 0) / 4000;
    expect(Math.abs(mean - 1.25)).toBeLessThan((5 * 2.5) / Math.sqrt(12 * 4000));
  });

  it('adds noise of the right size, clamped only for images', () => {
    const values = new Float32Array(20_000).fill(0.5);
    const free = gaussianNoise(values, openStream(1, 'noise'), 2, 'unbounded');
    const variance = free.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / free.length;
    expect(Math.abs(variance / 4 - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000));
    const clamped = gaussianNoise(values, openStream(1, 'noise'), 2, 'unit');
    expect([...clamped]).toEqual([...free].map((value) => Math.min(Math.max(value, 0), 1)));
  });
});

describe('drawWindow', () => {
  const extent = { height: 32, width: 32, channels: 1 };

  it('keeps the window inside, its area and ratio in range up to rounding', () => {
    const random = openStream(1, 'crop');
    for (let round = 0; round < 2000; round++) {
      const { top, left, height, width } = drawWindow(extent, random, {
        scale: [0.2, 1],
        ratio: [0.75, 4 / 3],
      });
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top + height).toBeLessThanOrEqual(32);
      expect(left + width).toBeLessThanOrEqual(32);
      expect((height + 0.5) * (width + 0.5)).toBeGreaterThanOrEqual(0.2 * 1024);
      expect((width + 0.5) / (height - 0.5)).toBeGreaterThanOrEqual(0.75);
      expect((width - 0.5) / (height + 0.5)).toBeLessThanOrEqual(4 / 3);
    }
  });

  it('draws the area uniformly', () => {
    const random = openStream(2, 'crop');
    // Square windows of at most half the area always fit, so no attempt is discarded.
    const areas = Array.from({ length: 4000 }, () => {
      const { height, width } = drawWindow({ height: 1000, width: 1000, channels: 1 }, random, {
        scale: [0.1, 0.5],
        ratio: [1, 1],
      });
      return (height * width) / 1e6;
    });
    const mean = areas.reduce((sum, area) => sum + area, 0) / 4000;
    expect(Math.abs(mean - 0.3)).toBeLessThan((5 * 0.4) / Math.sqrt(12 * 4000) + 0.001);
  });

  it('falls back to the central window of an allowed ratio', () => {
    const window = drawWindow({ height: 10, width: 40, channels: 1 }, openStream(1, 'crop'), {
      scale: [1, 1],
      ratio: [1, 2],
    });
    expect(window).toEqual({ top: 0, left: 10, height: 10, width: 20 });
  });
});
