import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestLine, type PixelLine } from '../../../webview/series/nearestLine.ts';

const flat = (y: number): PixelLine => ({ xs: [0, 100], ys: [y, y] });

describe('nearestLine', () => {
  it('finds the nearest of flat lines, also between their points', () => {
    const lines = [flat(10), flat(20), flat(40)];
    expect(nearestLine(lines, 50, 14, 10)).toBe(0);
    expect(nearestLine(lines, 50, 16, 10)).toBe(1);
    expect(nearestLine(lines, 50, 34, 10)).toBe(2);
  });

  it('finds nothing out of reach, and ends where the line ends', () => {
    expect(nearestLine([flat(10)], 50, 21, 10)).toBe(-1);
    expect(nearestLine([flat(10)], 106, 10, 10)).toBe(0);
    expect(nearestLine([flat(10)], 111, 10, 10)).toBe(-1);
    expect(nearestLine([], 0, 0, 10)).toBe(-1);
    expect(nearestLine([{ xs: [], ys: [] }], 0, 0, 10)).toBe(-1);
  });

  it('sees a line of one point and a steep fall', () => {
    expect(nearestLine([{ xs: [5], ys: [5] }], 8, 9, 5)).toBe(0);
    const cliff = { xs: [0, 50, 51, 100], ys: [0, 0, 300, 300] };
    expect(nearestLine([cliff, flat(60)], 53, 150, 10)).toBe(0);
  });

  it('agrees with a search over points laid densely on every line', () => {
    const line = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.tuple(line, line), (shapes, [[at]]) => {
        const lines = shapes.map((points) => {
          const sorted = [...points].sort((a, b) => a[0] - b[0]);
          return { xs: sorted.map(([x]) => x), ys: sorted.map(([, y]) => y) };
        });
        const distances = lines.map(({ xs, ys }) => {
          let least = Number.POSITIVE_INFINITY;
          for (let i = 1; i < xs.length; i++) {
            for (let step = 0; step <= 2000; step++) {
              const [x, y] = [xs, ys].map(
                (values) => values[i - 1] + ((values[i] - values[i - 1]) * step) / 2000,
              );
              least = Math.min(least, Math.hypot(x - at[0], y - at[1]));
            }
          }
          return least;
        });
        const least = Math.min(...distances);
        const found = nearestLine(lines, at[0], at[1], 15);
        if (least > 15.2) expect(found).toBe(-1);
        else if (least < 14.8) expect(distances[found]).toBeLessThan(least + 0.2);
      }),
      { numRuns: 60 },
    );
  });
});
