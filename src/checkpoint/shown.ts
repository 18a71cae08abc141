const LONGEST = 80;

/** What a terminal or an editor does not show as itself: control characters, line separators, changes of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text from a file with everything in it visible. */
export const visible = (text: string): string => text.replace(INVISIBLE, escaped);

/** A name from a file, for a message: as JSON, so that it is visibly text, and cut to a readable length. */
export const shown = (name: string): string =>
  visible(JSON.stringify(name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name));
