/** Numbers and names as printed in figures. */

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

/** An accuracy in [0, 1] as a percentage with one decimal. */
export const formatPercent = (fraction: number): string => `${(100 * fraction).toFixed(1)}\u00a0%`;

/** Both ends of an interval of accuracies: `90.0–92.4 %`. */
export const formatInterval = (interval: readonly [number, number]): string =>
  `${(100 * interval[0]).toFixed(1)}–${(100 * interval[1]).toFixed(1)}\u00a0%`;

const COUNTS = new Intl.NumberFormat('en-GB');

export const formatCount = (count: number): string => COUNTS.format(count);

/** A name cut in the middle to `limit` characters: so that the block and the layer at its end stay legible. */
export const shorten = (name: string, limit: number): string => {
  const characters = [...name];
  if (characters.length <= limit) return name;
  const head = Math.floor((limit - 1) / 3);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (limit - 1 - head)).join('')}`;
};

/** Upper bound of the width in px of `text` at `size` px, estimated for the system's sans serif. */
export const textWidth = (text: string, size: number): number => 0.62 * size * [...text].length;
