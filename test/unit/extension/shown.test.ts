import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { directUses, openProject } from './directUses.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const BORDER = 'extension/shown/';
const files = readdirSync(`${root}extension`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `extension/${name}`);

/** Code that bypasses the border: what must be found in it, and on which line. */
const PAST: readonly [text: string, use: string, line?: number][] = [
  ["import { window } from 'vscode';\nwindow.showErrorMessage('a');", 'window.showErrorMessage'],
  ["import { window } from 'vscode';\nwindow.setStatusBarMessage('a', 1);", 'window.setStatusBarMessage'],
  ["import { window } from 'vscode';\nvoid window.withProgress;", 'window.withProgress'],
  ["import { window as w } from 'vscode';\nw.showQuickPick(['a']);", 'window.showQuickPick'],
  ["import { window } from 'vscode';\nconst { showErrorMessage } = window;", 'window handed on'],
  ["import { window } from 'vscode';\nwindow['showErrorMessage']('a');", 'window handed on'],
  ["import { window } from 'vscode';\nexport { window };", 'window handed on'],
  ["import { MarkdownString } from 'vscode';\nnew MarkdownString('a');", 'new MarkdownString'],
  ["import { Hover } from 'vscode';\nnew Hover('a');", 'new Hover'],
  ["import { CodeLens } from 'vscode';\nexport class L extends CodeLens {}", 'new CodeLens'],
  ["import { TreeItem as Item } from 'vscode';\nnew Item('a');", 'new TreeItem'],
  ["import type { TreeItem } from 'vscode';\n(i: TreeItem) => { i.tooltip = 'a'; };", '.tooltip ='],
  ["import type { TreeItem } from 'vscode';\n(i: TreeItem) => { i['label'] = 'a'; };", '.label ='],
  ["import type { StatusBarItem } from 'vscode';\n(i: StatusBarItem) => { i.text += 'a'; };", '.text ='],
  ["import type { TreeView } from 'vscode';\n(v: TreeView<1>) => {\nv.message = 'a'; };", '.message =', 3],
  ["import type { WebviewPanel } from 'vscode';\n(p: WebviewPanel) => { p.title = 'a'; };", '.title ='],
  [
    "import type { QuickPickItem } from 'vscode';\nexport const i: QuickPickItem = { label: 'a' };",
    '{ label: }',
  ],
  [
    "import type { MarkdownString } from 'vscode';\n(m: MarkdownString) => m.appendMarkdown('a');",
    '.appendMarkdown()',
  ],
  ["import type { LogOutputChannel } from 'vscode';\n(l: LogOutputChannel) => l.append('a');", '.append()'],
  ["\nconst vscode = await import('vscode');\nexport { vscode };", 'vscode loaded'],
  ["import * as vscode from 'vscode';\nvoid vscode;", 'import * as', 1],
];

const HARMLESS = `import { EventEmitter, window, type TreeItem } from 'vscode';
export const changed = new EventEmitter<TreeItem>();
void window.activeTextEditor;
export const own = { label: 'a', tooltip: 'b' };`;

const invented = (name: number | string): string => `extension/invented${name}.ts`;
const texts = new Map([
  ...PAST.map(([text], index) => [invented(index), text] as const),
  [invented('Harmless'), HARMLESS],
]);

const { project, close } = openProject(
  root,
  files.map((file) => `${root}${file}`),
  Object.fromEntries([...texts].map(([file, text]) => [`${root}${file}`, text])),
);
afterAll(close);

const usesIn = (file: string): string[] =>
  directUses(project, `${root}${file}`).map((use) => use.slice(root.length));

describe('text that VS Code shows', () => {
  it('goes through extension/shown everywhere', () => {
    expect(files.filter((file) => !file.startsWith(BORDER)).flatMap(usesIn)).toEqual([]);
    // The border itself is full of them, which shows that the search works.
    expect(files.filter((file) => file.startsWith(BORDER)).flatMap(usesIn).length).toBeGreaterThan(20);
  });

  it.each(PAST.map(([text, use, line = 2], index) => ({ text, use, line, file: invented(index) })))(
    'is found where it does not: $text',
    ({ file, use, line }) => {
      expect(usesIn(file)).toContain(`${file}:${line} ${use}`);
    },
  );

  it('is not seen in what shows none', () => {
    expect(usesIn(invented('Harmless'))).toEqual([]);
  });
});
