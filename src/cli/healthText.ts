import { type CheckpointHealth, healthWords } from '../layers/index.ts';
import type { Severity } from '../protocol/index.ts';
import { visible } from '../protocol/index.ts';

/** Number of tensors that are named, by severity. */
const NAMED: Readonly<Record<Severity, number>> = { error: 20, warning: 20, note: 5 };

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** How many tensors are sick, in one line, and what is wrong with each by its name: the first of each severity. */
export const healthLines = (health: CheckpointHealth): string[] => {
  const { tensors, sick, findings } = health;
  if (tensors === 0) return [];
  const of = (severity: Severity) => findings.filter((each) => each.severity === severity);
  const [errors, warnings, notes] = [of('error'), of('warning'), of('note')];
  const kinds = [
    ...(errors.length > 0 ? [counted(errors.length, 'with an error', 'with errors')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'with a warning', 'with warnings')] : []),
  ];
  const noted = notes.length > 0 ? `; ${counted(notes.length, 'note', 'notes')}` : '';
  const why = kinds.length > 0 ? ` (${kinds.join(', ')})` : '';
  const are = sick === 0 ? 'none' : String(sick);
  const head = `${are} of ${counted(tensors, 'tensor', 'tensors')} ${sick === 1 ? 'is' : 'are'} sick${why}${noted}`;
  const lines = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = of(severity);
    const more = found.length - NAMED[severity];
    return [
      ...found
        .slice(0, NAMED[severity])
        .map((each) => `  ${severity.padEnd(7)}  ${visible(each.name)}: ${visible(healthWords(each))}`),
      ...(more > 0 ? [`  ${severity.padEnd(7)}  and ${more} more (--json names all)`] : []),
    ];
  });
  return [head, ...lines];
};
