import { randomBytes } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Names of half-written files. They cannot be predicted, so nobody can place a link there. They do not contain a
 * process number, because a process of another container has none here.
 */
const TEMPORARY = /^\.pentimento-[0-9a-f]{32}\.tmp$|^\..+\.\d+-\d+\.tmp$/;

/** A new name in the folder of `path`, from which a rename to `path` is atomic. */
export const temporaryPath = (path: string): string =>
  join(dirname(path), `.pentimento-${randomBytes(16).toString('hex')}.tmp`);

/** A file that is being written changes constantly; after this time without change its writer is gone. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/**
 * Removes what killed writers left in `folder` longer ago than `ABANDONED_AFTER_MS`. The caller must hold a lock on
 * it. `now` is the time by the clock of the file system, which can differ from ours.
 */
export const removeAbandoned = async (folder: string, now: number): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => TEMPORARY.test(each))) {
    const path = join(folder, name);
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (now - changed > ABANDONED_AFTER_MS) await unlink(path).catch(() => {});
  }
};
