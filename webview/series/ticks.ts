import { formatNumber, textWidth } from './format.ts';

/** Ticks of axes. */

/**
 * Every `stride`-th of ..., 0.5, 1, 2, 5, 10, 20, ... in [low, high], counted from 1: 3 gives the powers of ten, 6 every
 * other one.
 */
const oneTwoFive = (low: number, high: number, stride: number): number[] => {
  const first = 3 * Math.floor(Math.log10(low));
  const last = 3 * Math.ceil(Math.log10(high)) + 2;
  const ticks: number[] = [];
  for (let place = Math.ceil(first / stride) * stride; place <= last; place += stride) {
    const decade = Math.floor(place / 3);
    const tick = Number(`${[1, 2, 5][place - 3 * decade]}e${decade}`);
    if (tick >= low && tick <= high) ticks.push(tick);
  }
  return ticks;
};

/** Whether the labels of a log axis with room for about `limit` of them have room. */
const haveRoom = (ticks: readonly number[], decades: number, limit: number): boolean =>
  ticks.every((tick, index) => index === 0 || Math.log10(tick / ticks[index - 1]) >= (0.6 * decades) / limit);

/** Linear ticks, about `count` of them, denser until there are two. */
const denserTicks = (low: number, high: number, count: number): number[][] =>
  Array.from({ length: count + 4 }, (_, more) => linearTicks(low, high, count + more)).filter(
    (ticks) => ticks.length > 1,
  );

/** Multiples of 1, 2 or 5 times a power of ten, about `count` of them, but at least two. */
export const roundTicks = (low: number, high: number, count: number): number[] =>
  denserTicks(low, high, count)[0] ?? linearTicks(low, high, count);

/** Round ticks within a decade of a log axis: at least two. */
const fewTicks = (low: number, high: number, limit: number): number[] => {
  const decades = Math.log10(high / low);
  const candidates = [...denserTicks(low, high, limit), oneTwoFive(low, high, 1)];
  const [first] = candidates;
  return (
    candidates.find((ticks) => ticks.length > 1 && haveRoom(ticks, decades, limit)) ?? [
      first[0],
      first[first.length - 1],
    ]
  );
};

/**
 * Ticks of a log axis with room for about `limit` of them, always two or more: 1, 2 and 5 times the powers of ten over
 * less than two decades, or three if there is room; powers of ten beyond; round steps within a decade.
 */
export const logTicks = (low: number, high: number, limit = 8): number[] => {
  if (!(high > low && low > 0)) return [low];
  const decades = Math.log10(high / low);
  if (decades < 3) {
    const dense = oneTwoFive(low, high, 1);
    if (dense.length < 3) return fewTicks(low, high, limit);
    if (haveRoom(dense, decades, limit)) return dense;
    // In a small panel: every other one, or only the powers.
    return oneTwoFive(low, high, decades < 2 ? 2 : 3);
  }
  let stride = 3;
  while (oneTwoFive(low, high, stride).length > limit + 1) stride += 3;
  return oneTwoFive(low, high, stride);
};

/** Multiples of 1, 2 or 5 times a power of ten in [low, high], about `count` of them. */
export const linearTicks = (low: number, high: number, count = 5): number[] => {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** power >= rough * 0.999) ?? 10;
  const exponent = factor === 10 ? power + 1 : power;
  const step = factor === 10 ? 1 : factor;
  const unit = 10 ** Math.abs(exponent);
  const ticks: number[] = [];
  const scaled = (value: number): number => (exponent < 0 ? value * unit : value / unit) / step;
  // Rounding up a value just below zero gives -0.
  const first = Math.ceil(scaled(low) - 1e-9) || 0;
  for (let index = first; index <= scaled(high) + 1e-9; index++) {
    // Dividing by a whole power of ten keeps 0.3 from becoming 0.30000000000000004.
    ticks.push(exponent < 0 ? (index * step) / unit : index * step * unit);
  }
  return ticks;
};

/** A number on an axis. */
export interface Tick {
  readonly position: number;
  readonly label: string;
}

export const numberTicks = (
  kind: 'linear' | 'log',
  domain: readonly [number, number],
  scale: (value: number) => number,
  count: number,
  format: (value: number) => string = formatNumber,
): Tick[] => {
  const values = (kind === 'log' ? logTicks : roundTicks)(domain[0], domain[1], count);
  return values.map((value) => ({ position: scale(value), label: format(value) }));
};

/** Px between two numbers below an axis. */
const NUMBER_GAP = 6;
/** Px that a number may leave the axis by. */
const NUMBER_OVERHANG = 8;

/** Numbers below an axis of `width` px, centred at their ticks: those that do not touch the one before, nor leave it. */
export const placeNumbers = (
  ticks: readonly Tick[],
  width: number,
  size: number,
): { readonly x: number; readonly label: string }[] => {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.flatMap(({ position, label }) => {
    const half = textWidth(label, size) / 2;
    const x = Math.min(position, width + NUMBER_OVERHANG - half);
    if (x - half < free) return [];
    free = x + half + NUMBER_GAP;
    return [{ x, label }];
  });
};
