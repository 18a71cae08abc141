import { inert, visible } from '../../src/protocol/messages.ts';

/** Room for the place, the cause and the remedy of a fault. VS Code cuts messages there too. */
const LONGEST_MESSAGE = 1000;
/** A log has room for a stack; anything longer adds nothing. */
const LONGEST_ENTRY = 20_000;

/** One line of a message. */
export const messageText = (text: string): string => inert(text, LONGEST_MESSAGE);

/** Several lines of plain text. */
export const textLines = (lines: readonly string[]): string => lines.map((line) => inert(line)).join('\n');

/** A line that begins with an icon of ours: one that the text names remains text. */
export const withIcon = (icon: string | undefined, text: string): string =>
  icon === undefined ? inert(text) : `$(${icon}) ${inert(text)}`;

/** For the log, which keeps line breaks, because a stack has many lines. */
export const logText = (text: string): string =>
  text.slice(0, LONGEST_ENTRY).split(/\r?\n/).map(visible).join('\n');

/** Markdown for plain text: nothing in it becomes markup, and no address becomes a link. */
export const asMarkdown = (text: string): string => inert(text).replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
