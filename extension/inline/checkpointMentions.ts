import { isCheckpointName } from '../checkpoints/checkpointNames.ts';

/** A place in a text that may name a checkpoint. */
export interface Mention {
  readonly line: number;
  /** Columns in the line: [start, end). */
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

/** Longer texts are not paths. */
const LONGEST_PATH = 400;
/** Longer lines are generated, such as a notebook's output or a bundle. */
const LONGEST_LINE = 2000;

/** A path, not an address: an address without its scheme begins with two slashes. */
const isMention = (path: string): boolean =>
  path.length <= LONGEST_PATH && isCheckpointName(path) && !path.includes('://') && !path.startsWith('//');

/** The longest prefix of a run of path characters that names a checkpoint: `a.pt` of `a.pt@main`; empty if none does. */
const checkpointIn = (run: string): string => {
  let end = run.length;
  for (const piece of run.split(/[/\\~@+%=]/).reverse()) {
    const isEnding = end === piece.length && piece.startsWith('.') && piece.lastIndexOf('.') === 0;
    if (isCheckpointName(piece) && !isEnding) return run.slice(0, end);
    end -= piece.length + 1;
  }
  return '';
};

/** In a run of characters that paths have (YAML, Markdown). */
const bareMentions = (text: string, offset: number, line: number): Mention[] =>
  [...text.matchAll(/[\w./\\~@+%=-]+/g)].flatMap((match) => {
    const path = checkpointIn(match[0]);
    const start = offset + match.index;
    return isMention(path) ? [{ line, start, end: start + path.length, path }] : [];
  });

/**
 * The places of one line that may name a checkpoint: any text between two equal quotes, including spaces, or a run of
 * path characters. Each character is examined a fixed number of times.
 */
export const mentionsInLine = (text: string, line: number): Mention[] => {
  if (text.length > LONGEST_LINE || !text.includes('.')) return [];
  const mentions: Mention[] = [];
  let opened = '';
  let at = 0;
  for (const piece of text.split(/["'`]/)) {
    const end = at + piece.length;
    const closing = text[end] ?? '';
    if (opened !== '' && opened === closing && isMention(piece)) {
      mentions.push({ line, start: at, end, path: piece });
      opened = '';
    } else {
      for (const mention of bareMentions(piece, at, line)) mentions.push(mention);
      opened = closing;
    }
    at = end + 1;
  }
  return mentions;
};

/** Paths of files, absolute with forward slashes, indexed by each of their endings. */
export interface FilePaths {
  has(path: string): boolean;
  /** The only path that ends in `/` and this; undefined if there is none, or several. */
  endingIn(end: string): string | undefined;
}

/** Limits the endings of paths that are longer than any system allows. */
const MOST_ENDS = 100;

export const filePaths = (paths: Iterable<string>): FilePaths => {
  const all = new Set(paths);
  const byEnd = new Map<string, string | undefined>();
  for (const path of all) {
    let slash = path.lastIndexOf('/');
    for (let ends = 0; slash >= 0 && ends < MOST_ENDS; ends++) {
      const end = path.slice(slash + 1);
      byEnd.set(end, byEnd.has(end) ? undefined : path);
      slash = slash === 0 ? -1 : path.lastIndexOf('/', slash - 1);
    }
  }
  return { has: (path) => all.has(path), endingIn: (end) => byEnd.get(end) };
};

/** The path in the form of the workspace's folders: forward slashes, no `./` before it. */
const plain = (path: string): string => path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');

/**
 * The file that a mention means: one at that path from the text's own folder or a folder above it, else the only file
 * whose path has this ending. Undefined if there is none, or several candidates. `textFolder` is absolute, with forward
 * slashes.
 */
export const fileOfMention = (mention: string, textFolder: string, files: FilePaths): string | undefined => {
  const wanted = plain(mention);
  if (wanted.startsWith('/') || /^[a-z]:\//i.test(wanted)) return files.has(wanted) ? wanted : undefined;
  const ups = /^(?:\.\.\/)*/.exec(wanted)?.[0].length ?? 0;
  const parts = textFolder.split('/').filter((part) => part !== '');
  const own = parts.slice(0, Math.max(0, parts.length - ups / 3));
  const rest = wanted.slice(ups);
  const root = textFolder.startsWith('/') ? '/' : '';
  for (let length = own.length; length >= 0; length--) {
    const folder = own.slice(0, length).join('/');
    const path = `${root}${folder}${folder === '' ? '' : '/'}${rest}`;
    if (files.has(path)) return path;
    // A path that goes up is exact.
    if (ups > 0) break;
  }
  return files.endingIn(rest);
};
