const PLAIN = /^[\w@%+=:,./-]+$/;

/** Words as a POSIX shell reads them back, on one line. */
export const commandLine = (words: readonly string[]): string =>
  words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
