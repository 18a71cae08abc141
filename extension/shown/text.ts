import { inert, visible } from '../../src/protocol/messages.ts';

/** Room for the place, the cause and the remedy of a fault. VS Code cuts messages there too. */
const LONGEST_MESSAGE = 1000;
/** A log has room for a stack; more than this says nothing further. */
const LONGEST_ENTRY = 20_000;

/** One line of a message. */
export const messageText = (text: string): string => inert(text, LONGEST_MESSAGE);

/** Several lines, each of which is only text. */
export const textLines = (lines: readonly string[]): string => lines.map((line) => inert(line)).join('\n');

/** A line that begins with an icon of ours: one that the text names stays text. */
export const withIcon = (icon: string | undefined, text: string): string =>
  icon === undefined ? inert(text) : `$(${icon}) ${inert(text)}`;

/** For the log, which keeps lines apart: a stack has many. */
export const logText = (text: string): string =>
  text.slice(0, LONGEST_ENTRY).split(/\r?\n/).map(visible).join('\n');

/** Markdown of a text in which nothing is markup, nor an address that would become a link by itself. */
export const asMarkdown = (text: string): string => inert(text).replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
