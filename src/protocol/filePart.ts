/** What the file system says of a file (`fs.BigIntStats`). */
export interface FileStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** Tells one version of a file from another, as far as the file system can: writing, replacing and renaming change it. */
export const fileStamp = ({ dev, ino, size, mtimeNs, ctimeNs }: FileStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** One of the files that a checkpoint is read from: itself, a shard, external data. */
export interface FilePart {
  readonly path: string;
  /** See `fileStamp`; empty for a file that is named and missing. */
  readonly stamp: string;
}
