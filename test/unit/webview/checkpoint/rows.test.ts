import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WeightLayer } from '../../../../src/protocol/index.ts';
import { NO_CELL, textCell } from '../../../../webview/checkpoint/series/cell.ts';
import type { LayerColumn } from '../../../../webview/checkpoint/series/columns.ts';
import { filterRows, NO_FILTER } from '../../../../webview/checkpoint/series/filter.ts';
import {
  arrangeRows,
  hasRepeatedBlocks,
  type LayerRow,
  layerOf,
  layerRows,
  nextOrder,
  sortRows,
} from '../../../../webview/checkpoint/series/rows.ts';

const layer = (name: string, block = '', repeated: string | null = null, parameters = 4): WeightLayer => ({
  name,
  tensor: name,
  kind: 'dense',
  shape: [2, 2],
  dtype: 'F32',
  matrix: [2, 2],
  slices: 1,
  parameters,
  block,
  repeated,
});
const rowsOf = (...layers: WeightLayer[]): LayerRow[] => layerRows([{ layers }]);
const names = (rows: readonly LayerRow[]): string[] => rows.map(({ name }) => name);

const column = (id: string, sort: (row: LayerRow) => number | string | null): LayerColumn => ({
  id,
  label: id,
  name: id,
  section: null,
  usual: true,
  meaning: id,
  width: 10,
  align: 'end',
  fold: 'range',
  measured: true,
  cell: (row) => ({ ...NO_CELL, sort: sort(row) }),
});
const byName: LayerColumn = { ...column('name', ({ name }) => name), cell: ({ name }) => textCell(name) };

const blocks = rowsOf(
  layer('embed'),
  layer('block.0.a', 'block.0', 'block.*'),
  layer('block.0.b', 'block.0', 'block.*'),
  layer('block.1.a', 'block.1', 'block.*'),
  layer('block.1.b', 'block.1', 'block.*'),
  layer('head', 'once.0', 'once.*'),
);
const plain = { order: null, grouped: true, open: new Set<string>() };
const named = (text: string) => filterRows(blocks, { ...NO_FILTER, text }, () => false);

describe('layerRows', () => {
  it('matches layers by name, those of the first file in its order, then the rest', () => {
    const [a, b] = [
      { layers: ['y', 'x'].map((name) => layer(name)) },
      { layers: ['z', 'x'].map((name) => layer(name)) },
    ];
    const rows = layerRows([a, b]);
    expect(rows.map(({ name, sides }) => [name, ...sides.map((side) => side !== null)])).toEqual([
      ['y', true, false],
      ['x', true, true],
      ['z', false, true],
    ]);
    expect(layerOf(rows[2]).name).toBe('z');
  });

  it('takes names that objects have anyway for names', () => {
    expect(names(rowsOf(layer('__proto__'), layer('constructor')))).toEqual(['__proto__', 'constructor']);
  });
});

describe('filterRows', () => {
  it('finds a part of the name in any case', () => {
    expect(names(named(' BLOCK.1 '))).toEqual(['block.1.a', 'block.1.b']);
  });
  it('takes what looks like an expression for text', () => {
    expect(named('block.*')).toEqual([]);
  });
});

describe('sortRows', () => {
  const values: Record<string, number | null> = { a: 2, b: null, c: 10, d: Number.NaN, e: 2 };
  const rows = rowsOf(...Object.keys(values).map((name) => layer(name)));
  const measure = column('measure', ({ name }) => values[name]);

  it.each([
    [false, ['a', 'e', 'c', 'b', 'd']],
    [true, ['c', 'a', 'e', 'b', 'd']],
  ])('puts missing ones last and keeps equal ones in order, descending %s', (descending, expected) => {
    expect(names(sortRows(rows, { column: 'measure', descending }, [measure]))).toEqual(expected);
  });

  it('counts numbers inside names', () => {
    const numbered = rowsOf(layer('l.10'), layer('l.2'), layer('l.1'));
    expect(names(sortRows(numbered, { column: 'name', descending: false }, [byName]))).toEqual([
      'l.1',
      'l.2',
      'l.10',
    ]);
  });

  it('leaves the order of the file for a column that is not there', () => {
    expect(sortRows(rows, { column: 'gone', descending: true }, [measure])).toBe(rows);
  });

  it('loses and invents no row', () => {
    const keys = fc.array(fc.option(fc.oneof(fc.double(), fc.string())), { maxLength: 30 });
    fc.assert(
      fc.property(keys, fc.boolean(), (found, descending) => {
        const all = rowsOf(...found.map((_, index) => layer(`l${index}`)));
        const one = column('one', ({ name }) => found[Number(name.slice(1))]);
        const sorted = sortRows(all, { column: 'one', descending }, [one]);
        expect(names(sorted).sort()).toEqual(names(all).sort());
      }),
    );
  });
});

describe('arrangeRows', () => {
  it('folds blocks that are repeated, and no block that stands alone', () => {
    const rows = arrangeRows(blocks, plain, []);
    expect(
      rows.map((row) => (row.kind === 'group' ? `${row.pattern} x${row.blocks}` : row.row.name)),
    ).toEqual(['embed', 'block.* x2', 'head']);
    expect(hasRepeatedBlocks(blocks)).toBe(true);
    expect(hasRepeatedBlocks([blocks[0], blocks[5]])).toBe(false);
  });

  it('folds no block that would hide two or three layers', () => {
    const kinds = (rows: readonly LayerRow[]) => arrangeRows(rows, plain, []).map(({ kind }) => kind);
    const folded = (count: number): LayerRow[] =>
      rowsOf(...Array.from({ length: count }, (_, index) => layer(`b.${index}`, `b.${index}`, 'b.*')));
    expect(kinds(folded(2))).toEqual(['layer', 'layer']);
    expect(kinds(folded(3))).toEqual(['layer', 'layer', 'layer']);
    expect(kinds(folded(4))).toEqual(['group']);
    expect([3, 4].map((count) => hasRepeatedBlocks(folded(count)))).toEqual([false, true]);
  });

  it('shows the layers of an open block under it', () => {
    const rows = arrangeRows(blocks, { ...plain, open: new Set(['block.*']) }, []);
    expect(rows.map((row) => (row.kind === 'layer' ? [row.row.name, row.inside] : row.pattern))).toEqual([
      ['embed', false],
      'block.*',
      ['block.0.a', true],
      ['block.0.b', true],
      ['block.1.a', true],
      ['block.1.b', true],
      ['head', false],
    ]);
  });

  it('counts the blocks that match the filter', () => {
    const rows = arrangeRows(named('block.0'), plain, []);
    expect(rows.map((row) => row.kind)).toEqual(['layer', 'layer']);
  });

  it('puts a folded block where its first layer in the order stands', () => {
    const order = { column: 'name', descending: true };
    const rows = arrangeRows(blocks, { ...plain, order }, [byName]);
    expect(rows.map((row) => (row.kind === 'group' ? row.pattern : row.row.name))).toEqual([
      'head',
      'embed',
      'block.*',
    ]);
  });
});

describe('nextOrder', () => {
  it('goes through both directions and back to the order of the file', () => {
    const number = { id: 'n', align: 'end' } as const;
    const first = nextOrder(null, number);
    expect(first).toEqual({ column: 'n', descending: true });
    expect(nextOrder(first, number)).toEqual({ column: 'n', descending: false });
    expect(nextOrder(nextOrder(first, number), number)).toBeNull();
    expect(nextOrder(first, { id: 'name', align: 'start' })).toEqual({ column: 'name', descending: false });
  });
});
