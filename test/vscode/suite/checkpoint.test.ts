import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CodeLens,
  commands,
  env,
  type Hover,
  Position,
  TabInputCustom,
  Uri,
  window,
  workspace,
} from 'vscode';
import { click, evaluate, press, screenshot, workbenchText } from '../launcher/browserClient.ts';
import { api, closeEditors, drawn, eventually, file, textOf } from './editor.ts';
import { checkWordsOfPdf } from './savedFigures.ts';
import { checkThemes } from './themes.ts';

const model = (name: string): Uri => file(`models/of/tests/${name}`);

/** The drawn rows of the table, by their text. */
const rows = (): Promise<string[]> =>
  evaluate(
    'checkpoint',
    "[...document.querySelectorAll('.grid-body [role=row]')].map((row) => row.innerText)",
  );

const selectedRow = (): Promise<string> =>
  evaluate('checkpoint', "document.querySelector('.grid-body .selected')?.innerText ?? ''");

/** Full names of the layers of the drawn rows, which a row may show shortened. */
const rowNames = (): Promise<string[]> =>
  evaluate(
    'checkpoint',
    "[...document.querySelectorAll('.grid-body .row.layer .name')].map(({ title }) => title.split('\\n')[0])",
  );

const headings = (): Promise<string> =>
  evaluate('checkpoint', "document.querySelector('.grid-head').innerText");

const measured = (): Promise<true> =>
  eventually('measures in every row', async () => {
    const waiting = "document.querySelectorAll('.grid-body .waiting').length";
    return (await rows()).length > 0 && (await evaluate<number>('checkpoint', waiting)) === 0;
  });

/** Lenses of a file, with the commands that are resolved when they become visible. */
const lensesOf = async (uri: Uri): Promise<CodeLens[]> =>
  (await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 20)) ?? [];

describe('checkpoints', () => {
  before(api);

  it('opens in its own editor: the table at once, then the spectra', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    assert.ok((await drawn('checkpoint')) > 0);
    const text = await textOf('checkpoint');
    assert.match(text, /encoder\.safetensors/);
    assert.match(text, /safetensors/);
    await measured();
    assert.ok((await rows()).some((row) => row.includes('encoder')));
  });

  it('opens models by itself, and data by choice, with a way back', async () => {
    const viewType = () => {
      const input = window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof TabInputCustom ? input.viewType : undefined;
    };
    const [torch, array] = [model('encoder.pt'), model('encoder.npy')];
    writeFileSync(torch.fsPath, 'no archive');
    writeFileSync(array.fsPath, 'no array');
    try {
      await commands.executeCommand('vscode.open', torch);
      await eventually('the editor of a model', async () => viewType() === 'pentimento.checkpoint');
      await commands.executeCommand('vscode.openWith', torch, 'default');
      await eventually('another editor', async () => viewType() === undefined);
      await commands.executeCommand('vscode.open', array);
      await eventually('the text', async () => window.activeTextEditor?.document.uri.path === array.path);
      await click({ selector: '.editor-actions [aria-label^="Open Checkpoint"]' });
      await eventually('our editor', async () => viewType() === 'pentimento.checkpoint');
      await click({ selector: '.editor-actions [aria-label^="Reopen Editor With"]' });
      const choices = '.quick-input-list';
      await eventually('the editors of VS Code', async () =>
        /Text Editor/.test(await workbenchText(choices)),
      );
      await commands.executeCommand('workbench.action.closeQuickOpen');
    } finally {
      await closeEditors();
      for (const file of [torch, array]) rmSync(file.fsPath);
    }
  });

  it('passes axe-core in four themes, with a layer chosen', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    await drawn('checkpoint');
    await measured();
    await click({
      webview: 'checkpoint',
      selector: '.grid-body [role=row].layer [role=gridcell], .grid-body [role=row].layer',
    });
    await checkThemes('checkpoint');
  });

  it('exports every figure of the page by command, with the same words in a PDF as in an SVG', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    await drawn('checkpoint');
    await measured();
    await click({ webview: 'checkpoint', selector: '.grid-body [role=row].layer' });
    const figures = (): Promise<number> =>
      evaluate('checkpoint', "[...document.querySelectorAll('figure .plot svg')].length");
    await eventually('the depth profile, the spectrum and the density', async () => (await figures()) === 3);
    await checkWordsOfPdf('checkpoint', await figures());
  });

  it('links the depth profile with the table, by keyboard and by mouse', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    await drawn('checkpoint');
    await measured();
    const names = await rowNames();
    assert.ok(names.length > 1);
    const selected = (): Promise<string> =>
      evaluate(
        'checkpoint',
        "document.querySelector('.grid-body .selected .name')?.title.split('\\n')[0] ?? ''",
      );
    const mark = (): Promise<number> =>
      evaluate('checkpoint', "Number(document.querySelector('.profile .selected-depth').getAttribute('x1'))");
    await evaluate('checkpoint', "document.querySelector('.profile .plot').focus()");
    await press('End');
    await eventually('the value of the last layer', async () =>
      (
        await evaluate<string>('checkpoint', "document.querySelector('.profile .readout').innerText")
      ).startsWith(names.at(-1)!),
    );
    await press('Enter');
    await eventually('the last layer selected', async () => (await selected()) === names.at(-1));
    const atLast = await mark();
    await click({ webview: 'checkpoint', selector: '.grid-body .row.layer .name' });
    await eventually('the first layer selected', async () => (await selected()) === names[0]);
    await eventually('its mark in the profile', async () => (await mark()) < atLast);
    await click({ webview: 'checkpoint', selector: '.profile summary' });
    await eventually('the profile folded away', async () =>
      evaluate<boolean>('checkpoint', "document.querySelector('.profile .figure') === null"),
    );
    await click({ webview: 'checkpoint', selector: '.profile summary' });
    await eventually('the profile again', async () =>
      evaluate<boolean>('checkpoint', "document.querySelector('.profile .plot svg') !== null"),
    );
  });

  it('shows the columns that are chosen, and never cuts the arrow of the order', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    await drawn('checkpoint');
    const button = '.column-chooser button[aria-expanded]';
    const isOpen = (): Promise<boolean> =>
      evaluate('checkpoint', `document.querySelector('${button}').ariaExpanded === 'true'`);
    assert.doesNotMatch(await headings(), /KS dist/);
    await click({ webview: 'checkpoint', selector: button });
    await eventually('the list of columns', isOpen);
    await click({ webview: 'checkpoint', selector: '[data-column="ksDistance"]' });
    await eventually('the new column', async () => /KS dist/.test(await headings()));
    await press('Escape');
    await eventually('the list closed', async () => !(await isOpen()));
    assert.ok(
      await evaluate<boolean>('checkpoint', `document.activeElement === document.querySelector('${button}')`),
      'the button has the focus again',
    );
    await click({ webview: 'checkpoint', selector: '.grid-head .cell:has-text("KS dist")' });
    const isWhole = `(() => {
      const arrow = document.querySelector('.grid-head .arrow');
      if (!arrow) return false;
      const [inner, outer] = [arrow, arrow.parentElement].map((each) => each.getBoundingClientRect());
      return inner.width > 0 && inner.left >= outer.left && inner.right <= outer.right;
    })()`;
    await eventually('an arrow within its heading', () => evaluate<boolean>('checkpoint', isWhole));
    await click({ webview: 'checkpoint', selector: button });
    await click({ webview: 'checkpoint', selector: '.column-list > button' });
    await eventually('the usual columns', async () => !/KS dist/.test(await headings()));
  });

  it('says which filters leave no layer, and clears them', async () => {
    await commands.executeCommand('vscode.open', model('encoder.safetensors'));
    await drawn('checkpoint');
    const all = (await rows()).length;
    await evaluate(
      'checkpoint',
      `(() => {
        const search = document.querySelector('#layer-filter');
        search.value = 'no such layer';
        search.dispatchEvent(new Event('input'));
      })()`,
    );
    await eventually('the reason', async () =>
      /No layer matches the filter: name contains 'no such layer'/.test(await textOf('checkpoint')),
    );
    await click({ webview: 'checkpoint', selector: '.no-match button' });
    await eventually('every layer again', async () => (await rows()).length === all);
  });

  it('compares two checkpoints', async () => {
    await commands.executeCommand(
      'pentimento.compareCheckpoints',
      model('first.safetensors'),
      model('encoder.safetensors'),
    );
    assert.ok((await drawn('checkpoint')) > 0);
    const text = await textOf('checkpoint');
    assert.match(text, /first\.safetensors/);
    assert.match(text, /encoder\.safetensors/);
  });

  it('says why a file cannot be read', async () => {
    await commands.executeCommand('vscode.open', model('cut.safetensors'));
    await eventually('the reason', async () =>
      /cut\.safetensors, byte 0: claims a header of 200 bytes/.test(await textOf('checkpoint')),
    );
    assert.match(await textOf('checkpoint'), /Show Log/);
  });

  it('follows a file that changes', async () => {
    const uri = model('changing.safetensors');
    copyFileSync(model('encoder.safetensors').fsPath, uri.fsPath);
    await commands.executeCommand('vscode.open', uri);
    await drawn('checkpoint');
    writeFileSync(uri.fsPath, readFileSync(uri.fsPath).subarray(0, 100));
    await eventually('that it changed', async () => /The file changed/.test(await textOf('checkpoint')));
    assert.ok((await rows()).length > 0, 'what it held is gone');
    copyFileSync(model('first.safetensors').fsPath, uri.fsPath);
    await eventually('the new version', async () => !/The file changed/.test(await textOf('checkpoint')));
  });

  it('follows a shard that changes as it follows the index', async () => {
    const folder = model('sharded').fsPath;
    const shard = `${folder}/deep/1.safetensors`;
    const whole = readFileSync(model('encoder.safetensors').fsPath);
    const header = whole.subarray(8, 8 + Number(whole.readBigUInt64LE())).toString();
    const [tensor] = Object.keys(JSON.parse(header) as object).filter((name) => name !== '__metadata__');
    mkdirSync(`${folder}/deep`, { recursive: true });
    writeFileSync(shard, whole);
    const index = `${folder}/model.safetensors.index.json`;
    writeFileSync(index, JSON.stringify({ weight_map: { [tensor]: 'deep/1.safetensors' } }));
    try {
      await commands.executeCommand('pentimento.openCheckpoint', Uri.file(index));
      await drawn('checkpoint');
      writeFileSync(shard, whole.subarray(0, 100));
      await eventually('that it changed', async () => /The file changed/.test(await textOf('checkpoint')));
      writeFileSync(shard, whole);
      await eventually('the new version', async () => !/The file changed/.test(await textOf('checkpoint')));
    } finally {
      await closeEditors();
      rmSync(folder, { recursive: true });
    }
  });

  it('says above a line of code what the checkpoint in it holds, and opens it from there', async () => {
    const uri = model('use.py');
    await window.showTextDocument(await workspace.openTextDocument(uri));
    const lenses = await eventually('lenses', async () => {
      const found = await lensesOf(uri);
      return found.length === 3 && found.every(({ command }) => command !== undefined) ? found : null;
    });
    // VS Code first returns those that did not need to be resolved.
    const titles = lenses.map(({ command }) => command!.title).sort();
    assert.deepEqual(titles.slice(1), ['Choose layer', 'Spectra']);
    // Two convolutions, and two matrices of the head.
    assert.match(titles[0], /^4 layers, 1\.68 k parameters: Inspect$/);
    const inspect = lenses.map(({ command }) => command!).find(({ title }) => title === titles[0])!;
    assert.deepEqual(
      lenses.map(({ range }) => range.start.line),
      [2, 2, 2],
    );
    await commands.executeCommand(inspect.command, ...inspect.arguments!);
    assert.ok((await drawn('checkpoint')) > 0);
  });

  it('says the same on hover, and nothing when the setting is off', async () => {
    const uri = model('use.py');
    await window.showTextDocument(await workspace.openTextDocument(uri));
    const hovers = async (): Promise<string> =>
      (await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, new Position(2, 24)))
        .map(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value)).join())
        .join();
    assert.match(await hovers(), /4 layers\\, 1\\\.68 k parameters/);
    await workspace.getConfiguration('pentimento').update('checkpointLens.enabled', false, true);
    assert.equal(await hovers(), '');
    assert.deepEqual(await lensesOf(uri), []);
  });

  it('offers its layers with what their spectra say, and copies and returns the one that is picked', async () => {
    const choice = commands.executeCommand<string>(
      'pentimento.chooseCheckpointLayer',
      model('encoder.safetensors'),
    );
    const list = await eventually('four measured layers', async () => {
      const text = await workbenchText('.quick-input-widget');
      return text.match(/effective rank [\d.]+ of \d+/g)?.length === 4 && text;
    });
    const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
    if (folder) await screenshot(`${folder}/choose-checkpoint-layer.png`);
    const first = /(\S+\.weight)/.exec(list)![1];
    await press('Enter');
    assert.equal(await choice, first);
    assert.equal(await env.clipboard.readText(), first);
  });

  it('follows folders of checkpoints that come and go as a whole', async () => {
    const listed = (count: number): Promise<true> =>
      eventually(`${count} files`, async () =>
        new RegExp(`${count} checkpoints`).test(await workbenchText('.part.sidebar')),
      );
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
    await listed(3);
    const elsewhere = mkdtempSync(join(tmpdir(), 'pentimento-moved-'));
    const [away, here] = [join(elsewhere, 'export.v2'), model('export.v2').fsPath];
    mkdirSync(join(away, 'deep'), { recursive: true });
    for (const name of ['one.safetensors', 'deep/two.safetensors'])
      copyFileSync(model('first.safetensors').fsPath, join(away, name));
    renameSync(away, here);
    await listed(5);
    renameSync(here, away);
    await listed(3);
    renameSync(away, here);
    await listed(5);
    rmSync(here, { recursive: true });
    await listed(3);
    rmSync(elsewhere, { recursive: true });
  });

  it('lists the checkpoints of the workspace in the tree, opens one at a layer, and shows there what was measured', async () => {
    const row = (text: string): string => `.part.sidebar .monaco-list-row:has-text("${text}")`;
    const listed = (count: number): Promise<true> =>
      eventually(`${count} files`, async () =>
        new RegExp(`${count} checkpoints`).test(await workbenchText(row('Models'))),
      );
    await commands.executeCommand('pentimento.runsView.focus');
    // An empty tree has nothing to collapse; an open run leaves no room for what is looked for.
    await eventually('a tree that is closed', async () => {
      const before = await workbenchText('.part.sidebar');
      await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
      const after = await workbenchText('.part.sidebar');
      return /finished|damaged/.test(before) && after.includes('Models') && !after.includes('Latest');
    });
    await listed(3);
    const added = model('added.safetensors');
    copyFileSync(model('first.safetensors').fsPath, added.fsPath);
    await listed(4);
    await click({ selector: `${row('Models')} .monaco-tl-twistie` });
    await click({ selector: `${row('added.safetensors')} .monaco-tl-twistie` });
    assert.match(await workbenchText(row('head.2.weight')), /8 × 16/);
    await click({ selector: row('head.2.weight') });
    await drawn('checkpoint');
    await eventually('the layer', async () => /head\.2\.weight\s/.test(await selectedRow()));
    await click({ selector: row('head.1.weight') });
    await eventually('another layer', async () => /head\.1\.weight\s/.test(await selectedRow()));
    await eventually('its rank', async () =>
      /eff\. rank [\d.]+/.test(await workbenchText(row('head.1.weight'))),
    );
    await closeEditors();
    rmSync(added.fsPath);
    await listed(3);
  });
});
