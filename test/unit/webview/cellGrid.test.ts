import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, cellBox, cellGrid, rowStep } from '../../../webview/figures/cellGrid.ts';

const grids = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
    fc.double({ min: 2, max: 64, noNaN: true }),
    fc.double({ min: 3, max: 42, noNaN: true }),
  )
  .map((sizes) => cellGrid(...sizes));
const scales = fc.constantFrom(1, 1.25, 1.5, 2, 3);

describe('cellBox', () => {
  it('holds points that cellAt gives back', () => {
    fc.assert(
      fc.property(grids, scales, fc.nat(), fc.nat(), (grid, scale, a, b) => {
        const [row, column] = [a % grid.rows, b % grid.columns];
        const box = cellBox(grid, row, column, scale);
        expect(cellAt(grid, box.x + box.width / 2, box.y + box.height / 2)).toEqual({ row, column });
      }),
    );
  });

  it('lies on whole dots and ends a gap before its neighbour begins', () => {
    fc.assert(
      fc.property(grids, scales, (grid, scale) => {
        for (let column = 1; column < grid.columns; column++) {
          const [before, box] = [cellBox(grid, 0, column - 1, scale), cellBox(grid, 0, column, scale)];
          expect(Math.abs(box.x * scale - Math.round(box.x * scale))).toBeLessThan(1e-6);
          expect(box.x - (before.x + before.width)).toBeCloseTo(grid.gap, 9);
        }
      }),
    );
  });
});

describe('cellAt', () => {
  const grid = cellGrid(2, 3, 10, 20);
  it('finds the cell by its row and column', () => {
    expect(cellAt(grid, 0, 0)).toEqual({ row: 0, column: 0 });
    expect(cellAt(grid, 29.9, 20)).toEqual({ row: 1, column: 2 });
  });

  it('finds nothing outside', () => {
    for (const [x, y] of [
      [-0.1, 5],
      [5, -0.1],
      [30, 5],
      [5, 40],
    ])
      expect(cellAt(grid, x, y)).toBeNull();
  });
});

describe('rowStep', () => {
  it('is 30 px for few rows, 4 px for 200 and never under 3', () => {
    expect([1, 12, 26].map(rowStep)).toEqual([30, 30, 30]);
    expect(rowStep(200)).toBe(4);
    expect(rowStep(5000)).toBe(3);
  });
});
