/** What the file system reports about a file (`fs.BigIntStats`). */
export interface FileStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Distinguishes versions of a file as far as the file system can: writing, replacing and renaming change it. */
export const fileStamp = ({ dev, ino, size, mtimeNs, ctimeNs }: FileStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** One of the files that a checkpoint is read from: itself, a shard, external data. */
export interface FilePart {
  readonly path: string;
  /** See `fileStamp`; empty for a file that is named but missing. */
  readonly stamp: string;
}
