import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Uri } from 'vscode';
import { workbenchText } from '../launcher/browserClient.ts';
import { drawn, eventually, file, json, notified, runFolder, textOf } from './editor.ts';

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
    baseDirectory: file('models/of/tests').fsPath,
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
    await inspected('vit');
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('pentimento.refreshRuns');
    await eventually('the inspection and its layers', async () => {
      const text = await workbenchText('.pane-body .customview-tree');
      return /vit.*vit\.onnx/s.test(text) && /head\.1.*eff\. rank/s.test(text);
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

  it('have a layer exported as ONNX and as embeddings', async () => {
    const data = { kind: 'arrays', path: 'images.npz', inputs: {} };
    const folder = await inspected('residual', { model: 'residual.onnx', data });
    for (const [command, name, start] of [
      ['exportLayer', 'cut.onnx', '\x08'],
      ['exportEmbeddings', 'cut.npz', 'PK'],
    ] as const) {
      const target = file(name).fsPath;
      const argument = { run: folder.toString(), layer: 'pool', file: target };
      assert.equal(await commands.executeCommand(`pentimento.${command}`, argument), target);
      assert.ok(readFileSync(target, 'latin1').startsWith(start));
    }
  });

  it('have no model to export if they are about a recording', async () => {
    const folder = await inspected('recorded', { recording: 'acts.safetensors' });
    const target = file('none.onnx').fsPath;
    const argument = { run: folder.toString(), layer: 'pool', file: target };
    assert.equal(await commands.executeCommand('pentimento.exportLayer', argument), undefined);
    await notified(/is about a recording, which has no model to export/);
    assert.equal(existsSync(target), false);
  });
});
