import { describe, expect, it } from 'vitest';
import { plainColour } from '../../../webview/figures/plainColour.ts';

describe('plainColour', () => {
  it.each([
    ['rgb(86, 180, 233)', 'rgb(86, 180, 233)', 1],
    ['rgba(0, 230, 255, 0.8)', 'rgb(0, 230, 255)', 0.8],
    ['rgba(0, 0, 0, 0)', 'rgb(0, 0, 0)', 0],
    // 0.4 of 255 is 102.
    ['color(srgb 0.4 0.4 0.4)', 'rgb(102, 102, 102)', 1],
    ['color(srgb 1 0 0.2 / 0.5)', 'rgb(255, 0, 51)', 0.5],
  ])('reads %s', (paint, colour, alpha) => {
    expect(plainColour(paint)).toEqual({ colour, alpha });
  });
});
