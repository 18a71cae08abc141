import { describe, expect, it } from 'vitest';
import { inTurns } from '../../../extension/runs/inTurns.ts';
import { ThinnedMetrics } from '../../../extension/runs/thinnedMetrics.ts';

const metricAt = (step: number) => ({ step, epoch: step, loss: 1, learningRate: 1 });
const thinned = (count: number, most: number): number[] => {
  const metrics = new ThinnedMetrics(most);
  for (let step = 1; step <= count; step++) metrics.add(metricAt(step));
  return metrics.all.map(({ step }) => step);
};

describe('metrics for a curve', () => {
  it('are all there when they are few', () => {
    expect(thinned(0, 8)).toEqual([]);
    expect(thinned(7, 8)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('are evenly many, and the last, when they are many', () => {
    for (const count of [8, 9, 100, 1000, 12_345]) {
      const steps = thinned(count, 8);
      expect(steps.length).toBeLessThanOrEqual(9);
      expect(steps.length).toBeGreaterThanOrEqual(4);
      expect([steps[0], steps.at(-1)]).toEqual([1, count]);
      const gaps = steps.slice(1, -1).map((step, i) => step - steps[i]);
      expect(new Set(gaps).size).toBe(1);
    }
  });
});

describe('work in turns', () => {
  it('is done a few at a time, and answered in order', async () => {
    let [running, most] = [0, 0];
    const release: (() => void)[] = [];
    const work = async (item: number): Promise<number> => {
      running++;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
      return item * 2;
    };
    const all = inTurns([1, 2, 3, 4, 5], 2, work);
    for (let done = 0; done < 5; ) {
      const free = release.shift();
      if (free === undefined) await new Promise((resolve) => setImmediate(resolve));
      else {
        free();
        done++;
      }
    }
    expect(await all).toEqual([2, 4, 6, 8, 10]);
    expect(most).toBe(2);
    expect(await inTurns([], 2, work)).toEqual([]);
  });

  it('ends at the first failure', async () => {
    await expect(inTurns([1], 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
