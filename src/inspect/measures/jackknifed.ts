import { openStream, permutation } from '../../data/index.ts';
import type { Measure } from '../../protocol/index.ts';
import { withError } from '../../spectrum/index.ts';
import { jackknifeError } from '../../statistics/index.ts';

/** Groups that are left out in turn. */
const GROUPS = 20;

/** Samples in random groups, each ascending; none when there are fewer than two for each group. */
export const jackknifeGroups = (samples: number): Int32Array[] => {
  if (samples < 2 * GROUPS) return [];
  const order = permutation(samples, openStream(0, 'jackknife'));
  return Array.from({ length: GROUPS }, (_, group) =>
    order.filter((_sample, at) => at % GROUPS === group).sort(),
  );
};

/** Samples times dimensions squared, beyond which the work is not repeated for every group. */
const LARGEST_WORK = 3e7;

/**
 * Measures of n samples in d dimensions, with intervals by a jackknife: they are measured again without each of 20 random
 * groups. `measure` gets the samples to measure, ascending. Without intervals when that takes too long, or when
 * there are fewer than two samples for each group. A measure that has an interval of its own keeps it.
 */
export const jackknifed = async <Found extends { readonly [Key in keyof Found]: Measure }>(
  { samples, dimensions }: { readonly samples: number; readonly dimensions: number },
  measure: (kept: Int32Array) => Promise<Found> | Found,
): Promise<Found> => {
  const all = Int32Array.from({ length: samples }, (_, sample) => sample);
  const whole = await measure(all);
  if (samples * dimensions ** 2 > LARGEST_WORK) return whole;
  const without: Found[] = [];
  for (const group of jackknifeGroups(samples)) {
    const left = new Set(group);
    without.push(await measure(all.filter((sample) => !left.has(sample))));
  }
  const found = { ...whole };
  for (const key of Object.keys(whole) as (keyof Found)[]) {
    if (whole[key].interval !== undefined) continue;
    const error = jackknifeError(without.map((each) => each[key].value));
    found[key] = withError(whole[key], error, [0, Number.POSITIVE_INFINITY]) as Found[keyof Found];
  }
  return found;
};
