import { describe, expect, it } from 'vitest';
import {
  formatAligned,
  formatBinaryBytes,
  formatBound,
  formatBytes,
  formatFixed,
  formatNumber,
  formatProgress,
  formatRoundPercent,
  formatScaled,
} from '../../../src/protocol/index.ts';

describe('a number in a page', () => {
  it.each([
    [12.3456, 3, '12.3'],
    [4, 3, '4'],
    [99_999, 3, '100000'],
    [Number.POSITIVE_INFINITY, 4, '∞'],
    [Number.NEGATIVE_INFINITY, 4, '−∞'],
    [Number.NaN, 4, 'NaN'],
  ])('%d to %d digits is %s', (value, digits, text) => expect(formatNumber(value, digits)).toBe(text));

  it('as a whole percentage never shows an end that is not reached', () => {
    expect(formatProgress(99.9)).toBe('99\u00a0%');
    expect(formatProgress(100)).toBe('100\u00a0%');
    expect(formatRoundPercent(0.125)).toBe('12.5\u00a0%');
  });

  it('with a unit has three digits, and the next unit from where they round to it', () => {
    expect([999_499, 999_500].map(formatScaled)).toEqual(['999 k', '1 M']);
    expect([999, 1000, 1_000_000, 7.24e15].map(formatBytes)).toEqual(['999 B', '1 kB', '1 MB', '7.24 PB']);
    expect([64 * 1024, 4 * 1024 ** 2, 472 * 1024 ** 2, 1000].map(formatBinaryBytes)).toEqual([
      '64 KB',
      '4 MB',
      '472 MB',
      '1000 B',
    ]);
    expect([1023, 1024, 1024 ** 2 - 1, 1024 ** 2, 1024 ** 3].map(formatBinaryBytes)).toEqual([
      '1023 B',
      '1 KB',
      '1020 KB',
      '1 MB',
      '1 GB',
    ]);
  });
});

describe('a number in the terminal', () => {
  it.each([
    [0, '0'],
    [1.5, '1.500'],
    [123.44, '123.4'],
    // Four digits of it would be 1.234e+4.
    [12_344, '12340'],
    [-0.0012, '-0.001200'],
    [123_456, '1.23e+5'],
    [1e-7, '1.00e-7'],
  ])('%d is %s', (value, text) => expect(formatAligned(value)).toBe(text));

  it('has the digits, the decimals or the size that is asked for', () => {
    expect(formatAligned(5.54, 5)).toBe('5.5400');
    expect(formatFixed(2 / 3, 4)).toBe('0.6667');
    expect([4.5e12, 1.23e-10].map(formatBound)).toEqual(['4.5e12', '1.2e-10']);
  });
});
