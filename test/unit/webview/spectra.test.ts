import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cumulativeEnergy,
  defaultKind,
  normalised,
  pixelIndices,
  valuesForEnergy,
} from '../../../webview/series/spectra.ts';
import { spectrumTable } from '../../../webview/series/spectrumTable.ts';
import { inventedImageReport } from './inventedReport.ts';

describe('cumulativeEnergy', () => {
  it('is (1 - q^2k) / (1 - q^2d) for a geometric spectrum', () => {
    const [q, d] = [0.8, 12];
    const energy = cumulativeEnergy(Array.from({ length: d }, (_, k) => 3 * q ** k));
    energy.forEach((share, k) => {
      expect(share).toBeCloseTo((1 - q ** (2 * (k + 1))) / (1 - q ** (2 * d)), 12);
    });
  });

  it('weighs the square of a value: 3, 4 hold 9 and 25 parts of 25', () => {
    expect(cumulativeEnergy([4, 3])).toEqual([16 / 25, 1]);
  });

  it('has nothing to say of a zero spectrum', () => {
    expect(cumulativeEnergy([0, 0])).toEqual([]);
    expect(valuesForEnergy([0, 0], 0.9)).toBeNull();
  });

  it('finds how many equal values hold nine tenths', () => {
    expect(valuesForEnergy(new Array(100).fill(2), 0.9)).toBe(90);
    expect(valuesForEnergy([100, 1, 1], 0.9)).toBe(1);
  });
});

describe('normalised', () => {
  it('divides by the first value and leaves zeros alone', () => {
    expect(normalised([8, 4, 2])).toEqual([1, 0.5, 0.25]);
    expect(normalised([0, 0])).toEqual([0, 0]);
  });
});

describe('pixelIndices', () => {
  it('keeps both ends, keeps the order and leaves no gap above a pixel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 900 }), (count, width) => {
        const position = (index: number): number => (width * Math.log(index + 1)) / Math.log(count + 1);
        const kept = pixelIndices(count, position);
        expect(kept[0]).toBe(0);
        expect(kept[kept.length - 1]).toBe(count - 1);
        for (let i = 1; i < kept.length; i++) {
          expect(kept[i]).toBeGreaterThan(kept[i - 1]);
          // Omitted neighbours are within half a pixel of the previous kept one.
          if (kept[i] - kept[i - 1] > 1) {
            expect(position(kept[i] - 1) - position(kept[i - 1])).toBeLessThan(0.5);
          }
        }
      }),
    );
  });
});

describe('defaultKind', () => {
  const { layers } = inventedImageReport().analysis;

  it('is centred, where the analysis has centred values', () => {
    expect(defaultKind(layers)).toBe('centred');
    expect(defaultKind(layers.map((layer) => ({ ...layer, centredSingularValues: [] })))).toBe('uncentred');
  });
});

describe('spectrumTable', () => {
  it('holds every singular value of the document, unrounded', () => {
    const { analysis } = inventedImageReport();
    const { columns, rows } = spectrumTable(analysis, 'centred');
    expect(columns[2]).toBe('centred singular value');
    const byLayer = analysis.layers.map((layer) =>
      rows.filter(([name]) => name === layer.name).map(([, , value]) => value),
    );
    expect(byLayer).toEqual(analysis.layers.map((layer) => layer.centredSingularValues));
  });
});
