/** Standard normal quantiles: of 0.95, for one-sided statements with 95 % confidence, and of 0.975, for two-sided ones. */
export const ONE_SIDED = 1.6448536269514722;
export const TWO_SIDED = 1.959963984540054;

/** Phi(z) of the standard normal, with |error| < 7.5e-8 (Abramowitz and Stegun 1964, 26.2.17). */
export const normalBelow = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = densityAt(z) * polynomial;
  return z < 0 ? tail : 1 - tail;
};

/** phi(z) of the standard normal. */
export const densityAt = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
