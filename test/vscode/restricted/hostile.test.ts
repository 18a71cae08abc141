import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { commands, languages, Selection, Uri, window, workspace } from 'vscode';
import { LINK } from '../../hostile/workspaces.mjs';
import {
  click,
  evaluate,
  evaluateWorkbench,
  hover,
  press,
  webviews,
  workbenchText,
} from '../launcher/browserClient.ts';
import { api, clearNotifications, closeEditors, eventually, textOf } from '../suite/editor.ts';
import { assertInert, inertMessage, NOTHING, picture } from './shownText.ts';
import { atStart } from './start.ts';

const folder = (name: string): Uri => {
  const found = workspace.workspaceFolders?.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the workspace has no folder ${name}`);
  return found.uri;
};
const inFolder = (name: string, ...path: string[]): Uri => Uri.joinPath(folder(name), ...path);
const runOf = (name: string, run: string): Uri => inFolder(name, '.pentimento', 'runs', run);

/** As a CSS string. */
const quoted = (text: string): string => JSON.stringify(text);
const rowOf = (text: string): string => `.part.sidebar .monaco-list-row:has-text(${quoted(text)})`;

/** The texts of the visible rows of the tree. */
const rows = (): Promise<string[]> =>
  evaluateWorkbench(
    `[...document.querySelectorAll('.part.sidebar .monaco-list-row')].map((row) => row.textContent)`,
  );

/** Shows the tree with all of its runs collapsed and visible. */
const showTree = async (): Promise<void> => {
  await commands.executeCommand('pentimento.runsView.focus');
  await eventually('rows in the tree', async () => (await rows()).length > 3);
  await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
};

/** Opens the run at an index in the tree and its checkpoint, by keyboard, until a row below it matches. */
const openRow = async (place: number, pattern: RegExp): Promise<void> => {
  await eventually(`a row ${pattern}`, async () => {
    await commands.executeCommand('pentimento.runsView.focus');
    const keys = ['Home', ...Array<string>(place).fill('ArrowDown'), ...Array<string>(3).fill('ArrowRight')];
    for (const key of keys) await press(key);
    return (await rows()).some((text) => pattern.test(text));
  });
};

/** Resolves once the extension host has responded. */
const hostLives = async (): Promise<void> => {
  const layers = await (await api()).selectedLayers();
  assert.ok(layers.length > 0);
};

describe('Restricted Mode, hostile folders', () => {
  beforeEach(clearNotifications);
  afterEach(closeEditors);

  it('are not trusted', () => {
    assert.equal(workspace.isTrusted, false);
  });

  it('show.json: unknown keys, runs elsewhere, many panels, depth and size are said in messages that are text', () => {
    const { messages, acting } = atStart();
    assert.match(messages, /links\W.*show\.json.*Unrecognized key/);
    assert.ok(messages.includes('[click] (command:workbench.action.terminal.new)'));
    assert.match(messages, /outside\W.*show\.json, panels\[0\]\.run: must be the name of a folder/);
    assert.match(messages, /linked\W.*show\.json: names the run "linked", which is a link out of the folder/);
    assert.match(messages, /many\W.*show\.json, panels: names more than 4 panels/);
    assert.match(messages, /deep\W.*show\.json: is nested more than 64 levels deep/);
    assert.match(messages, /large\W.*show\.json: is 1 MB large/);
    for (const one of acting) assert.deepEqual(one, NOTHING);
  });

  it('the tree: labels, descriptions and tooltips are text', async () => {
    await showTree();
    const row = rowOf('[click] (command:workbench.action.terminal.new)');
    assert.match(await workbenchText(row), /\[click\] \(command:/);
    await assertInert();
    for (const text of ['[click] (command', '$ (trash)', 'analysis']) {
      await hover({ selector: rowOf(text) });
      await workbenchText('.monaco-hover:visible');
      await assertInert();
    }
    await picture('tree');
  });

  it('the tree: layers of one name are listed, as is the reason why an analysis cannot be read', async () => {
    await showTree();
    await openRow(0, /^twin/);
    assert.equal((await rows()).filter((text) => /^twin/.test(text)).length, 2);
    await assertInert();
    await picture('layers');
    await showTree();
    await openRow(2, /Unrecognized key/);
    await assertInert();
    await commands.executeCommand('notifications.showList');
    assert.doesNotMatch(await workbenchText('.notifications-center.visible'), /already registered/);
  });

  it('a click on a run that cannot be read: the fault that quotes a link is text', async () => {
    await showTree();
    await commands.executeCommand('pentimento.runsView.focus');
    await press('End');
    const text = await eventually('a message after a click on the run', async () => {
      await click({ selector: rowOf('key [click]') });
      return inertMessage(/Unrecognized key/);
    });
    assert.match(text, /run\.json/);
  });

  it('lists to choose from: runs and layers are text', async () => {
    const asked = commands.executeCommand('pentimento.openSpectra');
    await workbenchText('.quick-input-list .monaco-list-row');
    await assertInert();
    await picture('list');
    await press('Escape');
    await asked;
    const model = inFolder('links', 'models', `${LINK}.safetensors`);
    const layers = commands.executeCommand('pentimento.chooseCheckpointLayer', model);
    const list = await eventually('layers', async () => {
      const text = await workbenchText('.quick-input-widget');
      return /effective rank/.test(text) ? text : null;
    });
    assert.match(list, /\$ \(trash\)\.weight/);
    await assertInert();
    await press('Escape');
    await layers;
  });

  it('the status bar: the selected layer and its tooltip are text', async () => {
    await commands.executeCommand('pentimento.refreshRuns');
    const item = '.part.statusbar .statusbar-item:has-text("first [click] (command:")';
    await eventually('the layer', () => workbenchText(item));
    await hover({ selector: item });
    await workbenchText('.monaco-hover:visible');
    await assertInert();
    await picture('status');
  });

  it('panels: the title of the tab and what is said of a damaged analysis are text', async () => {
    await commands.executeCommand('pentimento.openSpectra', runOf('links', LINK));
    await eventually('the panel', async () => (await webviews()).some(({ data }) => data.page === 'spectra'));
    await assertInert();
    await closeEditors();
    await commands.executeCommand('pentimento.openSpectra', runOf('links', 'analysis'));
    await eventually('the reason', async () => /Unrecognized key/.test(await textOf('spectra')));
    await assertInert();
  });

  it('code that names a checkpoint: lens and hover have no links but their own', async () => {
    const document = await workspace.openTextDocument(inFolder('links', 'models', 'use.py'));
    const editor = await window.showTextDocument(document);
    await eventually('a lens', async () => /parameters/.test(await workbenchText('.codelens-decoration')));
    await assertInert();
    const place = document.positionAt(document.getText().indexOf('terminal'));
    editor.selection = new Selection(place, place);
    await commands.executeCommand('editor.action.showHover');
    await workbenchText('.monaco-hover:has-text("Inspect")');
    await assertInert();
    const links = await evaluateWorkbench<string[]>(
      `[...document.querySelectorAll('.monaco-hover a')].map((a) => a.textContent).filter(Boolean)`,
    );
    assert.deepEqual(links, ['Inspect', 'Spectra', 'Choose layer']);
    await picture('hover');
  });

  it('an experiment whose keys are links: diagnostics and their hover are text', async () => {
    const file = inFolder('links', `${LINK}.experiment.json`);
    await window.showTextDocument(file);
    await commands.executeCommand('workbench.actions.view.problems');
    await eventually('the JSON support', () => languages.getDiagnostics(file).length > 0);
    // Shown, not only known: what is not drawn yet is always inert.
    await eventually('the problem in its panel', () =>
      evaluateWorkbench<boolean>("/not known here/.test(document.querySelector('.part.panel').textContent)"),
    );
    await assertInert();
    await commands.executeCommand('workbench.action.closePanel');
  });

  it('a checkpoint whose damage quotes a link is explained in text', async () => {
    await commands.executeCommand(
      'pentimento.openCheckpoint',
      inFolder('links', 'models', 'damaged.safetensors'),
    );
    await eventually('the reason', async () => (await textOf('checkpoint')).length > 20);
    await commands.executeCommand(
      'pentimento.chooseCheckpointLayer',
      inFolder('links', 'models', 'damaged.safetensors'),
    );
    await inertMessage(/damaged\.safetensors/);
  });

  it('an analysis in a notebook is drawn, and its names are text', async () => {
    const analysis = JSON.parse(
      readFileSync(Uri.joinPath(runOf('links', LINK), 'analysis.json').fsPath, 'utf8'),
    );
    const data = { 'application/vnd.pentimento.analysis+json': { ...analysis, experiment: LINK } };
    const output = { output_type: 'display_data', metadata: {}, data };
    const cell = { cell_type: 'code', execution_count: 1, metadata: {}, source: [], outputs: [output] };
    const notebook = inFolder('links', 'shown.ipynb');
    const text = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 2 });
    writeFileSync(notebook.fsPath, text);
    try {
      await commands.executeCommand('vscode.openWith', notebook, 'jupyter-notebook');
      const tree = "document.querySelector('.pentimento-analysis').shadowRoot";
      await eventually('a figure', () =>
        evaluate<boolean>('notebook', `${tree}.querySelector('figure') !== null`),
      );
      assert.match(
        await evaluate<string>('notebook', `${tree}.querySelector('h2').innerText`),
        /^\[click\] ?\(command/,
      );
      assert.equal(await evaluate<number>('notebook', `${tree}.querySelectorAll('a').length`), 0);
      await assertInert();
      await picture('notebook');
    } finally {
      await closeEditors();
      rmSync(notebook.fsPath);
    }
  });

  it('what writes is refused, by command and by the API alike', async () => {
    const run = runOf('many', 'one');
    const selection = (): string => readFileSync(Uri.joinPath(run, 'selection.json').fsPath, 'utf8');
    const before = selection();
    const question = { run: run.toString(), layer: 'b', confirmed: true };
    const { chooseLayer } = await api();
    for (const choose of [chooseLayer, () => commands.executeCommand('pentimento.chooseLayer', question)]) {
      await clearNotifications();
      assert.equal(await choose(question), undefined);
      await inertMessage(/not trusted/);
    }
    assert.equal(selection(), before);
  });

  it('documents that are too large, too deep or endless: each run says so, and the host lives', async () => {
    const faultOf = async (run: string): Promise<string> => {
      await clearNotifications();
      await commands.executeCommand('pentimento.openProbes', { run: runOf('large', run).toString() });
      return inertMessage(new RegExp(`${run}/`));
    };
    assert.match(await faultOf('blank'), /metrics\.jsonl, last line: is not a metric/);
    assert.match(await faultOf('hollow'), /metrics\.jsonl.*472 MB large/s);
    assert.match(await faultOf('line'), /metrics\.jsonl/);
    assert.match(await faultOf('deep'), /run\.json.*nested/s);
    assert.match(await faultOf('closed'), /run\.json.*nested/s);
    assert.match(await faultOf('device'), /run\.json.*not a file/s);
    const { heapUsed, rss } = process.memoryUsage();
    console.log(`    host: ${Math.round(heapUsed / 1e6)} MB of heap, ${Math.round(rss / 1e6)} MB in all`);
    await hostLives();
  });
});
