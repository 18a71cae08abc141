import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Reads a small file of a Git folder; null when it is not there. */
const read = (path: string): string | null => {
  try {
    return statSync(path).size > 10_000_000 ? null : readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
};

/** The Git folder of the repository that `folder` is in: `.git`, or what the file `.git` of a worktree names. */
const gitFolderOf = (folder: string): string | null => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const git = join(at, '.git');
    if (existsSync(git)) {
      if (statSync(git).isDirectory()) return git;
      const named = /^gitdir: (.+)$/.exec(read(git) ?? '');
      return named === null ? null : resolve(at, named[1]);
    }
    if (dirname(at) === at) return null;
  }
};

/**
 * The commit that is checked out in the repository of a folder, without running Git; null outside of one, and before the
 * first commit. Files may have been changed since.
 */
export const sourceCommit = (folder: string): string | null => {
  const git = gitFolderOf(folder);
  const head = git === null ? null : read(join(git, 'HEAD'));
  if (git === null || head === null) return null;
  if (COMMIT.test(head)) return head;
  const ref = /^ref: (refs\/[^\0]+)$/.exec(head)?.[1];
  if (ref === undefined || ref.includes('..')) return null;
  // Branches of a worktree are in the folder of the whole repository.
  const common = resolve(git, read(join(git, 'commondir')) ?? '.');
  const loose = read(join(git, ref)) ?? read(join(common, ref));
  if (loose !== null) return COMMIT.test(loose) ? loose : null;
  const packed = read(join(common, 'packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  const commit = packed?.split(' ')[0] ?? '';
  return COMMIT.test(commit) ? commit : null;
};
