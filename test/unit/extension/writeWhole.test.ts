import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

/** A workspace of one folder; writes by VS Code are recorded, and done as it does them on a disk. */
const vscode = await vi.hoisted(async () => {
  const { normalize: normalise } = (await import('node:path')).posix;
  const { rename, unlink, writeFile } = await import('node:fs/promises');
  const calls: string[] = [];
  const folders: { uri: { scheme: string; fsPath: string } }[] = [];
  const uri = (path: string, scheme: string) => ({
    scheme,
    path,
    fsPath: path,
    with: (change: { path: string }) => uri(change.path, scheme),
  });
  const note = (name: string, onDisk: (first: string, second: never) => Promise<void>) => {
    return async (first: { path: string; scheme: string }, second?: unknown) => {
      const to = (second as { path?: string } | undefined)?.path;
      calls.push([name, first.path, ...(to === undefined ? [] : [to])].join(' '));
      if (first.scheme === 'file') await onDisk(first.path, (to ?? second) as never);
    };
  };
  return {
    calls,
    folders,
    uri,
    FileSystemError: class extends Error {},
    Uri: {
      joinPath: (base: { path: string; scheme: string }, ...steps: string[]) =>
        uri(normalise(`${base.path}/${steps.join('/')}`), base.scheme),
    },
    workspace: {
      workspaceFolders: folders,
      asRelativePath: (file: { path: string }) => file.path.slice(file.path.lastIndexOf('/') + 1),
      fs: {
        writeFile: note('write', writeFile),
        rename: note('rename', rename),
        delete: note('delete', unlink),
      },
    },
  };
});
vi.mock('vscode', () => vscode);
const { writeWhole } = await import('../../../extension/runs/files.ts');

const scratch = scratchFolder();
const file = (...steps: string[]): Uri => vscode.uri(join(...steps), 'file') as Uri;
let [folder, outside] = ['', ''];
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'workspace-'));
  outside = mkdtempSync(join(scratch, 'outside-'));
  writeFileSync(join(outside, 'theirs'), 'theirs');
  vscode.folders.splice(0, Infinity, { uri: file(folder) });
  vscode.calls.length = 0;
});

const expectUntouched = (): void => {
  expect(readdirSync(outside)).toEqual(['theirs']);
  expect(readFileSync(join(outside, 'theirs'), 'utf8')).toBe('theirs');
};

describe('the host’s writer', () => {
  it('writes what it is given and leaves nothing beside it', async () => {
    await writeWhole(file(folder, 'a.svg'), 'text');
    await writeWhole(file(folder, 'a.svg'), new Uint8Array([65]));
    expect(readFileSync(join(folder, 'a.svg'), 'utf8')).toBe('A');
    expect(readdirSync(folder)).toEqual(['a.svg']);
  });

  it('does not follow a link at the name that the temporary file had before: Export Figure wrote outside', async () => {
    symlinkSync(join(outside, 'theirs'), join(folder, `figure.svg.${process.pid}.tmp`));
    await writeWhole(file(folder, 'figure.svg'), '<svg/>');
    expect(readFileSync(join(folder, 'figure.svg'), 'utf8')).toBe('<svg/>');
    expectUntouched();
  });

  it('replaces a link at the target', async () => {
    symlinkSync(join(outside, 'theirs'), join(folder, 'selection.json'));
    await writeWhole(file(folder, 'selection.json'), '{}');
    expect(readFileSync(join(folder, 'selection.json'), 'utf8')).toBe('{}');
    expectUntouched();
  });

  it('refuses a folder of the workspace that leads out of it, however deep', async () => {
    mkdirSync(join(folder, '.pentimento'));
    symlinkSync(outside, join(folder, '.pentimento', 'runs'));
    mkdirSync(join(folder, 'deep'));
    symlinkSync(join(folder, '.pentimento'), join(folder, 'deep', 'link'));
    for (const path of [
      ['.pentimento', 'runs', 'theirs'],
      ['deep', 'link', 'runs', 'selection.json'],
    ]) {
      const fault = await faultOf(writeWhole(file(folder, ...path), 'ours'));
      expect([fault.kind, fault.what]).toEqual([
        'input',
        `is in the workspace by name, but symbolic links lead to ${outside}`,
      ]);
    }
    expectUntouched();
  });

  it('writes where links stay inside, into another folder of the workspace, and where the user points outside', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await writeWhole(file(folder, 'link', 'a'), 'a');
    const second = mkdtempSync(join(scratch, 'second-'));
    symlinkSync(second, join(folder, 'elsewhere'));
    vscode.folders.push({ uri: file(second) });
    await writeWhole(file(folder, 'elsewhere', 'b'), 'b');
    await writeWhole(file(outside, 'c'), 'c');
    expect([readdirSync(join(folder, 'real')), readdirSync(second)]).toEqual([['a'], ['b']]);
    expect(readdirSync(outside).sort()).toEqual(['c', 'theirs']);
  });

  it('reaches other file systems through VS Code, by a new name each time', async () => {
    const remote = vscode.uri('/runs/a.svg', 'vscode-vfs') as Uri;
    for (const text of ['one', 'two']) await writeWhole(remote, text);
    const names = vscode.calls.map((call) => call.split(' ')[1]);
    expect(vscode.calls).toEqual(
      [0, 2].flatMap((at) => [`write ${names[at]}`, `rename ${names[at]} /runs/a.svg`]),
    );
    expect(names[0]).toMatch(/^\/runs\/\.pentimento-[-0-9a-f]{36}\.tmp$/);
    expect(new Set(names).size).toBe(2);
  });
});
