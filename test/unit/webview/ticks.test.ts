import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, formatPercent, formatRoundPercent, shorten } from '../../../webview/series/format.ts';
import { linearTicks, logTicks, placeNumbers, roundTicks } from '../../../webview/series/ticks.ts';

describe('logTicks', () => {
  it('marks powers of ten over many decades', () => {
    expect(logTicks(1e-4, 1)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
  });

  it('adds 2 and 5 over few decades', () => {
    expect(logTicks(1, 100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(0.3, 3)).toEqual([0.5, 1, 2]);
    expect(logTicks(1, 784, 7)).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500]);
    expect(logTicks(0.02, 0.9, 7)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5]);
    expect(logTicks(3e-4, 4e-3)).toEqual([5e-4, 1e-3, 2e-3]);
  });

  it('has round steps within a decade, and never one tick alone', () => {
    expect(logTicks(0.9, 1.1)).toEqual([0.9, 0.95, 1, 1.05, 1.1]);
    expect(logTicks(0.9, 1.1, 3)).toEqual([0.9, 1, 1.1]);
    expect(logTicks(2, 4, 3)).toEqual([2, 3, 4]);
    expect(logTicks(1.5, 6, 5)).toEqual([2, 3, 4, 5, 6]);
    // 10 alone would be the only multiple of 10, and 5, 10, 15 too close at the end.
    expect(logTicks(2.01, 19.9, 3)).toEqual([5, 10]);
    // Two powers of ten, of which every other one is 0.01.
    expect(logTicks(2e-4, 0.9, 3)).toEqual([1e-3, 1e-2, 0.1]);
  });

  it('leaves out 2 and 5, or every other step, where there is little room', () => {
    expect(logTicks(1, 800, 4)).toEqual([1, 10, 100]);
    expect(logTicks(1, 64, 3)).toEqual([1, 5, 20]);
    expect(logTicks(1, 20, 3)).toEqual([1, 2, 5, 10, 20]);
  });

  it('has two or more ticks in the range, in order, whatever the range and the room', () => {
    const range = fc.tuple(
      fc.double({ min: -9, max: 6, noNaN: true }),
      fc.double({ min: 0.01, max: 12, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 3, max: 8 }), ([from, decades], limit) => {
        const [low, high] = [10 ** from, 10 ** (from + decades)];
        const ticks = logTicks(low, high, limit);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks[0]).toBeGreaterThanOrEqual(low * (1 - 1e-9));
        expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(high * (1 + 1e-9));
        // A panel has about 19 px for each of `limit` ticks; a label is 11 px high.
        const gaps = ticks
          .slice(1)
          .map((tick, index) => (19.4 * limit * Math.log10(tick / ticks[index])) / decades);
        for (const gap of gaps) expect(gap).toBeGreaterThan(11);
      }),
    );
  });

  it('ends without a range', () => {
    expect(logTicks(5, 5)).toEqual([5]);
    expect(logTicks(0, 5)).toEqual([0]);
  });

  it('leaves powers out when there are more than the limit', () => {
    expect(logTicks(1e-12, 1, 4)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
  });
});

describe('linearTicks', () => {
  it('marks round numbers, exactly', () => {
    expect(linearTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(linearTicks(0, 784, 4)).toEqual([0, 200, 400, 600]);
    expect(linearTicks(5, 5)).toEqual([5]);
  });

  it('stays inside the range with equal steps of 1, 2 or 5 times a power of ten', () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 10 }), ([low, span], count) => {
        const ticks = linearTicks(low, low + span, count);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * span);
          expect(tick).toBeLessThanOrEqual(low + span * (1 + 1e-6));
        }
        const step = ticks[1] - ticks[0];
        if (ticks.length < 2) return;
        const mantissa = Number(step.toExponential(4).split('e')[0]);
        expect([1, 2, 5, 10].some((round) => Math.abs(mantissa - round) < 1e-2)).toBe(true);
      }),
    );
  });
});

describe('roundTicks', () => {
  it('is denser where there would be one tick', () => {
    expect(linearTicks(1, 8, 3)).toEqual([5]);
    expect(roundTicks(1, 8, 3)).toEqual([2, 4, 6, 8]);
    expect(roundTicks(0, 1, 5)).toEqual(linearTicks(0, 1, 5));
    expect(roundTicks(5, 5, 3)).toEqual([5]);
  });
});

describe('placeNumbers', () => {
  const ticks = (...positions: readonly number[]) => positions.map((position) => ({ position, label: '10' }));

  it('leaves out a number that would touch the one before', () => {
    // A number of two letters is 13.64 px wide at most, and 6 px are free between two.
    expect(placeNumbers(ticks(0, 19, 20, 100), 300, 11).map(({ x }) => x)).toEqual([0, 20, 100]);
  });

  it('moves the last one so that it leaves the axis by 8 px at most', () => {
    const [last] = placeNumbers([{ position: 300, label: '10000' }], 300, 11);
    expect(last.x + (5 * 0.62 * 11) / 2).toBeCloseTo(308, 9);
  });
});

describe('format', () => {
  it('prints four significant digits, and powers of ten outside the plain range', () => {
    expect(formatNumber(0)).toBe('0');
    expect(formatNumber(0.98361)).toBe('0.9836');
    expect(formatNumber(-2.5)).toBe('−2.5');
    expect(formatNumber(0.0001)).toBe('10⁻⁴');
    expect(formatNumber(2.43e-7)).toBe('2.43×10⁻⁷');
    expect(formatNumber(123_456)).toBe('1.235×10⁵');
  });

  it('prints an accuracy as a percentage that does not break', () => {
    expect([0.9, 0.58, 0.975, 1].map(formatRoundPercent)).toEqual(
      ['90', '58', '97.5', '100'].map((number) => `${number}\u00a0%`),
    );
    expect(formatPercent(0.9134)).toBe('91.3\u00a0%');
  });

  it('shortens in the middle and keeps the end, which tells layers apart', () => {
    expect(shorten('encoder.conv1', 20)).toBe('encoder.conv1');
    const short = shorten('encoder.layer4.block1.conv2', 16);
    expect(short).toBe('encod…ock1.conv2');
    expect([...short]).toHaveLength(16);
  });
});
