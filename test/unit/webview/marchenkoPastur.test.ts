import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSpectrum, shareAbove } from '../../../webview/series/marchenkoPastur.ts';
import { countAbove, randomBaseline } from '../../../webview/series/randomBaseline.ts';
import { spectrumTable } from '../../../webview/series/spectrumTable.ts';
import { inventedImageReport, inventedTheoryReport } from './inventedReport.ts';

const spectrum = (rows: number, columns: number, norm: number) => {
  const random = randomSpectrum(rows, columns, norm);
  if (!random) throw new Error('no spectrum');
  return random;
};

describe('shareAbove', () => {
  /**
   * The density itself, integrated over lambda:
   *   lp, lm = (1 + q**.5)**2, (1 - q**.5)**2
   *   scipy.integrate.quad(lambda l: np.sqrt((lp - l) * (l - lm)) / (2 * np.pi * q * l), 1 + q + 2 * q**.5 * np.cos(theta), lp)
   */
  it.each([
    [0.04, 0.3, 0.003937176672],
    [0.04, 1, 0.1305581534841736],
    [0.04, 3, 0.9990660269397859],
    [0.25, 2, 0.5554152633487853],
    [0.7, 1, 0.05975631218183391],
    [0.7, 3, 0.983412374613691],
    [1, 2, 0.34718141192748525],
    [1, 3, 0.91000976484758],
  ])('is the integral of the density: q = %f, theta = %f', (q, theta, share) => {
    expect(shareAbove(theta, q)).toBeCloseTo(share, 10);
  });

  it('is (theta - sin theta) / pi for a square matrix', () => {
    for (const theta of [0, 0.5, 1.5, 2.5, Math.PI]) {
      expect(shareAbove(theta, 1)).toBeCloseTo((theta - Math.sin(theta)) / Math.PI, 12);
    }
  });

  it('rises from 0 to 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1, noNaN: true }), (q) => {
        const shares = Array.from({ length: 41 }, (_, index) => shareAbove((Math.PI * index) / 40, q));
        expect(shares[0]).toBe(0);
        expect(shares[40]).toBe(1);
        for (let i = 1; i <= 40; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1] - 1e-11);
      }),
    );
  });
});

describe('randomSpectrum', () => {
  /**
   * Means over 200 draws of numpy's singular values of noise with Frobenius norm 10:
   *   r = np.random.default_rng(0)
   *   x = r.standard_normal((n, d)); s = np.linalg.svd(x * 10 / np.linalg.norm(x), compute_uv=False)
   */
  it.each([
    [200, 50, [1, 2, 12, 25, 37, 49, 50], [2.0798, 2.0179, 1.6791, 1.3636, 1.0945, 0.7792, 0.7363]],
    [50, 200, [1, 2, 12, 25, 37, 49, 50], [2.08, 2.0137, 1.6802, 1.3632, 1.0935, 0.7786, 0.734]],
    [100, 100, [1, 2, 25, 50, 75], [1.9623, 1.8995, 1.2798, 0.8145, 0.3992]],
    [2000, 10, [1, 2, 5, 7, 9, 10], [3.3477, 3.2952, 3.1763, 3.1047, 3.0263, 2.9751]],
  ])('is near what numpy finds in %i x %i noise', (rows, columns, ks, means) => {
    const random = spectrum(rows, columns, 10);
    ks.forEach((k, index) => {
      expect(Math.abs(random.value(k) / means[index] - 1)).toBeLessThan(0.02);
    });
  });

  /** The same with x - x.mean(0): centring 40 x 100 leaves 39 values, 60 x 59 keeps all. */
  it.each([
    [39, 100, [1, 10, 20, 30, 39], [2.5218, 1.9318, 1.493, 1.0818, 0.6441]],
    [59, 59, [1, 14, 29, 44], [2.5274, 1.7087, 1.0849, 0.5332]],
  ])('is near centred noise with a row less, %i x %i', (rows, columns, ks, means) => {
    const random = spectrum(rows, columns, 10);
    ks.forEach((k, index) => {
      expect(Math.abs(random.value(k) / means[index] - 1)).toBeLessThan(0.03);
    });
  });

  it('ends at s (sqrt(n) +- sqrt(d)), s the deviation of the entries, whichever side is longer', () => {
    // 400 x 100 entries of deviation 0.5 have norm 0.5 * 200.
    for (const random of [spectrum(400, 100, 100), spectrum(100, 400, 100)]) {
      expect(random.upperEdge).toBeCloseTo(0.5 * (20 + 10), 12);
      expect(random.lowerEdge).toBeCloseTo(0.5 * (20 - 10), 12);
      expect(random.count).toBe(100);
    }
    expect(spectrum(50, 50, 3).lowerEdge).toBe(0);
  });

  it('descends between its edges and keeps the norm', () => {
    const size = fc.integer({ min: 20, max: 300 });
    fc.assert(
      fc.property(size, size, fc.double({ min: 0.01, max: 1e4, noNaN: true }), (rows, columns, norm) => {
        const random = spectrum(rows, columns, norm);
        const values = Array.from({ length: random.count }, (_, k) => random.value(k + 1));
        values.forEach((value, index) => {
          expect(value).toBeLessThanOrEqual(random.upperEdge);
          expect(value).toBeGreaterThanOrEqual(random.lowerEdge);
          if (index > 0) expect(value).toBeLessThanOrEqual(values[index - 1]);
        });
        const energy = values.reduce((sum, value) => sum + value * value, 0);
        expect(Math.abs(energy / norm ** 2 - 1)).toBeLessThan(0.01);
      }),
      { numRuns: 30 },
    );
  });

  it('is nothing without entries or energy', () => {
    expect(randomSpectrum(0, 5, 1)).toBeNull();
    expect(randomSpectrum(5, 5, 0)).toBeNull();
  });
});

describe('randomBaseline', () => {
  const [layer] = inventedImageReport().analysis.layers;

  it('has the shape and the norm of the layer', () => {
    const shaped = {
      ...layer,
      samples: 400,
      dimensions: 100,
      singularValues: [80, 60],
      centredSingularValues: [],
    };
    expect(randomBaseline(shaped, 'uncentred')?.upperEdge).toBeCloseTo(15, 12);
  });

  it('counts a sample less for a centred layer', () => {
    const shaped = { ...layer, samples: 40, dimensions: 100, centredSingularValues: [10] };
    expect(randomBaseline(shaped, 'centred')?.count).toBe(39);
  });

  it('is nothing for exact moments and view correlations', () => {
    expect(randomBaseline({ ...layer, samples: 0 }, 'uncentred')).toBeNull();
    expect(randomBaseline(layer, 'view-correlation')).toBeNull();
  });

  it('is a column of the table when it is shown, as long as the noise has values', () => {
    const { analysis } = inventedTheoryReport();
    const layers = analysis.layers.slice(0, 1).map((one) => ({ ...one, samples: 4 }));
    const { columns, rows } = spectrumTable({ ...analysis, layers }, 'centred', true);
    expect(columns[4]).toBe('random baseline');
    expect(rows.map((row) => typeof row[4])).toEqual(['number', 'number', 'number', 'object', 'object']);
    expect(spectrumTable(analysis, 'centred').columns).toHaveLength(4);
  });
});

describe('countAbove', () => {
  it('counts the leading values strictly above the edge', () => {
    expect(countAbove([5, 3, 3, 1], 3)).toBe(1);
    expect(countAbove([5, 4], 3)).toBe(2);
    expect(countAbove([], 3)).toBe(0);
  });
});
