// Output of an extension host reaches the page as console calls; this prints them in the terminal.
import { format } from 'node:util';

/** The browser's colouring of console messages: each `%c` in the text takes one more argument, a style. */
function withoutStyles([text, ...rest]) {
  if (typeof text !== 'string') return [text, ...rest];
  const styles = text.split('%c').length - 1;
  return [text.replaceAll('%c', ''), ...rest.slice(styles)];
}

/** Messages of VS Code's web workbench itself on the same channel. */
const CHATTER =
  /^(Resolv(ing|ed) connection token|Creating a socket|ChatSessionStore|(Updating|Ignoring fetching) additional builtin|\[(remote-connection|Service Worker)\])/;

/**
 * Prints one console call: `type` is log, info, warn, error or debug, `args` its arguments. VS Code omits
 * calls whose first argument is not a string.
 */
export function printLog(type, args) {
  const text = format(...withoutStyles(args));
  if (CHATTER.test(text) && !process.env.PENTIMENTO_TEST_VERBOSE) return;
  const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
  stream.write(`${text}\n`);
}
