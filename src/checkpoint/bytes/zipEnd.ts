import type { ByteSource } from './byteSource.ts';

const END = 22;
const LOCATOR = 20;
const END_64 = 56;
const MAX_COMMENT = 2 ** 16;

/** The end of a zip archive, as its own records describe it. */
export interface ZipEnd {
  /** Bytes in front of the archive: 0 for one archive alone. */
  readonly before: number;
}

/** Where the zip archive that ends the file begins, or null where no such archive does. */
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
