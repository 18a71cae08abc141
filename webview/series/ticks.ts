/** Ticks of axes. */

/** Powers of ten in [low, high], with 2 and 5 times them if they span fewer than three decades. */
export const logTicks = (low: number, high: number, limit = 8): number[] => {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const decades = Math.log10(high / low);
  const multiples = decades < 3 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / limit));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    if (decades >= 3 && exponent % stride !== 0) continue;
    for (const multiple of multiples) {
      const tick = Number(`${multiple}e${exponent}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
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
