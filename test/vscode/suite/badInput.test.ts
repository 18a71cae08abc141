import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { commands, type Diagnostic, extensions, languages, type TextDocument, workspace } from 'vscode';
import { click, evaluate, webviews, workbenchText } from '../launcher/browserClient.ts';
import {
  api,
  clearNotifications,
  copyRun,
  drawn,
  endEngine,
  eventually,
  file,
  notified,
  runFolder,
  textOf,
} from './editor.ts';

const rowOf = (name: string): string => `.part.sidebar .monaco-list-row:has-text("${name}")`;

const showRuns = async (): Promise<void> => {
  await commands.executeCommand('pentimento.refreshRuns');
  await commands.executeCommand('pentimento.runsView.focus');
  // Rows far down are not in the DOM.
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

describe('bad input', () => {
  before(api);

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
    // VS Code drops a click on a row that it redraws between press and release.
    await eventually('a message after a click on the run', async () => {
      await click({ selector: rowOf('newer') });
      await commands.executeCommand('notifications.showList');
      return /version 99/.test(await workbenchText('.notifications-center.visible'));
    });
    const text = await notified(/version 99/);
    assert.match(text, /newer\/run\.json/);
    assert.match(text, /Update Pentimento/);
    await clearNotifications();
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
    const raw = await copyRun('raw', ['analysis.json', 'analyses', 'recommendations.json']);
    await commands.executeCommand('pentimento.openSpectra', raw);
    await eventually('the reason', async () => /not been inspected/.test(await textOf('spectra')));
    const label = await evaluate<string>('spectra', "document.querySelector('button.primary').textContent");
    assert.equal(label, 'Inspect Run');
    await click({ webview: 'spectra', selector: 'button.primary' });
    assert.equal(await drawn('spectra'), 2);
    await notified(/raw is inspected/);
  });

  it('an engine that cannot start: says so, what is there still opens, and the next one starts', async () => {
    const engine = join(extensions.getExtension('pentimento.pentimento')!.extensionPath, 'dist', 'engine.js');
    const run = await copyRun('again', ['analysis.json']);
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
    await clearNotifications();
    await opensFinished();
    await commands.executeCommand('pentimento.inspect', run);
    await notified(/again is inspected/);
    assert.match(readFileSync(join(run.fsPath, 'analysis.json'), 'utf8'), /"layers"/);
    assert.notEqual(enginePid(), undefined);
  });
});
