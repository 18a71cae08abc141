import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { commands, TabInputWebview, Uri, window } from 'vscode';
import { click, evaluate, evaluateAround, press } from '../launcher/browserClient.ts';
import { closeEditors, drawn, eventually, file, json, runFolder, setTheme, textOf } from './editor.ts';
import { checkWordsOfPdf, savedFigure } from './savedFigures.ts';
import { checkThemes } from './themes.ts';

const PANELS = [
  { page: 'spectra', command: 'openSpectra', figures: 2 },
  { page: 'featureWeights', command: 'openFeatureWeights', figures: 1 },
  { page: 'probes', command: 'openProbes', figures: 3 },
  { page: 'similarity', command: 'openSimilarity', figures: 1 },
] as const;
const open = async (page: (typeof PANELS)[number]): Promise<number> => {
  await commands.executeCommand(`pentimento.${page.command}`, runFolder('finished'));
  return drawn(page.page);
};

describe('panels', () => {
  for (const panel of PANELS) {
    it(`${panel.page} draws the run and names its layers`, async () => {
      assert.equal(await open(panel), panel.figures);
      const text = await textOf(panel.page);
      assert.match(text, /finished/);
      const analysis = json<{ layers: { name: string }[] }>(file('.pentimento/runs/finished/analysis.json'));
      const html = await evaluate<string>(panel.page, 'document.body.innerHTML');
      for (const { name } of analysis.layers)
        assert.ok(html.includes(name), `${name} is not in ${panel.page}`);
    });

    it(`${panel.page} passes axe-core in four themes`, async () => {
      await open(panel);
      await checkThemes(panel.page);
    });
  }

  it('compare draws two epochs of one run side by side, and passes axe-core', async () => {
    const run = runFolder('finished').toString();
    await commands.executeCommand(
      'pentimento.compareRuns',
      { run, state: 'epoch-0001' },
      { run, state: 'last' },
    );
    assert.ok((await drawn('compare')) >= 3);
    assert.match(await textOf('compare'), /Epoch 1/);
    await checkThemes('compare');
  });

  it('draws the mean of runs with its interval, and passes axe-core', async () => {
    const [first, second] = [runFolder('finished'), runFolder('another-seed')];
    cpSync(first.fsPath, second.fsPath, { recursive: true });
    const analysis = json<{ seed: number; layers: { name: string }[] }>(
      Uri.joinPath(second, 'analysis.json'),
    );
    writeFileSync(
      Uri.joinPath(second, 'analysis.json').fsPath,
      JSON.stringify({ ...analysis, seed: analysis.seed + 1 }),
    );
    await commands.executeCommand(
      'pentimento.openRunMeans',
      [first, second].map((run) => ({ run: run.toString() })),
    );
    assert.equal(await drawn('runMeans'), 1);
    assert.match(await textOf('runMeans'), /2 runs/);
    await click({ webview: 'runMeans', selector: '.plot' });
    await press('Home');
    // The click highlights the layer that it hits; the key may come after that.
    const expected = new RegExp(`^At ${analysis.layers[0].name}: .*: mean .* \\(95 % interval .*, 2 runs\\)`);
    await eventually('the mean at the first layer', async () =>
      expected.test(await evaluate<string>('runMeans', "document.querySelector('.readout').textContent")),
    );
    await checkThemes('runMeans');
  });

  it('shows what theory predicts for the numbers that are typed, says what is wrong with them, and passes axe-core', async () => {
    await commands.executeCommand('pentimento.openTheory');
    assert.equal(await drawn('theory'), 1);
    const type = (text: string) =>
      evaluate(
        'theory',
        `(() => { const field = document.getElementById('theory-strengths'); field.value = ${JSON.stringify(text)};
          field.dispatchEvent(new Event('input', { bubbles: true })); })()`,
      );
    const problem = () =>
      evaluate<string>('theory', "document.querySelector('.failure:not([hidden])')?.textContent ?? ''");
    await type('1, 2');
    // The engine's own words: five numbers of noise for two features.
    await eventually('the problem', async () => /noise: holds 5 values for 2 features/.test(await problem()));
    await type('1, 2, 3, 4, 5');
    await eventually('no problem', async () => (await problem()) === '');
    await click({ webview: 'theory', selector: '.plot' });
    await press('Home');
    await eventually('the layer in words', async () =>
      /^layer 1 is the layer to keep for/.test(
        await evaluate<string>('theory', "document.querySelector('.readout').textContent"),
      ),
    );
    await checkThemes('theory');
  });

  it('links the highlighted layer between panels, by keyboard', async () => {
    await open(PANELS[0]);
    await commands.executeCommand('pentimento.openSimilarity', runFolder('finished'));
    await drawn('similarity');
    await commands.executeCommand('workbench.action.moveEditorToRightGroup');
    await drawn('spectra');
    await evaluate('spectra', "document.querySelector('.plot').focus()");
    await click({ webview: 'spectra', selector: '.plot' });
    await press('Escape');
    await press('ArrowRight');
    const readout = (page: string) =>
      evaluate<string>(page, "document.querySelector('.readout').textContent");
    const analysis = json<{ layers: { name: string }[] }>(file('.pentimento/runs/finished/analysis.json'));
    // Before the key, it may still say what the click has highlighted.
    for (const page of ['spectra', 'similarity'])
      await eventually(`the first layer in ${page}`, async () =>
        (await readout(page)).includes(analysis.layers[0].name),
      );
  });

  it('does not send a highlighted layer back to its page, where it would undo further keys', async () => {
    await open(PANELS[0]);
    await commands.executeCommand('pentimento.openSimilarity', runFolder('finished'));
    await drawn('similarity');
    await commands.executeCommand('workbench.action.moveEditorToRightGroup');
    await drawn('spectra');
    const layers = json<{ layers: { name: string }[] }>(
      file('.pentimento/runs/finished/analysis.json'),
    ).layers.map(({ name }) => name);
    const second = { kind: 'layer', layer: layers[1], run: { uri: runFolder('finished') }, state: 'last' };
    const highlightSecond = () => commands.executeCommand('pentimento.highlightLayer', second);
    // The window remembers what other tests highlighted, and says nothing of a layer that is highlighted already.
    await highlightSecond();
    for (const page of ['spectra', 'similarity'])
      await eventually(`the second layer in ${page}`, async () =>
        (await evaluate<string>(page, "document.querySelector('.readout').textContent")).includes(layers[1]),
      );
    const heard = (page: string) => evaluate<string[]>(page, 'globalThis.heardLayers');
    for (const page of ['spectra', 'similarity'])
      await evaluate(
        page,
        `(() => { globalThis.heardLayers = [];
          addEventListener('message', ({ data }) => {
            if (data.method === 'highlightLayer') globalThis.heardLayers.push(data.params.layer);
          }); })()`,
      );
    await evaluate('spectra', "document.querySelector('.plot').focus()");
    await press('End');
    await press('Home');
    await eventually(
      'the first layer in similarity',
      async () => (await heard('similarity')).at(-1) === layers[0],
    );
    // Messages come in order: after this one, nothing earlier is on its way.
    await highlightSecond();
    for (const page of ['spectra', 'similarity'])
      await eventually(`the layer of the command in ${page}`, async () =>
        (await heard(page)).includes(layers[1]),
      );
    assert.deepEqual(await heard('spectra'), [layers[1]]);
    assert.deepEqual(await heard('similarity'), [layers.at(-1), layers[0], layers[1]]);
  });

  it('open in one column beside the editor', async () => {
    await window.showTextDocument(Uri.joinPath(runFolder('finished'), 'run.json'));
    for (const panel of PANELS) {
      await open(panel);
      // Each is opened while the user is in the text.
      await commands.executeCommand('workbench.action.focusFirstEditorGroup');
    }
    const panels = window.tabGroups.all.map(
      ({ tabs }) => tabs.filter(({ input }) => input instanceof TabInputWebview).length,
    );
    assert.deepEqual(panels, [0, PANELS.length]);
  });

  it('hides a line with its name in the legend, which keeps the focus', async () => {
    await open(PANELS[0]);
    const isShown = (pressed: boolean, hidden: number) => async (): Promise<boolean> => {
      const state = `[document.activeElement.getAttribute('aria-pressed'),
        document.querySelector('.plot').querySelectorAll('path.line[visibility="hidden"]').length]`;
      const [found, lines] = await evaluate<[string | null, number]>('spectra', state);
      return found === String(pressed) && lines === hidden;
    };
    await click({ webview: 'spectra', selector: '.legend button' });
    await eventually('a hidden line', isShown(false, 1));
    await press('Enter');
    await eventually('the line again', isShown(true, 0));
  });

  it('exports a figure as SVG, PDF, PNG and CSV', async () => {
    await open(PANELS[1]);
    for (const [format, start] of [
      ['svg', '<svg'],
      ['pdf', '%PDF-1.'],
      ['png', '\x89PNG'],
      ['csv', 'layer,feature,'],
    ] as const) {
      const begin = (await savedFigure(0, format)).subarray(0, 40).toString('latin1');
      assert.ok(begin.startsWith(start), `${format}: ${begin}`);
    }
  });

  it('writes the same words into a PDF as into an SVG, for every figure', async () => {
    for (const panel of PANELS) {
      await checkWordsOfPdf(panel.page, await open(panel));
      await closeEditors();
    }
    const run = runFolder('finished').toString();
    const states = ['epoch-0001', 'last'].map((state) => ({ run, state }));
    await commands.executeCommand('pentimento.compareRuns', ...states);
    await checkWordsOfPdf('compare', await drawn('compare'));
  });

  it('exports figures as on paper, whatever the theme and the highlighted layer', async () => {
    await open(PANELS[1]);
    const svg = async (style: object): Promise<string> =>
      (await savedFigure(0, 'svg', style)).toString('utf8');
    const page = () => evaluate<string>('featureWeights', "document.querySelector('.plot').innerHTML");
    const files: string[] = [];
    for (const theme of ['Default Light Modern', 'Default Dark Modern', 'Default High Contrast']) {
      await setTheme(theme);
      await click({ webview: 'featureWeights', selector: '.plot' });
      await press('ArrowDown');
      const before = await page();
      files.push(await svg({ width: 'oneColumn', textSize: 8 }));
      assert.equal(await page(), before, `the page in ${theme} changed`);
    }
    assert.equal(new Set(files).size, 1, 'the file depends on the theme or the highlighted layer');
    assert.match(files[0], /^<svg [^>]*width="85mm"/);
    assert.match(files[0], /<desc>[^<]*finished, n = /);
    assert.doesNotMatch(files[0], /<image/);
    const marked = await svg({ width: 'oneColumn', textSize: 8, highlight: true });
    assert.notEqual(marked, files[0]);
  });

  it('exports the bars of a difference, which follow no pointer', async () => {
    const run = runFolder('finished').toString();
    const states = ['epoch-0001', 'last'].map((state) => ({ run, state }));
    await commands.executeCommand('pentimento.compareRuns', ...states);
    await drawn('compare');
    const bars = await evaluate<string>('compare', "document.querySelector('.plot .bar').getAttribute('d')");
    const picture = (await savedFigure(0, 'svg')).toString('utf8');
    // Lines from zero, one for each layer; the picture in the file has another width.
    const shape = (path: string): string => path.replace(/[\d.,-]+/g, '');
    const paths = [...picture.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, path]) => path);
    assert.ok(shape(bars).includes('MV'));
    assert.equal(
      paths.filter((path) => shape(path) === shape(bars)).length,
      2,
      'joins of the marks, and bars',
    );
  });

  it('takes its service worker along when it closes, so that the next one need not wait for that to end', async () => {
    await open(PANELS[0]);
    await closeEditors();
    await open(PANELS[0]);
    const workerStart = await evaluateAround<number>(
      'spectra',
      "performance.getEntriesByType('navigation')[0].workerStart",
    );
    assert.equal(workerStart, 0, 'a worker of an earlier page took the request for this one');
  });

  it('draws after panels of its kind have come and gone in a hurry', async () => {
    for (let time = 0; time < 5; time++) {
      await commands.executeCommand('pentimento.openSpectra', runFolder('finished'));
      await commands.executeCommand('pentimento.openSimilarity', runFolder('finished'));
      await closeEditors();
    }
    assert.equal(await open(PANELS[0]), PANELS[0].figures);
  });

  it('shows another state of the run when it is chosen', async () => {
    await open(PANELS[0]);
    assert.match(await textOf('spectra'), /epoch 3/i);
    await evaluate(
      'spectra',
      `(() => { const list = [...document.querySelectorAll('select')].find((one) => [...one.options].some((option) => option.textContent === 'Epoch 1'));
        list.selectedIndex = [...list.options].findIndex((option) => option.textContent === 'Epoch 1');
        list.dispatchEvent(new Event('change', { bubbles: true })); })()`,
    );
    await eventually('epoch 1', async () =>
      /epoch 1\b/i.test(await evaluate<string>('spectra', "document.querySelector('header').innerText")),
    );
  });
});
