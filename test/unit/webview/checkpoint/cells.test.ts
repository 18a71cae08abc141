import { describe, expect, it } from 'vitest';
import { healthOf, layerFacts } from '../../../../src/protocol/index.ts';
import { measureCell } from '../../../../webview/checkpoint/series/cell.ts';
import { layerColumns } from '../../../../webview/checkpoint/series/columns.ts';
import {
  deltaCell,
  distanceCell,
  spectrumDistance,
} from '../../../../webview/checkpoint/series/comparedColumns.ts';
import { groupCell } from '../../../../webview/checkpoint/series/rowCells.ts';
import { type LayerRow, layerRows, type Measured } from '../../../../webview/checkpoint/series/rows.ts';
import { spectrumWarnings, warningLine } from '../../../../webview/checkpoint/series/warnings.ts';
import { formatMeasure, formatShare } from '../../../../webview/checkpoint/series/words.ts';
import { formatBytes, formatScaled } from '../../../../webview/series/format.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

describe('spectrumDistance', () => {
  it('is relative to the first, over the common length', () => {
    // ||(3,4) - (3,1)|| / ||(3,4)|| = 3 / 5.
    const [a, b] = [inventedSpectrum([3, 4]), inventedSpectrum([3, 1, 7])];
    expect(spectrumDistance(a, b)).toEqual({ value: 0.6, length: 2, lengths: [2, 3] });
    expect(distanceCell(a, b)).toMatchObject({
      text: '0.6',
      detail: '0.6 over the 2 largest singular values; A has 2, B 3',
    });
  });
  it('has no value for a zero matrix', () => {
    expect(spectrumDistance(inventedSpectrum([0]), inventedSpectrum([1])).value).toBeNull();
    expect(distanceCell(inventedSpectrum([0]), inventedSpectrum([1]))).toMatchObject({
      state: 'failed',
      text: 'all of A is zero',
    });
  });
});

describe('measureCell', () => {
  it('prints alpha with its error', () => {
    const cell = measureCell(inventedSpectrum([1], { alpha: 2.512, alphaError: 0.1513 }), 'alpha');
    expect(cell).toMatchObject({ text: '2.51 ± 0.15', sort: 2.512, state: 'value' });
  });
  it('marks an estimate and tells its error', () => {
    const spectrum = inventedSpectrum(
      [2],
      { spectralNorm: 2, stableRank: 3 },
      { method: 'estimate', error: { values: [0.01], distribution: 0.02 } },
    );
    expect(measureCell(spectrum, 'spectralNorm')).toMatchObject({
      text: '≈ 2',
      detail: '2; estimate, within 0.01',
      state: 'estimate',
    });
    expect(measureCell(spectrum, 'stableRank').detail).toBe(
      '3; estimate, from a distribution that is accurate within 0.02',
    );
  });
  it('shows a bound where only that is known, and sorts by it', () => {
    const note = '> 7e13: the smallest singular value is 0';
    const spectrum = {
      ...inventedSpectrum([1]),
      metrics: { condition: { value: null, note, above: 7e13 } },
    };
    expect(measureCell(spectrum, 'condition')).toEqual({
      text: '> 7×10¹³',
      sort: 7e13,
      detail: note,
      state: 'value',
    });
  });
  it('shows the reason where there is no value', () => {
    const cell = measureCell(inventedSpectrum([1], { alpha: 'one eigenvalue above 0.00001' }), 'alpha');
    expect(cell).toMatchObject({ text: 'one eigenvalue above 0.00001', sort: null, state: 'failed' });
  });
});

describe('deltaCell', () => {
  const of = (condition: number | string) => inventedSpectrum([1], { condition });
  it('is B minus A, with a sign', () => {
    expect(deltaCell(of(2), of(5), 'condition')).toMatchObject({
      text: '+3',
      sort: 3,
      detail: 'from 2 to 5',
    });
    expect(deltaCell(of(5), of(2), 'condition').text).toBe('−3');
  });
  it('fails for the reason of either side, and for two infinite ones', () => {
    expect(deltaCell(of(1), of('zero'), 'condition')).toMatchObject({ state: 'failed', text: 'zero' });
    const infinite = of(Number.POSITIVE_INFINITY);
    expect(deltaCell(infinite, infinite, 'condition')).toMatchObject({ state: 'failed', sort: null });
  });
});

describe('layerColumns', () => {
  const rows = layerRows([{ layers: ['a', 'b', 'c'].map((name) => inventedLayer({ name })) }]);
  const came = new Map<string, Measured>([
    ['a', { spectrum: inventedSpectrum([2], { stableRank: 1.5 }), problem: null }],
    ['b', { spectrum: null, problem: 'b holds NaN' }],
  ]);
  const source = {
    names: ['m'],
    measuredOf: (_: number, name: string) => came.get(name) ?? null,
    definitions: { stableRank: 'F2/S2' },
  };
  const columns = layerColumns(source, rows);
  const column = (id: string) => columns.find((one) => one.id === id)!;

  it('has a value, a reason or a sign of waiting in every measured cell', () => {
    const cells = rows.map((row) => column('stableRank').cell(row));
    expect(cells.map(({ text, state }) => [text, state])).toEqual([
      ['1.5', 'value'],
      ['b holds NaN', 'failed'],
      ['…', 'waiting'],
    ]);
    expect(column('zero').cell(rows[0])).toMatchObject({ text: '25.0\u00a0%', sort: 0.25 });
    expect(column('stableRank').meaning).toContain('F2/S2');
  });

  it('gives texts the room that they need, and long names no more than leaves room for the measures', () => {
    const widths = (changes: Parameters<typeof inventedLayer>[0]) => {
      const wide = layerColumns(source, layerRows([{ layers: [inventedLayer(changes)] }]));
      return Object.fromEntries(wide.map(({ id, width }) => [id, width]));
    };
    const [short, long] = [widths({ name: 'a' }), widths({ name: 'a'.repeat(20), shape: [64, 64, 3, 3] })];
    expect(long.name - short.name).toBeGreaterThan(15 * 7);
    expect(long.shape).toBeGreaterThan(short.shape);
    expect(long.kind).toBe(short.kind);
    expect(widths({ name: 'a'.repeat(300) }).name).toBe(widths({ name: 'a'.repeat(200) }).name);
  });

  it('folds a block to sums, ranges and what all share', () => {
    const other = { spectrum: inventedSpectrum([2], { stableRank: 4 }), problem: null };
    came.set('c', other);
    expect(groupCell(column('parameters'), rows)).toMatchObject({ text: '72', sort: 72 });
    expect(groupCell(column('stableRank'), rows)).toMatchObject({
      text: '1.5 – 4',
      detail: '1.5 – 4 in 2 of 3 layers',
    });
    expect(groupCell(column('kind'), rows).text).toBe('dense');
    expect(groupCell(column('name'), rows).text).toBe('');
    came.delete('c');
    expect(groupCell(column('stableRank'), rows).text).toBe('1.5…');
  });

  it('has an empty cell where only one of two checkpoints has the layer', () => {
    const [only]: LayerRow[] = layerRows([{ layers: [inventedLayer()] }, { layers: [] }]);
    const compared = layerColumns({ names: ['x', 'y'], measuredOf: () => null, definitions: {} }, [only]);
    const texts = Object.fromEntries(compared.map(({ id, cell }) => [id, cell(only).text]));
    expect(texts).toMatchObject({
      in: 'only A',
      distance: '',
      'alpha.delta': '',
      'alpha.B': '',
      'alpha.A': '…',
    });
  });
});

describe('spectrumWarnings', () => {
  const warningsOf = (alpha: number, tail: number) =>
    spectrumWarnings(inventedSpectrum([1], { alpha, tail }));
  it.each([
    [1.9, 50, 1],
    [2, 50, 0],
    [6, 50, 0],
    [6.1, 50, 1],
    [9, 49, 0],
  ])('alpha %d of %d eigenvalues: %d warnings', (alpha, tail, count) => {
    expect(warningsOf(alpha, tail)).toHaveLength(count);
  });
  it('says what is wrong with the values, errors first and as such', () => {
    const health = healthOf({
      ...layerFacts(inventedLayer(), inventedSpectrum([1])),
      statistics: { ...inventedSpectrum([1]).statistics, nan: 2, infinite: 1 },
    });
    expect(spectrumWarnings(inventedSpectrum([1]), health ?? undefined).map(warningLine)).toEqual([
      'Error: 2 of 24 values are NaN',
      'Error: 1 of 24 values are infinite',
    ]);
  });
});

describe('numbers in words', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1 k'],
    [999_950, '1 M'],
    [109_482_240, '109 M'],
    [7_240_000_000, '7.24 B'],
  ])('%d is %s', (count, words) => expect(formatScaled(count)).toBe(words));
  it.each([
    [22, '22 B'],
    [2048, '2.05 kB'],
    [438_000_000, '438 MB'],
  ])('%d bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));
  it('never prints a small share as none', () => {
    expect(formatShare(0)).toBe('0');
    expect(formatShare(1e-7)).toBe('< 0.1\u00a0%');
    expect(formatMeasure(Number.POSITIVE_INFINITY)).toBe('∞');
  });
});
