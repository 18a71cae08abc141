import { Fault } from '../../src/protocol/index.ts';

/** What, where and what to do about it: each is 500 characters long at most. */
const MAX_MESSAGE = 3 * 500 + 10;
/** Control characters, which a terminal acts on, and separators, which some take for the end of a line. */
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const STACK = /\n\s*at |\.[cm]?[jt]s:\d+|node:internal/;
/** Words that show an unhandled error. */
const DEFECT = /\b(?:TypeError|RangeError|Unexpected .* defect|is not a function|of undefined|of null)\b/;

export const ensure = (isTrue: boolean, what: string): void => {
  if (!isTrue) throw new Error(what);
};

/** Holds a refusal to its contract: a Fault that says where, in one short line. Rethrows anything else. */
export const checkFault = (error: unknown): undefined => {
  if (!(error instanceof Fault)) throw error;
  const { message, where } = error;
  ensure(where !== '', `says no place: ${message}`);
  ensure(!NOT_PLAIN.test(message), `says control characters: ${JSON.stringify(message)}`);
  ensure(message.length < MAX_MESSAGE, `says ${message.length} characters: ${message}`);
  ensure(!STACK.test(message), `shows a stack: ${message}`);
  ensure(!DEFECT.test(message), `shows a defect: ${message}`);
  return undefined;
};

/** Text for people, of several lines: no character that a terminal acts on except the line feed. */
export const checkText = (text: string): void => {
  const found = /[^\P{Cc}\n]/u.exec(text);
  ensure(found === null, `prints U+${found?.[0].codePointAt(0)?.toString(16)}`);
};
