/**
 * P(|T| <= t) for Student's t with a whole number of degrees of freedom: the finite sums of Abramowitz and Stegun
 * (1964), 26.7.3 for odd and 26.7.4 for even degrees.
 */
export const withinT = (t: number, degrees: number): number => {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= ((power + 1) / (power + 2)) * cosine * cosine;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
};

/** The t that |T| exceeds with probability 1 - `level`; by bisection, to the last digits. */
export const tQuantile = (level: number, degrees: number): number => {
  let [low, high] = [0, 1];
  while (withinT(high, degrees) < level) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (withinT(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return high;
};
