import type { Measure } from '../protocol/index.ts';

/** A number in a table for a terminal: four significant digits, so that a column aligns. */
const significant = (value: number): string => {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
};

/** The value of a measure, or a dash if it has none. */
export const measureText = (measure: Measure | undefined): string =>
  measure === undefined || measure.value === null ? '-' : significant(measure.value);
