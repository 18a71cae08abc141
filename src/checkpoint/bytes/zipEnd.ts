import type { ByteSource } from './byteSource.ts';

const END = 22;
const LOCATOR = 20;
const END_64 = 56;
const MAX_COMMENT = 2 ** 16;

/** The message for an archive without its end, which contains its directory: a truncated download or copy. */
export const CUT_SHORT = {
  what: 'is cut short: a zip archive without its end, such as a download that broke off',
  remedy: 'Fetch the file again, or save it again',
} as const;

const FIRST = Buffer.from('PK\x03\x04', 'latin1');

/** Whether the file begins like a zip archive but does not end like one. */
export const isCutShort = async (source: ByteSource): Promise<boolean> => {
  const begins = source.size >= FIRST.length && FIRST.equals(await source.read(0, FIRST.length));
  return begins && (await zipEnd(source)) === null;
};

/** The end of a zip archive, as its own records describe it. */
export interface ZipEnd {
  /** Bytes before the archive: 0 if the file is just the archive. */
  readonly before: number;
}

/** Where the zip archive at the end of the file begins, or null if there is none. */
export const zipEnd = async (source: ByteSource): Promise<ZipEnd | null> => {
  const length = Math.min(source.size, END + LOCATOR + END_64 + MAX_COMMENT);
  const begin = source.size - length;
  const tail = Buffer.from(await source.read(begin, length));
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + END > length) return null;
  const locator = end - LOCATOR;
  const is64 = locator >= END_64 && tail.toString('latin1', locator, locator + 4) === 'PK\x06\x07';
  if (!is64) return { before: begin + end - tail.readUInt32LE(end + 12) - tail.readUInt32LE(end + 16) };
  return { before: begin + locator - END_64 - Number(tail.readBigUInt64LE(locator + 8)) };
};
