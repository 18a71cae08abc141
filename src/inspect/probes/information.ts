import type { Estimate } from '../../protocol/index.ts';
import { normalInterval, standardErrorOf } from '../../statistics/index.ts';

/**
 * Usable information about the labels, in bits: H(Y) less the cross-entropy of a probe on samples that it was not fitted on,
 * which is the mean over samples of log2 (p(y_i | x_i) / p(y_i)) with p(y) the shares of the classes there. Negative when
 * the probe is worse than these shares. `losses` are -log2 p(y_i | x_i). Null below 2 samples, and when a label is of a
 * class that the probe does not know.
 * The interval is that of a mean over samples, for the probes of the folds on average over further samples (Bayle et al. 2020).
 * Source: Xu et al. 2020 (predictive V-information); Ethayarajh et al. 2022 for its parts by sample.
 */
export const usableInformation = (labels: Int32Array, losses: Float64Array): Estimate | null => {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const gains = losses.map((loss, i) => -Math.log2(counts.get(labels[i])! / labels.length) - loss);
  const error = standardErrorOf(gains);
  if (error === null) return null;
  const bits = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  return { value: bits, interval: normalInterval(bits, error) };
};
