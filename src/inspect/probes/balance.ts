/**
 * Weights with which every cell counts the same as a whole, however many samples it has: n / (K n_k) for a sample of a cell
 * with n_k of the n samples, K the number of cells. scikit-learn's `class_weight='balanced'`, for classes or for groups.
 */
export const balancedWeights = (cells: ArrayLike<string | number>): Float64Array => {
  const counts = new Map<string | number, number>();
  for (let at = 0; at < cells.length; at++) counts.set(cells[at], (counts.get(cells[at]) ?? 0) + 1);
  return Float64Array.from({ length: cells.length }, (_, at) => {
    return cells.length / (counts.size * counts.get(cells[at])!);
  });
};
