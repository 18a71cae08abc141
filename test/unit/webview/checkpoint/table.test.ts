import { describe, expect, it } from 'vitest';
import {
  columnSpan,
  moveInGrid,
  placeAmong,
  revealing,
  rowsInView,
} from '../../../../webview/checkpoint/series/grid.ts';
import type { GridRow } from '../../../../webview/checkpoint/series/rows.ts';
import { layerRows } from '../../../../webview/checkpoint/series/rows.ts';
import { inventedLayer } from '../inventedLayers.ts';

describe('moveInGrid', () => {
  const size = { rows: 100, columns: 5, page: 10 };
  it.each([
    ['ArrowUp', false, [0, 2], [-1, 2]],
    ['ArrowUp', false, [-1, 2], [-1, 2]],
    ['ArrowDown', false, [99, 2], [99, 2]],
    ['ArrowRight', false, [4, 4], [4, 4]],
    ['ArrowLeft', false, [4, 1], [4, 0]],
    ['PageDown', false, [95, 1], [99, 1]],
    ['PageUp', false, [5, 1], [0, 1]],
    ['PageUp', false, [-1, 1], [-1, 1]],
    ['Home', false, [5, 3], [5, 0]],
    ['End', false, [5, 3], [5, 4]],
    ['Home', true, [5, 3], [0, 0]],
    ['End', true, [5, 3], [99, 4]],
  ] as const)('%s (control %s) from %j goes to %j', (key, control, [row, column], [toRow, toColumn]) => {
    expect(moveInGrid(key, control, { row, column }, size)).toEqual({ row: toRow, column: toColumn });
  });
  it('leaves other keys alone, and stays in the heading of an empty table', () => {
    expect(moveInGrid('a', false, { row: 0, column: 0 }, size)).toBeNull();
    expect(moveInGrid('ArrowDown', false, { row: -1, column: 0 }, { ...size, rows: 0 })).toEqual({
      row: -1,
      column: 0,
    });
  });
});

describe('rowsInView', () => {
  it('covers the view and a few more, within the table', () => {
    expect(rowsInView({ from: 240, length: 100 }, 24, 1000, 0)).toEqual([10, 15]);
    expect(rowsInView({ from: 0, length: 100 }, 24, 1000, 6)).toEqual([0, 11]);
    expect(rowsInView({ from: 1e9, length: 100 }, 24, 5, 6)).toEqual([5, 5]);
  });
});

describe('placeAmong', () => {
  const layer = (name: string): GridRow => ({
    kind: 'layer',
    row: layerRows([{ layers: [inventedLayer({ name })] }])[0],
    inside: false,
  });
  const block = (pattern: string, open: boolean): GridRow => ({
    kind: 'group',
    pattern,
    blocks: 2,
    rows: [],
    open,
  });
  const rows = ['a', 'b', 'c', 'd'].map(layer);
  it('goes with a layer that is sorted elsewhere', () => {
    const sorted = ['d', 'b', 'a', 'c'].map(layer);
    expect(placeAmong({ row: 0, column: 2 }, rows, sorted, 5)).toEqual({
      place: { row: 2, column: 2 },
      moved: 2,
    });
    expect(placeAmong({ row: 3, column: 2 }, rows, sorted, 5).moved).toBe(-3);
  });
  it('takes a block for the same when it is opened, and for another than a layer of its name', () => {
    const before = [layer('a'), block('b', false)];
    const after = [layer('b'), layer('a'), block('b', true)];
    expect(placeAmong({ row: 1, column: 0 }, before, after, 1).place.row).toBe(2);
  });
  it('stays in the heading, and within what is left', () => {
    const gone = { place: { row: 1, column: 2 }, moved: 0 };
    expect(placeAmong({ row: -1, column: 0 }, rows, rows, 5).place).toEqual({ row: -1, column: 0 });
    expect(placeAmong({ row: 3, column: 4 }, rows, ['a', 'b'].map(layer), 3)).toEqual(gone);
    expect(placeAmong({ row: 3, column: 4 }, rows, [], 3).place.row).toBe(-1);
  });
});

describe('scrolling the grid', () => {
  it('moves no further than it must', () => {
    const view = { from: 100, length: 50 };
    expect(revealing(view, { from: 110, length: 20 })).toBe(100);
    expect(revealing(view, { from: 90, length: 20 })).toBe(90);
    expect(revealing(view, { from: 140, length: 20 })).toBe(110);
  });
  it('counts columns from the second, which the first does not cover', () => {
    expect(columnSpan([200, 30, 40, 50], 1)).toEqual({ from: 0, length: 30 });
    expect(columnSpan([200, 30, 40, 50], 3)).toEqual({ from: 70, length: 50 });
  });
});
