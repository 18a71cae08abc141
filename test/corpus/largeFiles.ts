import { LARGE_BINARIES } from './largeBinaries.ts';
import { LARGE_HEADERS } from './largeHeaders.ts';
import { LARGE_PICKLES } from './largePickles.ts';

/** A file that would take much memory if it were trusted, and how it is refused. */
export interface LargeFile {
  /** The file that is opened, relative to its own folder. */
  readonly name: string;
  /** Writes it, and the files that it needs beside it. */
  readonly write: (folder: string) => void;
  /** The expected message, or its beginning. */
  readonly says: string;
}

export const LARGE_FILES: readonly LargeFile[] = [...LARGE_HEADERS, ...LARGE_PICKLES, ...LARGE_BINARIES];
