import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeLens, commands, type Hover, languages, Position, Uri, window, workspace } from 'vscode';
import { press, workbenchText } from '../launcher/browserClient.ts';
import { closeEditors, drawn, eventually, file, json, notified, runFolder, textOf } from './editor.ts';

/** The results of an inspection as the engine writes them, with the numbers of the finished run. */
const inspected = async (
  name: string,
  inspection: Record<string, unknown> = { model: `${name}.onnx`, data: { kind: 'images', path: 'birds' } },
): Promise<Uri> => {
  const folder = file(`.pentimento/inspections/${name}`);
  mkdirSync(folder.fsPath, { recursive: true });
  for (const document of ['analysis.json', 'recommendations.json']) {
    copyFileSync(join(runFolder('finished').fsPath, document), join(folder.fsPath, document));
  }
  const record = {
    version: 1,
    name,
    baseDirectory: file('copies').fsPath,
    inspection: { name, ...inspection },
    versions: { pentimento: '0.1.0' },
    // Newer than every run, so that the tree shows its layers.
    created: new Date(Date.now() + 60_000).toISOString(),
  };
  writeFileSync(join(folder.fsPath, 'inspection.json'), JSON.stringify(record));
  await commands.executeCommand('pentimento.refreshRuns');
  return folder;
};

describe('inspections of other models', () => {
  it('are in the tree with their layers, beside runs', async () => {
    // Of its own, so that no other test has left it collapsed.
    await inspected('listed');
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('pentimento.refreshRuns');
    await eventually('the inspection and its layers', async () => {
      const text = await workbenchText('.pane-body .customview-tree');
      return /listed.*listed\.onnx/s.test(text) && /head\.1.*eff\. rank/s.test(text);
    });
  });

  for (const [page, command] of [
    ['spectra', 'openSpectra'],
    ['featureWeights', 'openFeatureWeights'],
    ['probes', 'openProbes'],
    ['similarity', 'openSimilarity'],
  ] as const) {
    it(`are drawn by the panel ${page}`, async () => {
      const folder = await inspected('vit');
      await commands.executeCommand(`pentimento.${command}`, folder);
      assert.ok((await drawn(page)) > 0);
      const text = await textOf(page);
      assert.match(text, /vit\s+[\d,]+ test samples\s/);
      // The numbers are those of a run, but a model from elsewhere has no epochs.
      assert.doesNotMatch(text, /samples, epoch|before training/);
    });
  }

  it('have a layer chosen for a task, which is kept', async () => {
    const folder = await inspected('vit');
    const { layers } = json<{ layers: { name: string; probes: { task: string }[] }[] }>(
      Uri.joinPath(folder, 'analysis.json'),
    );
    const { task } = layers.flatMap(({ probes }) => probes)[0];
    const question = { run: folder.toString(), task, layer: layers[1].name, confirmed: true };
    assert.equal(await commands.executeCommand('pentimento.chooseLayer', question), layers[1].name);
    const { selections } = json<{ selections: { layer: string; task: string }[] }>(
      Uri.joinPath(folder, 'selection.json'),
    );
    assert.deepEqual(
      selections.map((each) => [each.layer, each.task]),
      [[layers[1].name, task]],
    );
  });

  it('have no model to export if they are about a recording', async () => {
    const folder = await inspected('recorded', { recording: 'acts.safetensors' });
    const target = file('none.onnx').fsPath;
    const argument = { run: folder.toString(), layer: 'pool', file: target };
    assert.equal(await commands.executeCommand('pentimento.exportLayer', argument), undefined);
    await notified(/is about a recording, which has no model to export/);
    assert.equal(existsSync(target), false);
    rmSync(folder.fsPath, { recursive: true });
    await commands.executeCommand('pentimento.refreshRuns');
  });
});

describe('representations of other models', () => {
  const copies = () => file('copies').fsPath;

  /** A copy with the ending that it has, in a folder of its own. */
  const copied = (name: string): string => {
    mkdirSync(copies(), { recursive: true });
    copyFileSync(file(`inspected/${name}.copy`).fsPath, join(copies(), name));
    return join(copies(), name);
  };

  afterEach(async () => {
    await closeEditors();
    rmSync(copies(), { recursive: true, force: true });
    for (const name of ['residual', 'acts']) {
      rmSync(file(`.pentimento/inspections/${name}`).fsPath, { recursive: true, force: true });
    }
    await commands.executeCommand('pentimento.refreshRuns');
  });

  const inspect = async (question: { file: string; data?: string }): Promise<Uri> => {
    const folder = await commands.executeCommand<string>('pentimento.inspectRepresentations', question);
    assert.ok(folder !== undefined, 'the inspection failed');
    await commands.executeCommand('pentimento.refreshRuns');
    return Uri.file(folder);
  };

  it('go from an ONNX file to an exported layer', async () => {
    const results = await inspect({ file: copied('residual.onnx'), data: copied('images.npz') });
    assert.equal(results.fsPath, file('.pentimento/inspections/residual').fsPath);
    const { layers } = json<{ layers: { name: string }[] }>(Uri.joinPath(results, 'analysis.json'));
    assert.ok(layers.some(({ name }) => name === 'pool'));
    for (const [command, name, start] of [
      ['exportLayer', 'cut.onnx', '\x08'],
      ['exportEmbeddings', 'cut.npz', 'PK'],
      ['exportClassifier', 'kind.onnx', '\x08'],
    ] as const) {
      const target = join(copies(), name);
      const argument = { run: results.toString(), layer: 'pool', task: 'kind', file: target };
      assert.equal(await commands.executeCommand(`pentimento.${command}`, argument), target);
      assert.ok(readFileSync(target, 'latin1').startsWith(start));
    }
    assert.match(readFileSync(join(copies(), 'kind.md'), 'utf8'), /^# kind from pool of residual$/m);
  });

  it('go from a recording to a chosen layer', async () => {
    const results = await inspect({ file: copied('acts.safetensors') });
    const question = { run: results.toString(), task: 'digit', layer: 'encoder.pool', confirmed: true };
    assert.equal(await commands.executeCommand('pentimento.chooseLayer', question), 'encoder.pool');
    const { selections } = json<{ selections: { layer: string }[] }>(Uri.joinPath(results, 'selection.json'));
    assert.deepEqual(
      selections.map(({ layer }) => layer),
      ['encoder.pool'],
    );
  });

  it('are of what their inspection file says now, whatever an editor had of it', async () => {
    const results = await inspect({ file: copied('acts.safetensors') });
    const target = join(copies(), 'acts.inspection.json');
    const sound = readFileSync(target, 'utf8');
    writeFileSync(target, '{"recording": 1}');
    const stale = await workspace.openTextDocument(Uri.file(target));
    await eventually('the text without sense', () => stale.getText() === '{"recording": 1}');
    // Not awaited by anything: VS Code is told of the change only after the command has begun.
    writeFileSync(target, sound);
    const again = await inspect({ file: target });
    assert.equal(again.fsPath, results.fsPath);
  });

  it('are asked about step by step, and end in the inspection file', async () => {
    const answer = commands.executeCommand<string>(
      'pentimento.inspectRepresentations',
      Uri.file(copied('acts.safetensors')),
    );
    await eventually('the list of layers', async () =>
      (await workbenchText('.quick-input-widget')).includes('Layers to inspect'),
    );
    await press('Enter');
    await eventually('the list of labels', async () =>
      (await workbenchText('.quick-input-widget')).includes('Labels to predict'),
    );
    await press('Enter');
    await notified(/Wrote acts\.inspection\.json/);
    assert.equal(window.activeTextEditor?.document.uri.fsPath, join(copies(), 'acts.inspection.json'));
    await commands.executeCommand('notifications.clearAll');
    assert.equal(await answer, undefined);
  });

  it('are described on hover over code that names a recording, with its results once it was inspected', async () => {
    copied('acts.safetensors');
    const code = Uri.file(join(copies(), 'read.py'));
    writeFileSync(code.fsPath, "acts = load_file('acts.safetensors')\n");
    await window.showTextDocument(await workspace.openTextDocument(code));
    const hovered = async (): Promise<string> => {
      const place = new Position(0, 24);
      const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', code, place);
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((part) => (typeof part === 'string' ? part : part.value)),
      );
      // In Markdown, where punctuation is escaped.
      return texts.join('\n').replaceAll(/\\([!-/:-@[-`{-~])/g, '$1');
    };
    // VS Code tells of a new file when it has seen it. The run has 600 samples for training, 300 for its test, 32 x 32 pixels
    // and a head of 8.
    const before = await eventually('the hover', async () => (await hovered()) || null);
    assert.match(
      before,
      /acts\.safetensors: recording of \d+ layers, 900 samples, 8 to 1,024 dimensions, labels /,
    );
    assert.match(before, /\[Inspect Representations\]\(command:pentimento\.inspectRepresentations\?/);
    assert.doesNotMatch(before, /parameters|Inspected as|openProbes/);
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', code, 9);
    const titles = lenses.map(({ command }) => command?.title).join(' | ');
    assert.match(titles, /recording of 5 layers, 900 samples, .*: Inspect(?: \||$)/);

    const folder = await inspected('acts', { recording: 'acts.safetensors' });
    const after = await eventually('the results', async () => {
      const text = await hovered();
      return text.includes('Inspected as') ? text : null;
    });
    assert.match(after, /Inspected as acts\n\n(?:Recommended|Highest) for digit: \S+/);
    const encoded = encodeURIComponent(folder.path);
    assert.ok(after.includes('[Probes](command:pentimento.openProbes?') && after.includes(encoded), after);
  });

  it('have actions above their inspection file, and its problems in it', async () => {
    const target = join(copies(), 'acts.inspection.json');
    await inspect({ file: copied('acts.safetensors') });
    const uri = Uri.file(target);
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri);
    // The recording that it names has actions too, on its line.
    assert.deepEqual(
      lenses.flatMap(({ command, range }) => (range.start.line === 0 && command ? [command.command] : [])),
      ['pentimento.inspectRepresentations', 'pentimento.openProbes'],
    );
    const spec = json<Record<string, unknown>>(uri);
    writeFileSync(
      target,
      JSON.stringify({ ...spec, model: 'x.onnx', data: { kind: 'arrays', path: 'x.npz' } }),
    );
    await window.showTextDocument(await workspace.openTextDocument(uri));
    await eventually('the problem of a rule', () =>
      languages.getDiagnostics(uri).some(({ message }) => message.startsWith('there is a recording already')),
    );
    assert.equal(await commands.executeCommand('pentimento.inspectRepresentations', uri), undefined);
    await notified(/there is a recording already/);
  });
});
