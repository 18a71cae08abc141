/** Numbers as they are printed everywhere; tables in a terminal align their own (`src/cli/measureText.ts`). */

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MINUS = '\u2212';

const superscript = (exponent: number): string =>
  (exponent < 0 ? '⁻' : '') +
  [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join('');

/** `value` to `digits` significant digits without trailing zeros; a power of ten outside [0.001, 100 000). */
export const formatNumber = (value: number, digits = 4): string => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size >= 1e-3 && size < 1e5) return sign + String(Number(size.toPrecision(digits)));
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
  const power = `10${superscript(Number(exponent))}`;
  return sign + (Number(mantissa) === 1 ? power : `${Number(mantissa)}×${power}`);
};

/** A share in [0, 1] in percent, without the sign, for columns that have it in their heading: `91.3`. */
export const percentOf = (share: number): string => (100 * share).toFixed(1);

/** A share in [0, 1] as a percentage: `91.3 %`, with a space that does not break. */
export const formatPercent = (share: number): string => `${percentOf(share)}\u00a0%`;

/** The same with as many decimals as it needs, for the numbers of an axis: `90 %`. */
export const formatRoundPercent = (share: number): string => `${formatNumber(100 * share)}\u00a0%`;

/** Both ends of an interval of shares: `90.0–92.4 %`. */
export const formatInterval = (interval: readonly [number, number]): string =>
  `${percentOf(interval[0])}–${formatPercent(interval[1])}`;

const COUNTS = new Intl.NumberFormat('en-GB');

/** `2,000`. */
export const formatCount = (count: number): string => COUNTS.format(count);

/** Three digits and the thousands; rounded first, because 999,950 is 1 M, not 1000 k. */
const scaled = (count: number, steps: readonly string[]): string => {
  if (count < 1000) return `${count}${steps[0]}`;
  const rounded = Number(count.toPrecision(3));
  const step = Math.min(steps.length - 1, Math.floor(Math.log10(rounded) / 3));
  return `${Number((rounded / 1000 ** step).toPrecision(3))}${steps[step]}`;
};

/** A count of parameters to three digits, as is usual for models: `110 M`, `7.24 B`. */
export const formatScaled = (count: number): string => scaled(count, ['', ' k', ' M', ' B', ' T']);

/** A size in bytes, decimal: `438 MB`. */
export const formatBytes = (bytes: number): string =>
  scaled(bytes, [' B', ' kB', ' MB', ' GB', ' TB', ' PB']);
