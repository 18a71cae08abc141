/** Round brackets end the address of a link in Markdown, and are among what `encodeURIComponent` leaves as it is. */
const LEFT = /[!'()*~]/g;

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * The address of a link in Markdown that runs a command with these arguments. VS Code decodes it twice: a percent sign of
 * an argument, such as that of a file called `a%20b`, is an escape of JSON by then.
 */
export const commandLink = (command: string, args: readonly unknown[]): string => {
  const json = JSON.stringify(args).replaceAll('%', '\\u0025');
  return `command:${command}?${encodeURIComponent(json).replaceAll(LEFT, percent)}`;
};
