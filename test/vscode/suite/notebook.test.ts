import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  commands,
  NotebookCellData,
  NotebookCellKind,
  NotebookCellOutput,
  NotebookCellOutputItem,
  NotebookEdit,
  NotebookRange,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { click, evaluate, press, screenshot } from '../launcher/browserClient.ts';
import { eventually, file, json, runFolder } from './editor.ts';
import { checkThemes } from './themes.ts';

const MIME = 'application/vnd.pentimento.analysis+json';

interface Analysis {
  readonly layers: readonly { readonly name: string }[];
}
const analysis = (): Analysis => json<Analysis>(Uri.joinPath(runFolder('finished'), 'analysis.json'));

/** A notebook whose only cell has displayed this, as a kernel saves it. */
const open = async (displayed: unknown): Promise<void> => {
  const uri = file('shown.ipynb');
  const output = { output_type: 'display_data', metadata: {}, data: { [MIME]: displayed } };
  const cell = {
    cell_type: 'code',
    execution_count: 1,
    metadata: {},
    source: ['display(analysis)'],
    outputs: [output],
  };
  const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 2 };
  writeFileSync(uri.fsPath, JSON.stringify(notebook));
  await commands.executeCommand('vscode.openWith', uri, 'jupyter-notebook');
};

/** The value of an expression in which `tree` is the shadow tree of the output. */
const inOutput = <T>(expression: string): Promise<T> =>
  evaluate<T>(
    'notebook',
    `(() => { const tree = document.querySelector('.pentimento-analysis').shadowRoot; return ${expression}; })()`,
  );
const FIGURES = "tree.querySelectorAll('figure .plot svg').length";
const words = (selector: string): Promise<string> =>
  inOutput(`[...tree.querySelectorAll('${selector}')].map((each) => each.innerText).join(' | ')`);
const figures = (count: number): Promise<true> =>
  eventually(`${count} figures in the output`, async () => (await inOutput<number>(FIGURES)) === count);

describe('an analysis in a notebook', () => {
  // An edit of the test would ask whether to keep it.
  afterEach(() => commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('is drawn as the panels draw it, a tab for each, by keyboard', async () => {
    await open(analysis());
    // The probes of two tasks, and the layers ranked for each.
    await figures(3);
    assert.match(await words('h2'), /^finished$/);
    assert.match(await words('.recommendation h3'), /For digit: .* \| For superclass: /);
    const html = await inOutput<string>("tree.querySelector('[role=tabpanel]').innerHTML");
    for (const { name } of analysis().layers) assert.ok(html.includes(name), `${name} is not in the output`);

    await click({ webview: 'notebook', selector: '[role=tab][aria-selected=true]' });
    for (const [title, count] of [
      ['Feature Weights', 1],
      ['Spectra', 2],
      ['Similarity', 1],
      ['Probes', 3],
    ] as const) {
      await press('ArrowRight');
      await eventually(`the tab ${title}`, async () => (await words('[aria-selected=true]')) === title);
      await figures(count);
      const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
      const output = { webview: 'notebook', selector: '.pentimento-analysis' };
      if (folder) await screenshot(`${folder}/notebook ${title}.png`, output);
    }
    await press('End');
    await eventually('the last tab', async () => (await words('[aria-selected=true]')) === 'Similarity');
  });

  it('highlights a layer with the keys of the figure, and keeps the focus in it', async () => {
    await open(analysis());
    await figures(3);
    await click({ webview: 'notebook', selector: '[role=tab][aria-selected=true]' });
    await inOutput("tree.querySelector('.plot').focus()");
    await press('Home');
    const [first, second] = analysis().layers;
    const readout = (): Promise<string> => inOutput("tree.querySelector('.readout').innerText");
    await eventually('the first layer', async () => (await readout()).includes(first.name));
    await press('ArrowRight');
    await eventually('the second layer', async () => (await readout()).includes(second.name));
    assert.equal(await inOutput("tree.activeElement === tree.querySelector('.plot')"), true);
  });

  it('passes axe-core in four themes', async () => {
    await open(analysis());
    await figures(3);
    await checkThemes('notebook', '.pentimento-analysis');
  });

  for (const [what, displayed, line] of [
    [
      'newer',
      { ...{ version: 7 } },
      /^Output of the cell: has version 7, .*reads up to 2\. Update Pentimento\.$/,
    ],
    ['older', { version: 0 }, /^Output of the cell, version: is not a version that this Pentimento reads\. /],
    [
      'a text',
      'analysis.json',
      /^Output of the cell: is not valid JSON .*\. Display the whole analysis\.json /,
    ],
  ] as const) {
    it(`that is ${what} is one line that says what to do`, async () => {
      await open(displayed);
      const said = await eventually('the line', () => words('.failure'));
      assert.match(said, line);
      assert.doesNotMatch(said, /\n/);
      assert.equal(await inOutput<number>("tree.querySelectorAll('figure').length"), 0);
    });
  }

  it('has names that are text', async () => {
    const name = '<img src=x onerror="document.body.dataset.hit=1"><b>bold</b>';
    const { layers, ...rest } = analysis();
    await open({
      ...rest,
      experiment: name,
      layers: layers.map((each) => ({ ...each, name: `${name}${each.name}` })),
    });
    await figures(3);
    assert.equal(await words('h2'), name);
    assert.equal(await inOutput<number>("tree.querySelectorAll('img, b').length"), 0);
    assert.equal(await evaluate('notebook', "document.body.dataset.hit ?? ''"), '');
  });

  it('leaves nothing behind when its output is cleared', async () => {
    await open({ version: 7 });
    await eventually('the page of the outputs', () => words('.failure'));
    await evaluate(
      'notebook',
      `(() => {
        const live = window.liveObservers = new Set();
        const { observe, disconnect } = MutationObserver.prototype;
        MutationObserver.prototype.observe = function (...given) {
          if (new Error().stack.includes('/dist/notebook.js')) live.add(this);
          return observe.apply(this, given);
        };
        MutationObserver.prototype.disconnect = function () {
          live.delete(this);
          return disconnect.apply(this);
        };
      })()`,
    );
    const live = (): Promise<number> => evaluate('notebook', 'window.liveObservers.size');
    const cell = new NotebookCellData(NotebookCellKind.Code, 'display(analysis)', 'python');
    cell.outputs = [new NotebookCellOutput([NotebookCellOutputItem.json(analysis(), MIME)])];
    const edit = new WorkspaceEdit();
    const { uri } = window.activeNotebookEditor!.notebook;
    edit.set(uri, [NotebookEdit.replaceCells(new NotebookRange(0, 1), [cell])]);
    assert.ok(await workspace.applyEdit(edit));
    await figures(3);
    // One for each figure, and one that follows the theme.
    assert.equal(await live(), 4);
    await commands.executeCommand('notebook.clearAllCellsOutputs');
    await eventually('no observer', async () => (await live()) === 0);
  });
});
