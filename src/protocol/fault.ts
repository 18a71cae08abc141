import { inert } from './inertText.ts';

/**
 * A failure that the user can act on: what is wrong, where, and what to do about it. Everything that reaches a
 * person is one of these, printed as one line; any other exception is a bug. Its texts may quote files, so they are
 * made inert here.
 */
export class Fault extends Error {
  /** `input`: the user's files or options are wrong (exit 2). `run`: valid work failed while it ran (exit 1). */
  readonly kind: 'input' | 'run';
  readonly what: string;
  /** File, JSON path or byte offset; empty when there is no location. */
  readonly where: string;
  readonly remedy: string;

  constructor(kind: 'input' | 'run', what: string, where: string, remedy: string, options?: ErrorOptions) {
    const [saidWhat, saidWhere, saidRemedy] = [inert(what), inert(where), inert(remedy)];
    const place = saidWhere === '' ? '' : `${saidWhere}: `;
    super(`${place}${saidWhat}. ${saidRemedy}.`, options);
    this.name = 'Fault';
    this.kind = kind;
    this.what = saidWhat;
    this.where = saidWhere;
    this.remedy = saidRemedy;
  }
}

/** Bad input: exit code 2. `inputFault('has 3 labels for 4 images', 'labels.idx', 'Re-export the pair')`. */
export const inputFault = (what: string, where: string, remedy: string, cause?: unknown): Fault =>
  new Fault('input', what, where, remedy, { cause });

/** A run that failed: exit code 1. */
export const runFault = (what: string, where: string, remedy: string, cause?: unknown): Fault =>
  new Fault('run', what, where, remedy, { cause });

const MOST_REASON = 200;

/**
 * What a library says of input that it cannot read, in one line. Damaged input makes libraries fail on values that they do not
 * check; those messages are about their code, and tell a user nothing.
 */
export const libraryReason = (error: unknown): string => {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) {
    return 'it is damaged, or of an unknown kind';
  }
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
  return reason.slice(0, MOST_REASON);
};
