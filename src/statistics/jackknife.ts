/**
 * Standard error of a statistic from its values without each of g groups of samples in turn, the delete-a-group jackknife:
 * sqrt((g - 1) / g sum_k (t_k - mean t)^2). For statistics whose derivative along a sample has no short formula. Null
 * when one of the values is missing. Source: Efron and Tibshirani 1993, chapter 11; Kott 2001.
 */
export const jackknifeError = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  if (known.length < 2 || known.length < values.length) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((known.length - 1) / known.length) * squares);
};
