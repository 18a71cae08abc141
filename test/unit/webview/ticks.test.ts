import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, formatPercent, formatRoundPercent, shorten } from '../../../webview/series/format.ts';
import { linearTicks, logTicks } from '../../../webview/series/ticks.ts';

describe('logTicks', () => {
  it('marks powers of ten over many decades', () => {
    expect(logTicks(1e-4, 1)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
  });

  it('adds 2 and 5 over few decades', () => {
    expect(logTicks(1, 100)).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(logTicks(0.3, 3)).toEqual([0.5, 1, 2]);
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
