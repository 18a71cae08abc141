import { formatBound, type Measure } from '../protocol/index.ts';
import { type Bounds, normalInterval } from '../statistics/index.ts';

/** A value, with a caution about it if there is one. A number that is not finite is a failed fit. */
export function measured(value: number, caution?: string): Measure {
  if (!Number.isFinite(value)) return unmeasured(caution ?? 'the result is not a finite number');
  return caution === undefined ? { value } : { value, note: caution };
}

/** A value that is only known to exceed `bound`, and why. */
export function exceeding(bound: number, why: string): Measure {
  if (!Number.isFinite(bound)) return unmeasured(why);
  return { value: null, note: `> ${formatBound(bound)}: ${why}`, above: bound };
}

/** No value, and why. */
export const unmeasured = (why: string): Measure => ({ value: null, note: why });

/** The same measure with an additional caution beside its value. */
export const cautioned = (measure: Measure, caution: string | undefined): Measure => {
  if (measure.value === null || caution === undefined) return measure;
  return { ...measure, note: measure.note === undefined ? caution : `${measure.note}; ${caution}` };
};

/** The same measure with its 95 % interval within `bounds`; as it was when its standard error is not known. */
export const withError = (measure: Measure, error: number | null, bounds?: Bounds): Measure =>
  measure.value === null || error === null
    ? measure
    : { ...measure, interval: normalInterval(measure.value, error, bounds) };

/**
 * The caution beside a rank-like number of n samples in d dimensions: it cannot exceed min(n, d) (n - 1 when
 * centred), and is biased downwards below about 10 d samples. Undefined if there is no caution.
 */
export function sampleCaution(samples: number, dimensions: number): string | undefined {
  if (samples < dimensions) return `capped by ${samples} samples in ${dimensions} dimensions`;
  if (samples < 10 * dimensions) return `${samples} samples for ${dimensions} dimensions, fewer than 10 each`;
  return undefined;
}
