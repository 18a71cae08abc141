import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Metric } from '../../../src/protocol/index.ts';
import { createPacedLine } from '../../../webview/figures/pacedLine.ts';
import { nearestMetric, stepOfEpoch, valueRange } from '../../../webview/series/training.ts';

const at = (step: number, epoch = step / 10): Metric => ({ step, epoch, loss: 1, learningRate: 0.1 });

describe('nearestMetric', () => {
  it('finds the nearest step, the earlier of two as near, and the ends beyond them', () => {
    const metrics = [at(10), at(20), at(40)];
    expect([0, 10, 14, 15, 16, 29, 31, 99].map((step) => nearestMetric(metrics, step))).toEqual([
      0, 0, 0, 0, 1, 1, 2, 2,
    ]);
    expect(nearestMetric([], 5)).toBe(-1);
  });

  it('agrees with a search through all of them', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: -10, max: 510 }), (unsorted, step) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        const distances = sorted.map((one) => Math.abs(one - step));
        const metrics = sorted.map((one) => at(one));
        expect(nearestMetric(metrics, step)).toBe(distances.indexOf(Math.min(...distances)));
      }),
    );
  });
});

describe('stepOfEpoch', () => {
  it('counts the steps of an epoch from the latest metric', () => {
    expect(stepOfEpoch([at(39, 1), at(78, 2)], 5)).toBe(195);
    expect(stepOfEpoch([at(39, 1)], 0)).toBe(0);
  });

  it('knows nothing without metrics or before the first epoch counts', () => {
    expect(stepOfEpoch([], 1)).toBeNull();
    expect(stepOfEpoch([at(1, 0)], 1)).toBeNull();
  });
});

describe('valueRange', () => {
  it('holds all values, and zero when asked', () => {
    expect(
      valueRange(
        [
          [1, 3],
          [2, 8],
        ],
        false,
      ),
    ).toEqual([3, 8]);
    expect(
      valueRange(
        [
          [1, 3],
          [2, 8],
        ],
        true,
      ),
    ).toEqual([0, 8]);
  });

  it('is never empty: one value lies in the middle', () => {
    expect(valueRange([[1, 4]], false)).toEqual([2, 6]);
    expect(valueRange([[1, 0]], false)).toEqual([-1, 1]);
    expect(valueRange([[1, 0]], true)).toEqual([0, 1]);
  });
});

describe('createPacedLine', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets the first line through and the last of those that follow after the interval', () => {
    const heard: string[] = [];
    const paced = createPacedLine((line) => heard.push(line), 1000);
    paced.offer('a');
    paced.offer('b');
    paced.offer('c');
    expect(heard).toEqual(['a']);
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual(['a', 'c']);
    vi.advanceTimersByTime(5000);
    paced.offer('d');
    expect(heard).toEqual(['a', 'c', 'd']);
  });

  it('shows what was asked for at once, in place of what waits', () => {
    const heard: string[] = [];
    const paced = createPacedLine((line) => heard.push(line), 1000);
    paced.offer('a');
    paced.offer('b');
    paced.show('now');
    vi.advanceTimersByTime(5000);
    expect(heard).toEqual(['a', 'now']);
  });

  it('is silent once stopped', () => {
    const heard: string[] = [];
    const paced = createPacedLine((line) => heard.push(line), 1000);
    paced.offer('a');
    paced.offer('b');
    paced.stop();
    vi.advanceTimersByTime(5000);
    expect(heard).toEqual(['a']);
  });
});
