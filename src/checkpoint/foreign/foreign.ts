import type { ByteSource } from '../bytes/byteSource.ts';
import { foreignArchive } from './archives.ts';
import { foreignMessagePack, foreignPickle } from './pickles.ts';
import { foreignByName, foreignNamed, unfinishedDownload } from './pieces.ts';
import { foreignSignature } from './signatures.ts';
import { foreignText } from './texts.ts';

/** What a file is that is no checkpoint of a format that is read here, and what to do about it. */
export interface ForeignFile {
  /** Follows the file's name: `is a web page, not the file itself`. */
  readonly what: string;
  readonly remedy: string;
}

/** Whether the file holds nothing but zeros: the first and the last bytes tell. */
const isBlank = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  if (!head.every((byte) => byte === 0)) return false;
  const length = Math.min(head.length, source.size);
  return (await source.read(source.size - length, length)).every((byte) => byte === 0);
};

/**
 * What else a file may be, by its first bytes, what is in it and, where neither tells, its name; null for one that is
 * not known. `head` are the first bytes, up to 4096. Asked when no reader knows the file.
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
