import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeProfile,
  hasLogScale,
  nearestPoint,
  type Point,
  type ProfileData,
  profileTable,
  profileView,
  profileWords,
  usuallyLog,
  usualMeasure,
} from '../../../../webview/checkpoint/series/depthProfile.ts';
import { layerRows, type Measured } from '../../../../webview/checkpoint/series/rows.ts';
import { inventedLayer, inventedSpectrum } from '../inventedLayers.ts';

const layers = [
  inventedLayer({ name: 'embed', kind: 'embedding' }),
  inventedLayer({ name: 'attn', kind: 'attention' }),
  inventedLayer({ name: 'mlp' }),
  inventedLayer({ name: 'late' }),
  inventedLayer({ name: 'broken' }),
];
const of = (metrics: Parameters<typeof inventedSpectrum>[1]): Measured => ({
  spectrum: inventedSpectrum([2, 1], metrics),
  problem: null,
});
const came: Readonly<Record<string, Measured>> = {
  embed: of({ alpha: 'too few eigenvalues', stableRank: 2, spikes: 0 }),
  attn: of({ alpha: 3, alphaError: 0.25, stableRank: 8, spikes: 4 }),
  mlp: of({ alpha: 5, stableRank: 4, spikes: 1 }),
  broken: { spectrum: null, problem: 'is cut' },
};
const rows = layerRows([{ layers }]);
const dataOf = (changes: Partial<ProfileData> = {}): ProfileData => ({
  layers: rows.map((row, index) => ({ depth: index + 1, row })),
  names: ['m'],
  measuredOf: (_, name) => came[name] ?? null,
  measure: 'alpha',
  log: false,
  ...changes,
});

describe('profileView', () => {
  it('has a mark for every layer: its value, or none for a reason or because it is not measured yet', () => {
    const { marks, kinds } = profileView(dataOf());
    expect(marks.map(({ depth, kind, value, waiting }) => [depth, kind, value, waiting])).toEqual([
      [1, 'embedding', null, false],
      [2, 'attention', 3, false],
      [3, 'dense', 5, false],
      [4, 'dense', null, true],
      [5, 'dense', null, false],
    ]);
    expect(marks[1].error).toBe(0.25);
    expect(kinds).toEqual(['dense', 'embedding', 'attention']);
  });

  it('keeps the depth in the file when a filter hides layers', () => {
    const view = profileView(dataOf({ layers: dataOf().layers.slice(1, 3) }));
    expect(view.marks.map(({ index, depth }) => [index, depth])).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(view.domainX).toEqual([2, 3]);
  });

  it('has no place for zero on a logarithmic axis', () => {
    const spikes = (log: boolean) => profileView(dataOf({ measure: 'spikes', log }));
    expect(spikes(false).marks[0].value).toBe(0);
    expect(spikes(true).marks[0]).toMatchObject({ value: null, waiting: false });
    expect(spikes(true).domainY![0]).toBeGreaterThan(0);
  });

  it('draws a bound at its value, and nothing that is infinite', () => {
    const condition = (measure: object): Measured => ({
      spectrum: { ...inventedSpectrum([1]), metrics: { condition: measure as never } },
      problem: null,
    });
    const found: Record<string, Measured> = {
      embed: condition({ value: null, above: 7e13 }),
      attn: condition({ value: Number.POSITIVE_INFINITY }),
    };
    const view = profileView(
      dataOf({ measure: 'condition', log: true, measuredOf: (_, name) => found[name] ?? null }),
    );
    expect(view.marks.slice(0, 2).map(({ value }) => value)).toEqual([7e13, null]);
  });

  it('has room for every value, and begins at zero where that leaves no half of it empty', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(values, fc.boolean(), (found, log) => {
        const measuredOf: ProfileData['measuredOf'] = (_, name) => {
          const value = found[layers.findIndex((layer) => layer.name === name)];
          return value === undefined ? null : of({ stableRank: value });
        };
        const [low, high] = profileView(dataOf({ measure: 'stableRank', log, measuredOf })).domainY!;
        expect(low).toBeLessThan(high);
        for (const value of found) {
          expect(value).toBeGreaterThanOrEqual(low);
          expect(value).toBeLessThanOrEqual(high);
        }
      }),
    );
    expect(profileView(dataOf({ measure: 'stableRank' })).domainY![0]).toBe(0);
    expect(profileView(dataOf()).domainY![0]).toBeGreaterThan(0);
    expect(profileView(dataOf({ measuredOf: () => null })).domainY).toBeNull();
    const wide = { alpha: 3, alphaError: 2 };
    const [low, high] = profileView(dataOf({ measuredOf: () => of(wide) })).domainY!;
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(5);
  });

  it('has the marks of two checkpoints beside each other, and none where one lacks the layer', () => {
    const compared = layerRows([{ layers: layers.slice(0, 2) }, { layers: layers.slice(1, 3) }]);
    const { marks } = profileView(
      dataOf({ names: ['x', 'y'], layers: compared.map((row, index) => ({ depth: index + 1, row })) }),
    );
    expect(marks.map(({ index, place }) => [index, place])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 1],
    ]);
  });
});

describe('the usual measure', () => {
  const measuredOf = (fitted: number) => (_: number, name: string) =>
    of({ alpha: layers.findIndex((layer) => layer.name === name) < fitted ? 3 : 'no tail', stableRank: 2 });
  it('is alpha where most layers have it, and before anything is measured', () => {
    expect(usualMeasure(rows, measuredOf(3))).toBe('alpha');
    expect(usualMeasure(rows, measuredOf(2))).toBe('stableRank');
    expect(usualMeasure(rows, () => null)).toBe('alpha');
  });
  it('has a logarithmic scale where layers differ by factors', () => {
    expect([hasLogScale('alpha'), hasLogScale('matrixEntropy'), hasLogScale('stableRank')]).toEqual([
      false,
      false,
      true,
    ]);
    expect([usuallyLog('condition'), usuallyLog('alpha')]).toEqual([true, false]);
  });
});

describe('the words of the profile', () => {
  it('are the whole name with the value and its interval, or the reason', () => {
    const words = (index: number, changes: Partial<ProfileData> = {}) => profileWords(index, dataOf(changes));
    expect(words(1)).toEqual(['attn', 'power-law exponent α: 3 ± 0.25']);
    expect(words(0)).toEqual(['embed', 'power-law exponent α: too few eigenvalues']);
    expect(words(3)).toEqual(['late', 'power-law exponent α: not measured yet']);
    expect(words(4)).toEqual(['broken', 'power-law exponent α: is cut']);
    expect(words(0, { measure: 'spikes', log: true })).toEqual(['embed', 'spikes: 0 (not on this axis)']);
  });
  it('name both of two checkpoints, and the one that lacks the layer', () => {
    const compared = layerRows([{ layers: layers.slice(1, 2) }, { layers: [] }]);
    const data = dataOf({ names: ['x', 'y'], layers: [{ depth: 1, row: compared[0] }] });
    expect(profileWords(0, data)).toEqual([
      'attn',
      'x: power-law exponent α: 3 ± 0.25',
      'y: does not have this layer',
    ]);
  });
  it('sum up the values', () => {
    const describe = (changes: Partial<ProfileData>) =>
      describeProfile(profileView(dataOf(changes)), dataOf(changes));
    expect(describe({ measure: 'stableRank' })).toBe(
      'stable rank: 3 of 5 layers have a value, from 2 to 8, median 4.',
    );
    expect(describe({})).toBe('power-law exponent α: 2 of 5 layers have a value, from 3 to 5, median 4.');
    expect(describe({ measuredOf: () => null })).toBe('power-law exponent α: no layer has a value.');
  });
});

describe('profileTable', () => {
  it('has a row for each layer, with the reason where there is no value', () => {
    const { columns, rows: lines } = profileTable(dataOf());
    expect(columns).toEqual(['layer', 'depth', 'kind', 'checkpoint', 'alpha', 'error', 'note']);
    expect(lines).toEqual([
      ['embed', 1, 'embedding', 'm', null, null, 'too few eigenvalues'],
      ['attn', 2, 'attention', 'm', 3, 0.25, ''],
      ['mlp', 3, 'dense', 'm', 5, null, ''],
      ['late', 4, 'dense', 'm', null, null, 'not measured yet'],
      ['broken', 5, 'dense', 'm', null, null, 'is cut'],
    ]);
  });
});

describe('nearestPoint', () => {
  it('is within reach, and nearer than every other', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })));
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), (all, x, y) => {
        const apart = ([a, b]: Point): number => Math.hypot(a - x, b - y);
        const found = nearestPoint(all, [x, y], 10);
        const least = Math.min(...all.map(apart));
        if (found < 0) expect(least).toBeGreaterThan(10);
        else expect(apart(all[found])).toBeCloseTo(least, 9);
      }),
    );
  });
});
