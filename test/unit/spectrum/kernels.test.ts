import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cholesky,
  choleskySolve,
  type Matrix,
  matrix,
  numericalRank,
  rowOf,
  singularValues,
  singularValuesOfGram,
  squaredNorm,
  symmetricEigen,
  symmetricEigenvalues,
  transpose,
} from '../../../src/spectrum/index.ts';
import { multiply } from '../../../src/spectrum/product.ts';

interface Packed {
  rows: number;
  columns: number;
  data: number[];
}
const oracle = JSON.parse(readFileSync(new URL('./fixtures/spectra.json', import.meta.url), 'utf8'));
const unpack = ({ rows, columns, data }: Packed): Matrix => matrix(rows, columns, Float64Array.from(data));

function expectWithin(actual: Float64Array, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < actual.length; k++) {
    expect(Math.abs(actual[k] - expected[k]), `entry ${k}`).toBeLessThanOrEqual(tolerance);
  }
}

const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, columns }) =>
    fc
      .array(fc.double({ min: -100, max: 100, noNaN: true }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      // Entries whose square vanishes altogether have no norm to compare with.
      .map((data) =>
        matrix(
          rows,
          columns,
          Float64Array.from(data, (x) => (Math.abs(x) < 1e-140 ? 0 : x)),
        ),
      ),
  );

describe('singular values', () => {
  it.each<{ name: string; matrix: Packed; singularValues: number[] }>(oracle.general)(
    'of a matrix: $name, as numpy',
    ({ matrix: packed, singularValues: expected }) => {
      expectWithin(singularValues(unpack(packed)), expected, 1e-14 * expected[0]);
    },
  );

  it('keep the Frobenius norm', () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const values = singularValues(a);
        const sum = values.reduce((total, sigma) => total + sigma * sigma, 0);
        expect(Math.abs(sum - squaredNorm(a))).toBeLessThanOrEqual(1e-12 * squaredNorm(a));
      }),
    );
  });

  it('scale with the matrix and are those of its transpose', () => {
    fc.assert(
      fc.property(matrices, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, s) => {
        const values = singularValues(a);
        const scaledMatrix = matrix(
          a.rows,
          a.columns,
          a.data.map((entry) => -s * entry),
        );
        const tolerance = 1e-13 * (values[0] + Number.MIN_VALUE);
        expectWithin(
          singularValues(scaledMatrix),
          values.map((sigma) => s * sigma),
          s * tolerance,
        );
        expectWithin(singularValues(transpose(a)), values, tolerance);
      }),
    );
  });

  it('do not change under rotation', () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const { vectors } = symmetricEigen(multiply(a, transpose(a)));
        const values = singularValues(a);
        expectWithin(singularValues(multiply(vectors, a)), values, 1e-13 * values[0]);
      }),
    );
  });

  it('of the Gram matrix stay within the stated bound', () => {
    for (const { name, matrix: packed, singularValues: expected } of oracle.general) {
      if (name === 'huge' || name === 'tiny') continue;
      const a = unpack(packed);
      const { values, errorBounds } = singularValuesOfGram(multiply(transpose(a), a), a.rows);
      expect(values.length, name).toBe(expected.length);
      for (let k = 0; k < values.length; k++) {
        const slack = 1e-14 * expected[0];
        expect(Math.abs(values[k] - expected[k]), name).toBeLessThanOrEqual(errorBounds[k] + slack);
      }
    }
  });

  it('give the numerical rank', () => {
    const rank = (name: string) => {
      const { matrix: packed } = oracle.general.find((entry: { name: string }) => entry.name === name);
      return numericalRank(singularValues(unpack(packed)), Math.max(packed.rows, packed.columns));
    };
    expect([rank('rank 3'), rank('zero'), rank('zero column'), rank('tall')]).toEqual([3, 0, 3, 6]);
  });

  it('say where an entry is not finite', () => {
    const broken = matrix(2, 3, Float64Array.of(1, 2, 3, 4, Number.NaN, 6));
    expect(() => singularValues(broken)).toThrow(
      'entry [1, 1]: A 2 x 3 matrix holds NaN. Look for divergence',
    );
  });
});

describe('symmetric eigen-decomposition', () => {
  it.each<{ name: string; matrix: Packed; eigenvalues: number[] }>(oracle.symmetric)(
    'of a matrix: $name, as numpy, with orthonormal vectors',
    ({ matrix: packed, eigenvalues }) => {
      const a = unpack(packed);
      const largest = Math.max(...eigenvalues.map(Math.abs));
      const { values, vectors } = symmetricEigen(a);
      expectWithin(values, eigenvalues, 1e-14 * largest);
      expectWithin(symmetricEigenvalues(a), eigenvalues, 1e-14 * largest);
      const images = multiply(vectors, a);
      const products = multiply(vectors, transpose(vectors));
      for (let k = 0; k < a.rows; k++) {
        expectWithin(
          rowOf(images, k),
          rowOf(vectors, k).map((v) => values[k] * v),
          2e-14 * largest,
        );
        for (let j = 0; j < a.rows; j++) {
          expect(products.data[k * a.rows + j]).toBeCloseTo(k === j ? 1 : 0, 13);
        }
      }
    },
  );

  it('of an empty matrix is empty', () => {
    expect(symmetricEigen(matrix(0, 0)).values.length).toBe(0);
    expect(singularValues(matrix(0, 4)).length).toBe(0);
  });

  it('of the second difference matrix is its closed form at n = 120', () => {
    const n = 120;
    const a = matrix(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2;
      if (i > 0) {
        a.data[i * n + i - 1] = -1;
        a.data[(i - 1) * n + i] = -1;
      }
    }
    const expected = Float64Array.from(
      { length: n },
      (_, k) => 4 * Math.sin(((n - k) * Math.PI) / (2 * (n + 1))) ** 2,
    );
    expectWithin(symmetricEigenvalues(a), expected, 1e-13);
  });
});

describe('functions of a symmetric matrix', () => {
  const definite = unpack(oracle.definite.matrix);

  it('Cholesky factor and solution, as numpy; none for an indefinite matrix', () => {
    const factor = cholesky(definite);
    expect(factor).not.toBeNull();
    expectWithin(factor!.data, oracle.definite.cholesky, 1e-13);
    expectWithin(choleskySolve(factor!, Float64Array.of(0, 1, 2, 3, 4, 5)), oracle.definite.solution, 1e-12);
    expect(cholesky(matrix(2, 2, Float64Array.of(1, 2, 2, 1)))).toBeNull();
  });
});
