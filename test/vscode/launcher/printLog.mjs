// What an extension host prints reaches the page as console calls; this prints them in the terminal.
import { format } from 'node:util';

/** The browser's colouring of console messages: a `%c` in the text takes one further argument, a style. */
function withoutStyles([text, ...rest]) {
  if (typeof text !== 'string') return [text, ...rest];
  const styles = text.split('%c').length - 1;
  return [text.replaceAll('%c', ''), ...rest.slice(styles)];
}

/** What VS Code's web workbench says of itself on the same way. */
const CHATTER =
  /^(Resolv(ing|ed) connection token|Creating a socket|ChatSessionStore|(Updating|Ignoring fetching) additional builtin|\[(remote-connection|Service Worker)\])/;

/**
 * Prints one console call: `type` is log, info, warn, error or debug, `args` its arguments. VS Code
 * leaves out calls whose first argument is not a string.
 */
export function printLog(type, args) {
  const text = format(...withoutStyles(args));
  if (CHATTER.test(text) && !process.env.PENTIMENTO_TEST_VERBOSE) return;
  const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
  stream.write(`${text}\n`);
}
