import type { Measure } from '../protocol/index.ts';
import { measured } from '../spectrum/index.ts';

/** The same measure with an additional caution beside its value. */
export const cautioned = (measure: Measure, caution: string | undefined): Measure => {
  if (measure.value === null || caution === undefined) return measure;
  return measured(measure.value, measure.note === undefined ? caution : `${measure.note}; ${caution}`);
};
