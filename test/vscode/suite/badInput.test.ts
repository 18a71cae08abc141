import assert from 'node:assert/strict';
import { cpSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commands, type Diagnostic, extensions, languages, type TextDocument, workspace } from 'vscode';
import { click, evaluate, webviews, workbenchText } from '../launcher/browserClient.ts';
import { api, closeEditors, drawn, eventually, file, runFolder, textOf } from './editor.ts';

/** The text of the notification centre, once it matches; toasts would go away by themselves. */
const notified = (pattern: RegExp, milliseconds?: number): Promise<string> =>
  eventually(
    `the message ${pattern}`,
    async () => {
      await commands.executeCommand('notifications.showList');
      const text = await workbenchText('.notifications-center.visible');
      return pattern.test(text) ? text : null;
    },
    milliseconds,
  );

const clear = async (): Promise<void> => {
  await commands.executeCommand('notifications.clearAll');
  // Left open, the centre would lie over what is to be clicked.
  await commands.executeCommand('notifications.hideList');
};

const rowOf = (name: string): string => `.part.sidebar .monaco-list-row:has-text("${name}")`;

const showRuns = async (): Promise<void> => {
  await commands.executeCommand('pentimento.refreshRuns');
  await commands.executeCommand('pentimento.runsView.focus');
  // Rows far down are not in the page.
  await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
  await workbenchText(rowOf('finished'));
  await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
};

const runNames = (): string[] => readdirSync(file('.pentimento/runs').fsPath).sort();

const opensFinished = async (): Promise<void> => {
  await commands.executeCommand('pentimento.openSpectra', runFolder('finished'));
  assert.equal(await drawn('spectra'), 2);
  assert.match(await textOf('spectra'), /finished/);
};

const lineOf = (document: TextDocument, text: string): number =>
  document.positionAt(document.getText().indexOf(text)).line;

const errorsOnLine = (document: TextDocument, line: number): Diagnostic[] =>
  languages.getDiagnostics(document.uri).filter(({ range }) => range.start.line === line);

/** Ends the engine as a crash would, and what is said about that. */
const endEngine = async (): Promise<void> => {
  const { enginePid } = await api();
  const pid = enginePid();
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await eventually('no engine', () => enginePid() === undefined);
  await clear();
};

describe('bad input', () => {
  before(api);
  beforeEach(clear);
  afterEach(closeEditors);

  it('an experiment that asks for a label the data does not have: names file, place and remedy', async () => {
    const runs = runNames();
    await commands.executeCommand('pentimento.train', file('wrong.experiment.json'));
    const text = await notified(/colour/);
    const document = await workspace.openTextDocument(file('wrong.experiment.json'));
    const line = lineOf(document, '"colour"');
    assert.match(text, new RegExp(`wrong\\.experiment\\.json:${line + 1}:\\d+ /loss/label: `));
    assert.match(text, /no factor "colour"\. Use one of the factors: "digit", "clothes", "superclass"\./);
    assert.match(text, /Show Log/);
    const problems = await eventually('a diagnostic at the label', () => {
      const found = errorsOnLine(document, line);
      return found.length > 0 ? found : null;
    });
    assert.deepEqual(
      problems.map(({ source, code, message }) => ({ source, code, remedied: /Use one of/.test(message) })),
      [{ source: 'Pentimento', code: '/loss/label', remedied: true }],
    );
    assert.deepEqual(runNames(), runs);
  });

  it('a misspelt key: says so, marks it once and makes no run', async () => {
    const runs = runNames();
    await commands.executeCommand('pentimento.train', file('misspelt.experiment.json'));
    const text = await notified(/epochz/);
    assert.match(text, /misspelt\.experiment\.json:\d+:\d+/);
    assert.match(text, /"epochs"/, 'the right key is not suggested');
    const document = await workspace.openTextDocument(file('misspelt.experiment.json'));
    const line = lineOf(document, '"epochz"');
    await eventually('one diagnostic at the key', () => errorsOnLine(document, line).length === 1);
    assert.deepEqual(runNames(), runs);
  });

  it('runs that are damaged or newer stand in the tree with the reason, and the others still open', async () => {
    await showRuns();
    assert.match(await workbenchText(rowOf('damaged')), /cannot be read/);
    assert.match(await workbenchText(rowOf('newer')), /cannot be read/);
    assert.doesNotMatch(await workbenchText(rowOf('finished')), /cannot be read/);
    // VS Code drops a click on a row that it draws anew between the press and the release.
    const text = await eventually('a message after a click on the run', async () => {
      await click({ selector: rowOf('newer') });
      return notified(/version 99/, 10_000);
    });
    assert.match(text, /newer\/run\.json/);
    assert.match(text, /Update Pentimento/);
    await clear();
    await opensFinished();
  });

  it('a panel on a damaged run: a message instead', async () => {
    await commands.executeCommand('pentimento.openSpectra', runFolder('damaged'));
    const text = await notified(/not valid JSON/);
    assert.match(text, /damaged\/run\.json/);
    assert.match(text, /train it again/);
    assert.match(text, /Show Log/);
    assert.deepEqual(
      (await webviews()).filter(({ data }) => data.page === 'spectra'),
      [],
    );
  });

  it('a panel on a run that was not inspected offers to, and then draws it', async () => {
    const raw = runFolder('raw');
    const analysis = new Set(['analysis.json', 'analyses', 'recommendations.json', 'selection.json']);
    cpSync(runFolder('finished').fsPath, raw.fsPath, { recursive: true });
    for (const name of analysis) rmSync(join(raw.fsPath, name), { recursive: true, force: true });
    try {
      await commands.executeCommand('pentimento.openSpectra', raw);
      await eventually('the reason', async () => /not been inspected/.test(await textOf('spectra')));
      const label = await evaluate<string>('spectra', "document.querySelector('button.primary').textContent");
      assert.equal(label, 'Inspect Run');
      await click({ webview: 'spectra', selector: 'button.primary' });
      assert.equal(await drawn('spectra'), 2);
      await notified(/raw is inspected/);
    } finally {
      await clear();
      await closeEditors();
      rmSync(raw.fsPath, { recursive: true, force: true });
      await commands.executeCommand('pentimento.refreshRuns');
    }
  });

  it('an engine that cannot start: says so, what is there still opens, and the next one starts', async () => {
    const engine = join(extensions.getExtension('pentimento.pentimento')!.extensionPath, 'dist', 'engine.js');
    const run = runFolder('finished');
    const { enginePid } = await api();
    await endEngine();
    renameSync(engine, `${engine}.away`);
    try {
      await commands.executeCommand('pentimento.inspect', run);
    } finally {
      renameSync(`${engine}.away`, engine);
    }
    const text = await notified(/the engine cannot start/);
    assert.match(text, /Show Log/);
    assert.match(text, /reinstall the extension/);
    assert.equal(enginePid(), undefined);
    await clear();
    await opensFinished();
    const analysis = join(run.fsPath, 'analysis.json');
    const before = statSync(analysis).mtimeMs;
    await commands.executeCommand('pentimento.inspect', run);
    await notified(/finished is inspected/);
    assert.ok(statSync(analysis).mtimeMs > before, 'the analysis was not written again');
    assert.notEqual(enginePid(), undefined);
  });
});
