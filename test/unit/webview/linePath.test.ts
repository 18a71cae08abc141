import { line } from 'd3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../webview/series/linePath.ts';

describe('the path of a line', () => {
  it('is the one that d3 writes with one digit', () => {
    const px = fc.double({ min: -2000, max: 2000, noNaN: true });
    const d3Path = line().digits(1);
    fc.assert(
      fc.property(fc.array(fc.tuple(px, px), { maxLength: 4 }), (points) => {
        const path = pathOf({ xs: points.map(([x]) => x), ys: points.map(([, y]) => y) });
        expect(path).toBe(d3Path(points));
      }),
    );
  });
});
