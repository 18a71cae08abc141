import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { type PlainUri, uri } from './diskInVscode.ts';

/** What the user types, and what VS Code would say about it. */
let typed: string | undefined;
let problem: string | undefined;

vi.mock('vscode', async () => {
  const disk = await import('./diskInVscode.ts');
  return {
    EventEmitter: class {},
    FileSystemError: class extends Error {},
    FileType: { File: 1 },
    l10n: {
      t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, at) => String(values[at])),
    },
    commands: {},
    ThemeColor: class {},
    ThemeIcon: class {},
    MarkdownString: class {},
    TreeItem: class {},
    TreeItemCollapsibleState: {},
    Uri: disk.Uri,
    window: {
      showInputBox: async ({
        validateInput,
      }: {
        validateInput(text: string): Promise<string | undefined>;
      }) => {
        problem = typed === undefined ? undefined : await validateInput(typed);
        return problem === undefined ? typed : undefined;
      },
    },
    workspace: {
      workspaceFolders: undefined,
      ...disk.workspace,
    },
  };
});
const { annotateRun, duplicateRun, nameProblem, renameRun } = await import(
  '../../../extension/commands/runFolder.ts'
);
const { readNote } = await import('../../../extension/runs/note.ts');

let folder: string;
let moved: [string, string][];
let refreshed: number;

const services = {
  trainings: { trains: () => false },
  runs: { refresh: () => refreshed++ },
  panels: { moved: (from: PlainUri, to: PlainUri) => moved.push([basename(from.path), basename(to.path)]) },
} as never;

beforeEach(() => {
  folder = scratchFolder();
  for (const name of ['demo', 'other']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'run.json'), `{"name":"${name}"}`);
  }
  [moved, refreshed, typed, problem] = [[], 0, undefined, undefined];
});

/** The argument of a command in the context menu of the run. */
const on = (name: string, note = '') =>
  ({ kind: 'run', first: true, run: { uri: uri(join(folder, name)), name, note } }) as never;
const recordOf = (name: string): string => readFileSync(join(folder, name, 'run.json'), 'utf8');

describe('a run', () => {
  it('is renamed with its folder, and its open panels follow', async () => {
    typed = 'best so far';
    await renameRun(services)(on('demo'));
    expect(recordOf('best so far')).toBe('{"name":"demo"}');
    expect(existsSync(join(folder, 'demo'))).toBe(false);
    expect([moved, refreshed]).toEqual([[['demo', 'best so far']], 1]);
  });

  it('is duplicated as a whole, and stays', async () => {
    typed = 'demo-copy';
    await duplicateRun(services)(on('demo'));
    expect([recordOf('demo'), recordOf('demo-copy')]).toEqual(['{"name":"demo"}', '{"name":"demo"}']);
    expect([moved, refreshed]).toEqual([[], 1]);
  });

  it('keeps its place when the box is closed or the name is taken', async () => {
    for (const [answer, words] of [
      [undefined, undefined],
      ['other', 'A run with this name exists. Enter another name.'],
      ['demo', 'This is the name of the run. Enter another one.'],
      ['../other', 'Use letters, digits, space, dot, dash and underscore; begin with a letter or digit.'],
    ]) {
      typed = answer;
      await renameRun(services)(on('demo'));
      expect([problem, existsSync(join(folder, 'demo')), moved]).toEqual([words, true, []]);
    }
    expect(recordOf('other')).toBe('{"name":"other"}');
  });

  it('has a note, which is one line in its folder and goes when it is emptied', async () => {
    typed = '  needs a lower temperature ';
    await annotateRun(services)(on('demo'));
    expect(readFileSync(join(folder, 'demo', 'note.txt'), 'utf8')).toBe('needs a lower temperature\n');
    expect(await readNote(uri(join(folder, 'demo')) as never)).toBe('needs a lower temperature');
    typed = ' ';
    await annotateRun(services)(on('demo', 'needs a lower temperature'));
    expect(existsSync(join(folder, 'demo', 'note.txt'))).toBe(false);
    expect(await readNote(uri(join(folder, 'demo')) as never)).toBe('');
  });

  it('shows the first line of a note from elsewhere, and none that is too large', async () => {
    writeFileSync(join(folder, 'demo', 'note.txt'), 'first\r\nsecond\n');
    expect(await readNote(uri(join(folder, 'demo')) as never)).toBe('first');
    writeFileSync(join(folder, 'demo', 'note.txt'), 'x'.repeat(20_000));
    expect(await readNote(uri(join(folder, 'demo')) as never)).toBe('');
  });
});

describe('a name for a run', () => {
  it.each(['demo', 'digits-seed0', 'Größe 2', 'a.b_c', '0', 'x'.repeat(99)])('can be %s', (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  it.each([
    '',
    ' ',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'a:b',
    'a ',
    'a.',
    'CON',
    'nul.txt',
    'line\nbreak',
    'bell\u0007',
    'x'.repeat(100),
  ])('cannot be %j', (name) => {
    expect(nameProblem(name)).not.toBeNull();
  });
});
