import type { ByteSource } from '../bytes/byteSource.ts';
import { foreignArchive } from './archives.ts';
import { foreignMessagePack, foreignPickle } from './pickles.ts';
import { foreignByName, foreignNamed, unfinishedDownload } from './pieces.ts';
import { foreignSignature } from './signatures.ts';
import { foreignText } from './texts.ts';

/** What a file of an unsupported kind is, and what to do about it. */
export interface ForeignFile {
  /** Follows the file's name: `is a web page, not the file itself`. */
  readonly what: string;
  readonly remedy: string;
}

/** Whether the file holds only zeros, judged by its first and last bytes. */
const isBlank = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  if (!head.every((byte) => byte === 0)) return false;
  const length = Math.min(head.length, source.size);
  return (await source.read(source.size - length, length)).every((byte) => byte === 0);
};

/**
 * What else a file may be, by its first bytes, its contents and, if neither is conclusive, its name; null if unknown.
 * `head` is the first bytes, up to 4096. Used when no reader recognises the file.
 */
export const foreignFile = async (head: Uint8Array, source: ByteSource): Promise<ForeignFile | null> => {
  if (await isBlank(head, source)) {
    const remedy = 'The download has not filled it: fetch the file again';
    return { what: 'holds only zeros: space that was set aside for a file', remedy };
  }
  const text = Buffer.from(head).toString('latin1');
  return (
    unfinishedDownload(source.name) ??
    foreignNamed(source.name, text) ??
    foreignSignature(text) ??
    (await foreignArchive(text, source)) ??
    foreignPickle(text) ??
    foreignMessagePack(text) ??
    foreignText(head, text) ??
    foreignByName(source.name)
  );
};
