import { type CheckpointHealth, healthWords } from '../layers/index.ts';
import type { Severity } from '../protocol/index.ts';
import { visible } from '../protocol/index.ts';
import { TextColumns } from './textTable.ts';

/** Number of tensors that are named, by severity. */
const NAMED: Readonly<Record<Severity, number>> = { error: 20, warning: 20, note: 5 };

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** A severity and what is said of it. */
const FINDINGS = new TextColumns(() => true);
for (const severity of Object.keys(NAMED)) FINDINGS.fit([severity]);

/** How many tensors have problems, in one line, and what is wrong with each by its name: the first of each severity. */
export const healthLines = (health: CheckpointHealth): string[] => {
  const { tensors, sick, findings } = health;
  if (tensors === 0) return [];
  const having = (severity: Severity) => findings.filter((each) => each.severity === severity);
  const [errors, warnings, notes] = [having('error'), having('warning'), having('note')];
  const kinds = [
    ...(errors.length > 0 ? [counted(errors.length, 'with an error', 'with errors')] : []),
    ...(warnings.length > 0 ? [counted(warnings.length, 'with a warning', 'with warnings')] : []),
  ];
  const noted = notes.length > 0 ? `; ${counted(notes.length, 'note', 'notes')}` : '';
  const why = kinds.length > 0 ? ` (${kinds.join(', ')})` : '';
  const of = counted(tensors, 'tensor', 'tensors');
  const found =
    sick === 0 ? `no problems in ${of}` : `${sick} of ${of} ${sick === 1 ? 'has' : 'have'} problems`;
  const head = `${found}${why}${noted}`;
  const lines = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const listed = having(severity);
    const more = listed.length - NAMED[severity];
    return [
      ...listed
        .slice(0, NAMED[severity])
        .map((each) => `${visible(each.name)}: ${visible(healthWords(each))}`),
      ...(more > 0 ? [`and ${more} more (--json names all)`] : []),
    ].map((text) => `  ${FINDINGS.line([severity, text])}`);
  });
  return [head, ...lines];
};
