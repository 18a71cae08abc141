/** Parentheses end the address of a link in Markdown, and `encodeURIComponent` does not encode them. */
const LEFT = /[!'()*~]/g;

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/**
 * The address of a link in Markdown that runs a command with these arguments. VS Code decodes it twice, so a percent
 * sign in an argument, such as in a file named `a%20b`, is written as a JSON escape.
 */
export const commandLink = (command: string, args: readonly unknown[]): string => {
  const json = JSON.stringify(args).replaceAll('%', '\\u0025');
  return `command:${command}?${encodeURIComponent(json).replaceAll(LEFT, percent)}`;
};
