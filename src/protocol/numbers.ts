/** Numbers as they are printed everywhere: first for pages and VS Code, then in ASCII for the terminal and for notes. */

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const MINUS = '\u2212';

const superscript = (exponent: number): string =>
  (exponent < 0 ? '⁻' : '') +
  [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join('');

/** Sizes in this range are written without a power of ten. */
const isPlain = (size: number): boolean => size === 0 || (size >= 1e-3 && size < 1e5);

/** `value` to `digits` significant digits without trailing zeros; a power of ten outside [0.001, 100 000); `∞`. */
export const formatNumber = (value: number, digits = 4): string => {
  if (Number.isNaN(value)) return 'NaN';
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : '';
  if (size === Number.POSITIVE_INFINITY) return `${sign}∞`;
  if (isPlain(size)) return sign + String(Number(size.toPrecision(digits)));
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e');
  const power = `10${superscript(Number(exponent))}`;
  return sign + (Number(mantissa) === 1 ? power : `${Number(mantissa)}×${power}`);
};

/** A difference with its sign: `+0.5`. */
export const formatSigned = (value: number, digits = 4): string =>
  `${value > 0 ? '+' : ''}${formatNumber(value, digits)}`;

/** A share in [0, 1] in percent, without the sign, for columns that have it in their heading: `91.3`. */
export const percentOf = (share: number): string => (100 * share).toFixed(1);

/** A share in [0, 1] as a percentage: `91.3 %`, with a space that does not break. */
export const formatPercent = (share: number): string => `${percentOf(share)}\u00a0%`;

/** The same with as many decimals as it needs, for the numbers of an axis: `90 %`. */
export const formatRoundPercent = (share: number): string => `${formatNumber(100 * share)}\u00a0%`;

/** Progress in whole percent; `100 %` is the end, and never before it: `42 %`. */
export const formatProgress = (percent: number): string => `${Math.floor(percent)}\u00a0%`;

/** A share that can be tiny: one that is not zero is never shown as zero. */
export const formatShare = (share: number): string => {
  if (share === 0) return '0';
  return share < 0.0005 ? '< 0.1\u00a0%' : formatPercent(share);
};

/** Both ends of an interval of shares: `90.0–92.4 %`, or `-1.3 to 1.2 %`, since a dash before a minus is hard to read. */
export const formatInterval = ([low, high]: readonly [number, number]): string =>
  `${percentOf(low)}${low < 0 ? ' to ' : '–'}${formatPercent(high)}`;

const COUNTS = new Intl.NumberFormat('en-GB');

/** `2,000`. */
export const formatCount = (count: number): string => COUNTS.format(count);

/** Three digits and the step; rounded first, because 999,950 is 1 M, not 1000 k. */
const scaled = (count: number, steps: readonly string[], base = 1000): string => {
  let [rounded, step] = [count, 0];
  // 1024 is 1020 to three digits, but a whole step all the same.
  while (Math.max(rounded, Number(rounded.toPrecision(3))) >= base && step < steps.length - 1) {
    rounded /= base;
    step++;
  }
  return `${step === 0 ? count : Number(rounded.toPrecision(3))}${steps[step]}`;
};

/** A count of parameters to three digits, as is usual for models: `110 M`, `7.24 B`. */
export const formatScaled = (count: number): string => scaled(count, ['', ' k', ' M', ' B', ' T']);

/** A size in bytes, decimal: `438 MB`. */
export const formatBytes = (bytes: number): string =>
  scaled(bytes, [' B', ' kB', ' MB', ' GB', ' TB', ' PB']);

/** A size in bytes in the units of 1024 that limits of documents have: `4 MB`. */
export const formatBinaryBytes = (bytes: number): string =>
  scaled(bytes, [' B', ' KB', ' MB', ' GB', ' TB'], 1024);

/** A number with all of its `digits`, in ASCII, so that a column aligns: `12.30`, `1.23e-5`. */
export const formatAligned = (value: number, digits = 4): string => {
  if (value === 0) return '0';
  if (!isPlain(Math.abs(value))) return value.toExponential(digits - 2);
  const text = value.toPrecision(digits);
  return text.includes('e') ? String(Number(text)) : text;
};

/** A number with the same decimals in every cell, in ASCII: `0.8165`. */
export const formatFixed = (value: number, decimals: number): string => value.toFixed(decimals);

/** A bound, whose size alone matters, in ASCII: `1.2e-10`. */
export const formatBound = (value: number): string => value.toExponential(1).replace('e+', 'e');
