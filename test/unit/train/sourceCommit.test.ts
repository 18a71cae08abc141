import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceCommit } from '../../../src/train/sourceCommit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentimento-commit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...command: readonly string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...command], {
    encoding: 'utf8',
  }).trim();

const committed = (): string => {
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  return git('rev-parse', 'HEAD');
};

describe('the commit of the source', () => {
  it('is what Git says, in a folder below, on a packed branch and without a branch', () => {
    const commit = committed();
    const below = join(folder, 'a', 'b');
    mkdirSync(below, { recursive: true });
    expect(sourceCommit(folder)).toBe(commit);
    expect(sourceCommit(below)).toBe(commit);
    git('pack-refs', '--all');
    expect(sourceCommit(below)).toBe(commit);
    git('checkout', '--quiet', '--detach');
    expect(sourceCommit(below)).toBe(commit);
  });

  it('is that of a worktree in the worktree', () => {
    committed();
    git('worktree', 'add', '--quiet', '-b', 'other', join(folder, 'tree'));
    const tree = join(folder, 'tree');
    execFileSync('git', [
      ...['-C', tree, '-c', 'user.name=a', '-c', 'user.email=a@b'],
      ...['commit', '--quiet', '--allow-empty', '--message', 'second'],
    ]);
    const second = execFileSync('git', ['-C', tree, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    expect(second).not.toBe(git('rev-parse', 'HEAD'));
    expect(sourceCommit(tree)).toBe(second);
  });

  it('is null before the first commit, and for a folder whose files say nothing of use', () => {
    git('init', '--quiet');
    expect(sourceCommit(folder)).toBeNull();
    for (const head of ['', 'ref: ../../etc/passwd', 'ref: refs/../../x', 'nonsense']) {
      writeFileSync(join(folder, '.git', 'HEAD'), head);
      expect(sourceCommit(folder)).toBeNull();
    }
  });
});
