import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { scratchFolder } from '../checkpoint/scratch.ts';

const vscode = vi.hoisted(() => ({
  l10n: { t: (text: string) => text },
  workspace: {
    asRelativePath: String,
    fs: {
      stat: async () => ({ size: 4 }),
      readFile: async ({ path }: { path: string }) => new TextEncoder().encode(path),
    },
  },
}));
vi.mock('vscode', () => vscode);
const { localFile } = await import('../../../extension/checkpoints/localCopy.ts');

const scratch = scratchFolder();
let storage = '';
beforeEach(() => {
  storage = mkdtempSync(join(scratch, 'storage-'));
});
const copies = () => readdirSync(join(storage, 'copies'));
const remote = (path: string) => ({ scheme: 'vscode-vfs', path }) as Uri;
const open = (path: string) => localFile(remote(path), { fsPath: storage } as Uri);

it('gives each of two who open a remote file a copy of its own, which stays when the other one closes', async () => {
  const [first, second] = await Promise.all([open('/m/a.npz'), open('/m/a.npz')]);
  expect(first.path).not.toBe(second.path);
  first.dispose();
  expect(copies()).toHaveLength(1);
  expect(existsSync(first.path)).toBe(false);
  expect(readFileSync(second.path, 'utf8')).toBe('/m/a.npz');
  const third = await open('/m/a.npz');
  second.dispose();
  expect(copies()).toHaveLength(1);
  expect(readFileSync(third.path, 'utf8')).toBe('/m/a.npz');
  third.dispose();
  expect(copies()).toHaveLength(0);
});

it('keeps the copy in its folder, whatever the file is called', async () => {
  for (const name of ['..', '..\\..\\x.npz', 'a:b.npz', 'x\u0000.npz']) {
    const { path, dispose } = await open(`/m/${name}`);
    expect(path.startsWith(join(storage, 'copies'))).toBe(true);
    expect(path.slice(storage.length).split(/[\\/]/)).toHaveLength(4);
    expect(basename(path)).toMatch(/^[\w.]+$/);
    expect(basename(path)).not.toMatch(/^\.+$/);
    dispose();
  }
  expect(copies()).toHaveLength(0);
});

it('removes what windows left that ended long ago', async () => {
  const [old, recent] = ['old', 'recent'].map((name) => join(storage, 'copies', name));
  for (const folder of [old, recent]) mkdirSync(folder, { recursive: true });
  utimesSync(old, 0, 0);
  const { dispose } = await open('/m/a.npz');
  expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  dispose();
});
