import { LARGE_BINARIES } from './largeBinaries.ts';
import { LARGE_HEADERS } from './largeHeaders.ts';
import { LARGE_PICKLES } from './largePickles.ts';

/** A file that would take much memory if it were believed, and how it is refused. */
export interface LargeFile {
  /** Relative to a folder of its own; the file that is opened. */
  readonly name: string;
  /** Writes it, and what it needs beside it. */
  readonly write: (folder: string) => void;
  /** What is wrong with it, or the beginning of that. */
  readonly says: string;
}

export const LARGE_FILES: readonly LargeFile[] = [...LARGE_HEADERS, ...LARGE_PICKLES, ...LARGE_BINARIES];
