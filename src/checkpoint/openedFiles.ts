import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault, type FilePart, fileStamp } from '../protocol/index.ts';
import { type ByteSource, readInto } from './bytes/byteSource.ts';
import type { OpenSibling } from './checkpoint.ts';

/** Stamp of the file now at `path`; empty if there is none. */
const stampAt = (path: string): Promise<string> => stat(path, { bigint: true }).then(fileStamp, () => '');

/**
 * How long ago a file must have changed for its stamp to be reliable: a write within the same tick of the file
 * system's clock leaves the same times. Kernels tick up to every 10 ms; file systems without fractions of a second,
 * every 2 s.
 */
const TICK_MS = 20n;
const COARSE_TICK_MS = 2000n;
const MILLISECOND = 1_000_000n;

/** Whether a later write than the last one leaves another stamp. */
export const isSettled = ({ mtimeNs, ctimeNs }: BigIntStats, now: number): boolean => {
  const changed = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  const tick = changed % (1000n * MILLISECOND) === 0n ? COARSE_TICK_MS : TICK_MS;
  return BigInt(Math.floor(now)) - changed / MILLISECOND >= tick;
};

/** A file that changed since it was opened: what was read of it belongs to no version. */
export class ChangedFault extends Fault {
  constructor(path: string) {
    super('input', 'has changed since it was opened', path, 'Open it again');
  }
}

/** The files that a checkpoint was opened from: itself and the files that it names, whether they exist or not. */
export interface CheckpointFiles {
  readonly parts: readonly FilePart[];
  /** Equal for the same versions of the same files: SHA-256, hexadecimal, of their stamps. */
  readonly version: string;
  /** False when a file was written so shortly before it was opened that a later write may leave the same stamp. */
  readonly settled: boolean;
  /** Whether every path still leads to the version that was opened. */
  isCurrent(): Promise<boolean>;
}

/** A file that is open now, and whether it was read since it was last checked. */
interface OpenFile {
  readonly source: ByteSource;
  unchecked: boolean;
}

/**
 * Holds each file of a checkpoint to the version that it had when it was first opened: its stamp is taken before the
 * first byte is read, and compared after reading.
 */
export class OpenedFiles {
  private readonly stamps = new Map<string, string>();
  private readonly open = new Map<string, Set<OpenFile>>();
  private settled = true;

  /** `now` in milliseconds: the clock for the age of files. */
  constructor(private readonly now: () => number = Date.now) {}

  /** The files that were opened or found missing so far. */
  soFar(): CheckpointFiles {
    const parts = [...this.stamps].map(([path, stamp]) => ({ path, stamp }));
    const version = createHash('sha256')
      .update(JSON.stringify(parts.map(({ stamp }) => stamp)))
      .digest('hex');
    const isCurrent = async (): Promise<boolean> => {
      const same = await Promise.all(parts.map(async ({ path, stamp }) => (await stampAt(path)) === stamp));
      return same.every(Boolean);
    };
    return { parts, version, settled: this.settled, isCurrent };
  }

  /**
   * `source`, an open file that was named `path`, with its reads recorded. Takes ownership: closes it when it
   * is refused.
   */
  async follow(path: string, source: ByteSource): Promise<ByteSource> {
    const stats = await source.stats?.();
    if (stats === undefined) return source;
    const stamp = fileStamp(stats);
    const known = this.stamps.get(path);
    if (known !== undefined && known !== stamp) {
      await source.close();
      throw new ChangedFault(path);
    }
    this.stamps.set(path, stamp);
    this.settled &&= isSettled(stats, this.now());
    return this.noting(path, source);
  }

  /** `openSibling` for a checkpoint at `path`, which follows what it opens, and records what is missing. */
  siblings(path: string, openSibling: OpenSibling): OpenSibling {
    return async (name) => {
      const named = join(dirname(path), name);
      const source = await openSibling(name).catch((error: unknown) => {
        const isMissing =
          error instanceof Fault && (error.cause as { code?: unknown } | null)?.code === 'ENOENT';
        if (isMissing && !this.stamps.has(named)) this.stamps.set(named, '');
        throw error;
      });
      return this.follow(named, source);
    };
  }

  /** Throws a `ChangedFault` when a file that was read since the last check has changed since it was opened. */
  async check(): Promise<void> {
    for (const [path, files] of this.open) for (const file of files) await this.checkOne(path, file);
  }

  private noting(path: string, source: ByteSource): ByteSource {
    const file: OpenFile = { source, unchecked: false };
    const files = this.open.get(path) ?? new Set();
    this.open.set(path, files.add(file));
    return {
      ...source,
      read: (offset, length) => {
        file.unchecked = true;
        return source.read(offset, length);
      },
      readInto: (target, offset) => {
        file.unchecked = true;
        return readInto(source, target, offset);
      },
      close: async () => {
        files.delete(file);
        try {
          await this.checkOne(path, file);
        } finally {
          await source.close();
        }
      },
    };
  }

  private async checkOne(path: string, file: OpenFile): Promise<void> {
    if (!file.unchecked) return;
    file.unchecked = false;
    const stats = await file.source.stats?.();
    if (stats !== undefined && fileStamp(stats) !== this.stamps.get(path)) throw new ChangedFault(path);
  }
}
