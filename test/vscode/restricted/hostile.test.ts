import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { commands, languages, Selection, Uri, window, workspace } from 'vscode';
import { LINK } from '../../hostile/workspaces.mjs';
import {
  click,
  evaluateWorkbench,
  hover,
  press,
  webviews,
  workbenchText,
} from '../launcher/browserClient.ts';
import { api, closeEditors, eventually, textOf } from '../suite/editor.ts';
import { assertInert, clearMessages, notified, picture } from './shownText.ts';

const folder = (name: string): Uri => {
  const found = workspace.workspaceFolders?.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the workspace has no folder ${name}`);
  return found.uri;
};
const inFolder = (name: string, ...path: string[]): Uri => Uri.joinPath(folder(name), ...path);
const runOf = (name: string, run: string): Uri => inFolder(name, '.pentimento', 'runs', run);

/** As CSS takes a string. */
const quoted = (text: string): string => JSON.stringify(text);
const rowOf = (text: string): string => `.part.sidebar .monaco-list-row:has-text(${quoted(text)})`;

/** The texts of the tree's rows that are in sight. */
const rows = (): Promise<string[]> =>
  evaluateWorkbench(
    `[...document.querySelectorAll('.part.sidebar .monaco-list-row')].map((row) => row.textContent)`,
  );

const showTree = async (): Promise<void> => {
  await commands.executeCommand('pentimento.runsView.focus');
  await eventually('rows in the tree', async () => (await rows()).length > 3);
};

/** Answers once the extension host has done something for it. */
const hostLives = async (): Promise<void> => {
  const layers = await (await api()).selectedLayers();
  assert.ok(layers.length > 0);
};

/** What the notification centre lists; it shows only some of its rows at a time. */
const allMessages = async (): Promise<string> => {
  await commands.executeCommand('notifications.showList');
  const texts: string[] = [];
  for (const key of ['Home', 'PageDown', 'PageDown', 'End']) {
    await press(key);
    texts.push(await workbenchText('.notifications-center.visible'));
    await assertInert();
  }
  return texts.join('\n');
};

describe('Restricted Mode, hostile folders', () => {
  afterEach(closeEditors);

  it('are not trusted, and the runs in them are listed at once', async () => {
    assert.equal(workspace.isTrusted, false);
    const [begun, before] = [performance.now(), process.cpuUsage()];
    const { activationMs } = await api();
    await hostLives();
    const { user, system } = process.cpuUsage(before);
    const processor = ((user + system) / 1000).toFixed(0);
    console.log(
      `    first answer after ${(performance.now() - begun).toFixed(0)} ms (${processor} ms of processor time); activation ${activationMs.toFixed(0)} ms`,
    );
  });

  it('show.json: unknown keys, runs elsewhere, many panels, depth and size: text in messages that come by themselves', async () => {
    const expected = [
      /links\W.*show\.json.*Unrecognized key.*\[click\] \(command:workbench\.action\.terminal\.new\)/,
      /outside\W.*show\.json, panels\[0\]\.run: must be the name of a folder/,
      /linked\W.*show\.json.*is a link out of the folder/,
      /many\W.*show\.json, panels: names more than 4 panels/,
      /deep\W.*show\.json.*nested more than/,
      /large\W.*show\.json.*is 1 MB large/,
    ];
    await eventually('a message of each', async () => {
      const text = await allMessages();
      return expected.every((pattern) => pattern.test(text)) ? text : null;
    });
    await press('Home');
    await picture('notifications');
    assert.deepEqual(await webviews(), []);
  });

  // Only from here on: the messages that come by themselves come once.
  describe('the tree, lists, panels and documents', () => {
    beforeEach(clearMessages);

    it('the tree: labels, descriptions and tooltips are text', async () => {
      await showTree();
      const row = rowOf('[click] (command:workbench.action.terminal.new)');
      assert.match(await workbenchText(row), /\[click\] \(command:/);
      await assertInert();
      for (const text of ['[click] (command', '$ (trash)', 'second [click]']) {
        await hover({ selector: rowOf(text) });
        await workbenchText('.monaco-hover:visible');
        await assertInert();
      }
      await picture('tree');
    });

    it('the tree: layers of one name are listed, as is the reason why an analysis cannot be read', async () => {
      await showTree();
      await eventually(
        'the twins',
        async () => (await rows()).filter((text) => /^twin/.test(text)).length === 2,
      );
      await commands.executeCommand('pentimento.runsView.focus');
      await click({ selector: rowOf('analysis') });
      await eventually('the reason', async () =>
        (await rows()).some((text) => /Unrecognized key/.test(text)),
      );
      await assertInert();
      assert.deepEqual((await allMessages()).match(/already registered/g), null);
    });

    it('a click on a run that cannot be read: the fault that quotes a link is text', async () => {
      await showTree();
      await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
      await press('End');
      const text = await eventually('a message after a click on the run', async () => {
        await click({ selector: rowOf('key [click]') });
        return notified(/Unrecognized key/);
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

    it('panels: the title of the tab and what is said of a damaged analysis are text', async () => {
      await commands.executeCommand('pentimento.openSpectra', runOf('links', LINK));
      await eventually('the panel', async () =>
        (await webviews()).some(({ data }) => data.page === 'spectra'),
      );
      await assertInert();
      await closeEditors();
      await commands.executeCommand('pentimento.openSpectra', runOf('links', 'analysis'));
      await eventually('the reason', async () => /Unrecognized key/.test(await textOf('spectra')));
      await assertInert();
    });

    it('code that names a checkpoint: lens and hover have no links but their own', async () => {
      const document = await workspace.openTextDocument(inFolder('links', 'models', 'use.py'));
      const editor = await window.showTextDocument(document);
      await workbenchText('.codelens-decoration:has-text("parameters")');
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
      await eventually('the JSON support or ours', () => languages.getDiagnostics(file).length > 0);
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
      await notified(/damaged\.safetensors/);
    });

    it('what writes is refused, by command and by the API alike', async () => {
      const run = runOf('links', 'analysis');
      const selection = Uri.joinPath(run, 'selection.json').fsPath;
      const before = statSync(selection).mtimeMs;
      const question = { run: runOf('many', 'one').toString(), layer: 'a', confirmed: true };
      assert.equal(await commands.executeCommand('pentimento.chooseLayer', question), undefined);
      await notified(/not trusted/);
      await clearMessages();
      assert.equal(await (await api()).chooseLayer(question), undefined);
      await notified(/not trusted/);
      await clearMessages();
      const raw = { run: runOf('many', 'one').toString() };
      await commands.executeCommand('pentimento.copyLayerCode', raw);
      assert.equal(statSync(selection).mtimeMs, before);
      assert.equal(existsSync(Uri.joinPath(runOf('many', 'one'), 'selection.json.tmp').fsPath), false);
    });

    it('documents that are too large, too deep or endless: each run says so, and the host lives', async () => {
      const faultOf = async (run: string): Promise<string> => {
        await clearMessages();
        await commands.executeCommand('pentimento.openProbes', { run: runOf('large', run).toString() });
        return notified(new RegExp(`${run}/`));
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
});
