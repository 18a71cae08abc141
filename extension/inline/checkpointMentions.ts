import { CHECKPOINT_ENDINGS, isCheckpointName } from '../checkpoints/checkpointNames.ts';

/** A place in a text that may name a checkpoint. */
export interface Mention {
  readonly line: number;
  /** Columns in the line: [start, end). */
  readonly start: number;
  readonly end: number;
  readonly path: string;
}

const ENDING = `(?:\\.(?:${CHECKPOINT_ENDINGS.join('|')})|\\.(?:safetensors|bin)\\.index\\.json|weights_manifest\\.json)`;
/** In quotes, with spaces if need be; else a run of characters that paths have (YAML, Markdown). */
const MENTION = new RegExp(
  `(["'\`])([^"'\`\\r\\n]{0,400}?${ENDING})\\1|([\\w./\\\\~@+%=-]{1,400}${ENDING})(?![\\w.-])`,
  'gi',
);
/** Longer lines are generated, such as a notebook's output or a bundle. */
const LONGEST_LINE = 2000;

/** The places of one line that may name a checkpoint. */
export const mentionsInLine = (text: string, line: number): Mention[] => {
  if (text.length > LONGEST_LINE || !text.includes('.')) return [];
  return [...text.matchAll(MENTION)].flatMap((match) => {
    const path = match[2] ?? match[3];
    if (!isCheckpointName(path) || path.includes('://')) return [];
    const start = match.index + (match[2] === undefined ? 0 : 1);
    return [{ line, start, end: start + path.length, path }];
  });
};

/** The path as the folders of a workspace have it: forward slashes, no `./` before it. */
const plain = (path: string): string => path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');

/**
 * The file that a mention means: one at that path from the text's own folder or a folder above it, else the only file
 * whose path ends so. Undefined when there is none, or several as good. Paths are absolute, with forward slashes.
 */
export const fileOfMention = (
  mention: string,
  textFolder: string,
  files: ReadonlySet<string>,
): string | undefined => {
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
    // A path that goes up says exactly where.
    if (ups > 0) break;
  }
  const ends = [...files].filter((file) => file.endsWith(`/${rest}`));
  return ends.length === 1 ? ends[0] : undefined;
};
