import { formatAligned, type Measure, type MeasureEntry, percentOf } from '../protocol/index.ts';

/** The value of a measure in a table for a terminal, or a dash if it has none. */
export const measureText = (measure: Measure | undefined, { unit }: Pick<MeasureEntry, 'unit'>): string => {
  if (measure === undefined || measure.value === null) return '-';
  if (unit === 'count') return String(measure.value);
  // The title has the percent sign.
  return unit === 'share' ? percentOf(measure.value) : formatAligned(measure.value);
};

/** What a title that is not its measure's name means, and which direction is better: `PR: participation ratio`. */
export const titleMeanings = (entries: readonly MeasureEntry[]): string[] =>
  entries.flatMap(({ label, terminal = '', better }) => {
    const named = terminal.toLowerCase() !== label.toLowerCase();
    const said = [
      ...(named ? [label.charAt(0).toLowerCase() + label.slice(1)] : []),
      ...(better === null ? [] : [`${better} is better`]),
    ];
    return said.length === 0 ? [] : [`${terminal}: ${said.join(', ')}`];
  });
