import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { commands } from 'vscode';
import { press, screenshot, workbenchText } from '../launcher/browserClient.ts';
import { api, copyRun, eventually, file, json, notified, runFolder } from './editor.ts';

interface Ranked {
  readonly recommendations: { readonly task: string; readonly recommended: { readonly layer: string } }[];
}

describe('choosing a layer', () => {
  it('ranks the layers with the evidence, and keeps and returns the one that is picked', async () => {
    const run = (await copyRun('ranked')).toString();
    const { recommendations } = json<Ranked>(file('.pentimento/runs/ranked/recommendations.json'));
    const expected = recommendations.find(({ task }) => task === 'digit')!.recommended.layer;
    const choice = commands.executeCommand<string>('pentimento.chooseLayer', {
      run,
      task: 'digit',
    });
    const list = await eventually('the ranking', async () => {
      const text = await workbenchText('.quick-input-widget');
      return /eff\. rank/.test(text) && text;
    });
    assert.match(list, /\d+\.\d\u00a0% \(\d+\.\d\u00a0% to \d+\.\d\u00a0%\)/);
    assert.match(list, /600 samples/);
    assert.match(list, /% on test/);
    const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
    if (folder) await screenshot(`${folder}/choose-layer.png`);
    // The recommended layer is the active item.
    await press('Enter');
    assert.equal(await choice, expected);
    const { selections } = json<{ selections: { layer: string; task: string }[] }>(
      file('.pentimento/runs/ranked/selection.json'),
    );
    assert.deepEqual(
      selections.map(({ layer, task }) => [layer, task]),
      [[expected, 'digit']],
    );
    await eventually('the status bar', async () =>
      (await workbenchText('[id*="pentimento.status"]')).includes(expected),
    );
    const selected = await (await api()).selectedLayers();
    assert.deepEqual(selected, [{ run, layer: expected, task: 'digit' }]);
    // One for another task leaves it as it is.
    const other = { run, task: 'superclass', layer: 'encoder.conv1', confirmed: true };
    assert.equal(await commands.executeCommand('pentimento.chooseLayer', other), 'encoder.conv1');
    assert.deepEqual(await (await api()).selectedLayers(), [
      { run, layer: 'encoder.conv1', task: 'superclass' },
      { run, layer: expected, task: 'digit' },
    ]);
  });

  it('hands the layer over as ONNX and as embeddings', async () => {
    for (const [command, name, start] of [
      // An ONNX model begins with its version of the format, field 1 of the message.
      ['exportLayer', 'layer.onnx', '\x08'],
      ['exportEmbeddings', 'layer.npz', 'PK'],
    ] as const) {
      const target = file(name).fsPath;
      const argument = { run: runFolder('finished').toString(), layer: 'encoder.pool', file: target };
      assert.equal(await commands.executeCommand(`pentimento.${command}`, argument), target);
      assert.ok(existsSync(target));
      assert.ok(readFileSync(target, 'latin1').startsWith(start));
    }
  });

  it('refuses a layer that there is none of', async () => {
    const question = {
      run: runFolder('finished').toString(),
      task: 'digit',
      layer: 'nowhere',
      confirmed: true,
    };
    assert.equal(await commands.executeCommand('pentimento.chooseLayer', question), undefined);
    await notified(/has no layer 'nowhere'.*Use one of/s);
  });
});
