import { describe, expect, it } from 'vitest';
import { minimise, type Objective } from '../../../src/inspect/probes/lbfgs.ts';
import { Lockstep } from '../../../src/inspect/probes/lockstep.ts';

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

describe('Lockstep', () => {
  const rounds: number[][] = [];
  const lockstep = () =>
    new Lockstep(2, async (points) => {
      rounds.push([...points.keys()]);
      // Parabolas about 1 and 2.
      return new Map(
        [...points].map(([k, [x]]) => [
          k,
          { value: (x - k - 1) ** 2, gradient: Float64Array.of(2 * (x - k - 1)) },
        ]),
      );
    });

  it('answers every minimiser, and goes on with those that are left', async () => {
    const together = lockstep();
    const starts = [1, 40];
    const found = await Promise.all(
      starts.map((start, k) =>
        minimise(together.objective(k), Float64Array.of(start), {
          gradientTolerance: 1e-9,
          maxIterations: 50,
        }).finally(() => together.finish(k)),
      ),
    );
    expect(found.map(({ point }) => point[0])).toEqual([1, expect.closeTo(2, 9)]);
    expect(rounds[0]).toEqual([0, 1]);
    expect(rounds.slice(1).every((asked) => asked.length === 1 && asked[0] === 1)).toBe(true);
  });

  it('passes a failure on to all who wait', async () => {
    const failing = new Lockstep(2, () => Promise.reject(new Error('out of memory')));
    const asked = [0, 1].map((k) => failing.objective(k)(Float64Array.of(0)));
    for (const each of asked) await expect(each).rejects.toThrow('out of memory');
  });
});
