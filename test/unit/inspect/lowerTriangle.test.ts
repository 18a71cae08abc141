import { afterAll, describe, expect, it } from 'vitest';
import { invertLower } from '../../../src/inspect/algebra/lowerTriangle.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { matrix } from '../../../src/spectrum/index.ts';

const products = new Products(await openBackend('native', { threads: 1 }));
afterAll(() => products.dispose());

describe('invertLower', () => {
  it('inverts a lower triangle', async () => {
    const inverse = await invertLower(products, {
      rows: 3,
      columns: 3,
      data: Float64Array.of(2, 0, 0, 6, 4, 0, 2, 2, 1),
    });
    [0.5, 0, 0, -0.75, 0.25, 0, 0.5, -0.5, 1].forEach((value, i) => {
      expect(inverse.data[i]).toBeCloseTo(value, 12);
    });
  });

  it('inverts one that is split in halves: sums and differences', async () => {
    // The triangle of ones computes sums; its inverse computes differences.
    const n = 451;
    const ones = matrix(n, n);
    for (let i = 0; i < n; i++) ones.data.fill(1, i * n, i * n + i + 1);
    const { data } = await invertLower(products, ones);
    data.forEach((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      if (Math.abs(value - (i === j ? 1 : i === j + 1 ? -1 : 0)) > 1e-9)
        expect.fail(`${value} at ${i}, ${j}`);
    });
  });
});
