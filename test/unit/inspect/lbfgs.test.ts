import { describe, expect, it } from 'vitest';
import { cholesky, invertLower, solveCholesky } from '../../../src/inspect/cholesky.ts';
import { minimise, type Objective } from '../../../src/inspect/lbfgs.ts';

const rosenbrock: Objective = async ([x, y]) => ({
  value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
});

describe('minimise', () => {
  it('reaches the minimum of the Rosenbrock function', async () => {
    const found = await minimise(rosenbrock, Float64Array.of(-1.2, 1), {
      gradientTolerance: 1e-10,
      maxIterations: 200,
    });
    expect(found.converged).toBe(true);
    expect(found.point[0]).toBeCloseTo(1, 8);
    expect(found.point[1]).toBeCloseTo(1, 8);
  });

  it('says when the iterations ran out', async () => {
    const found = await minimise(rosenbrock, Float64Array.of(-1.2, 1), {
      gradientTolerance: 1e-10,
      maxIterations: 3,
    });
    expect(found.converged).toBe(false);
  });

  it('stops when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    const options = { gradientTolerance: 1e-10, maxIterations: 3, signal };
    await expect(minimise(rosenbrock, Float64Array.of(-1.2, 1), options)).rejects.toThrow(/abort/i);
  });
});

describe('cholesky', () => {
  it('factors and solves a system whose solution is known', () => {
    const a = Float64Array.of(4, 2, -2, 2, 10, 5, -2, 5, 14);
    const l = cholesky(a, 3)!;
    const b = Float64Array.of(4 + 4 - 6, 8, 2 + 20 + 15, 4, -2 + 10 + 42, -4);
    // Columns: A [1, 2, 3] and A [2, 0, 0].
    solveCholesky(l, 3, b, 2);
    [1, 2, 2, 0, 3, 0].forEach((value, i) => {
      expect(b[i]).toBeCloseTo(value, 12);
    });
  });

  it('inverts a lower triangle', () => {
    [0.5, 0, 0, -0.75, 0.25, 0, 0.5, -0.5, 1].forEach((value, i) => {
      expect(invertLower(Float64Array.of(2, 0, 0, 6, 4, 0, 2, 2, 1), 3)[i]).toBeCloseTo(value, 12);
    });
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
});
