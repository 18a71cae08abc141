import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { commands, workspace } from 'vscode';
import { axe, evaluate, screenshot, webviews, workbenchText } from '../launcher/browserClient.ts';
import { api, closeEditors, eventually, file, json, runFolder, setTheme } from './editor.ts';

const view = async (): Promise<string> => {
  const open = (await webviews()).some(({ data, visible }) => visible && data.page === 'training');
  return open ? evaluate<string>('training', 'document.body.innerText') : '';
};

const metrics = (run: string): { step: number }[] =>
  readFileSync(`${runFolder(run).fsPath}/metrics.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { step: number });

const lastStep = (run: string): number =>
  existsSync(`${runFolder(run).fsPath}/metrics.jsonl`) ? (metrics(run).at(-1)?.step ?? 0) : 0;

const notification = (): Promise<string> => workbenchText('.notifications-toasts');

describe('training', () => {
  before(() => commands.executeCommand('pentimento.trainingView.focus'));
  beforeEach(() => commands.executeCommand('notifications.clearAll'));
  after(closeEditors);

  it('says in the side panel that there is no training, with one primary action', async () => {
    await eventually('the empty view', async () => /New Experiment/.test(await view()));
    assert.equal(await evaluate('training', "document.querySelectorAll('button').length"), 1);
  });

  it('trains, shows loss and speed as it goes, pauses, continues and is cancelled', async () => {
    const training = commands.executeCommand('pentimento.train', file('long.experiment.json'));
    await eventually('progress', async () => /epoch \d+ of 40/i.test(await view()));
    await eventually('samples per second', async () => /samples\/s/.test(await view()));
    assert.match(
      await workbenchText('#pentimento\\.pentimento\\.status, [id*="pentimento.status"]'),
      /long-seed0 \d+ %/,
    );

    await commands.executeCommand('pentimento.pause');
    await eventually('a pause', async () => /paused/i.test(await view()));
    const held = lastStep('long-seed0');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(lastStep('long-seed0'), held);

    await commands.executeCommand('pentimento.continue');
    await eventually('steps after the pause', () => lastStep('long-seed0') > held);
    await eventually('an inspected epoch', async () =>
      /Epoch 5/.test(await evaluate<string>('training', 'document.body.innerHTML')),
    );
    const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
    if (folder) await screenshot(`${folder}/training.png`);

    await commands.executeCommand('pentimento.cancel');
    await training;
    assert.match(await notification(), /long-seed0 was cancelled; its state is saved/);
    assert.ok(existsSync(`${runFolder('long-seed0').fsPath}/checkpoints/last.safetensors`));
    assert.ok(lastStep('long-seed0') < 240);
  });

  it('passes axe-core in four themes', async () => {
    for (const theme of [
      'Default Dark Modern',
      'Default Light Modern',
      'Default High Contrast',
      'Default High Contrast Light',
    ]) {
      await setTheme(theme);
      await eventually(theme, () =>
        evaluate<boolean>('training', `document.body.dataset.vscodeThemeId === '${theme}'`),
      );
      const broken = await axe('training', {}, 'var(--vscode-sideBar-background)');
      const grave = broken.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        grave.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
        [],
        theme,
      );
    }
  });

  it('survives the death of its engine: a message, and the training goes on from what was saved', async () => {
    const { enginePid } = await api();
    const resumed = commands.executeCommand('pentimento.resume', runFolder('long-seed0'));
    const before = lastStep('long-seed0');
    await eventually('steps of the resumed training', () => lastStep('long-seed0') > before + 6);
    const pid = enginePid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await eventually('the message', async () =>
      /stopped unexpectedly \(killed by SIGKILL\)/.test(await notification()),
    );
    const killedAt = lastStep('long-seed0');
    const next = await eventually('another engine', () => {
      const now = enginePid();
      return now !== pid && now;
    });
    assert.notEqual(next, pid);
    await eventually('steps after the crash', () => lastStep('long-seed0') > killedAt);
    await commands.executeCommand('pentimento.cancel');
    await resumed;
    const steps = metrics('long-seed0').map(({ step }) => step);
    assert.deepEqual(
      steps,
      [...new Set(steps)].sort((a, b) => a - b),
      'a step was recorded twice or out of order',
    );
  });

  it('trains to the end, inspects, and offers the results', async () => {
    await commands.executeCommand('pentimento.train', file('linear.experiment.json'));
    const analysis = json<{ epoch: number; theory: unknown }>(
      file('.pentimento/runs/linear-seed0/analysis.json'),
    );
    assert.equal(analysis.epoch, 40);
    assert.ok(analysis.theory, 'theory is known for a linear model');
    await eventually('the offer', async () => /linear-seed0 is inspected/.test(await notification()));
  });

  it('lists runs, checkpoints and layers in the tree', async () => {
    const tree = (): Promise<string> => workbenchText('.pane-body .customview-tree');
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('pentimento.refreshRuns');
    await eventually('checkpoints and layers of the newest run', async () => {
      const text = await tree();
      return /Newest/.test(text) && /head\.1.*eff\. rank/.test(text);
    });
    // Rows far down are not in the page.
    await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
    await eventually('the runs', async () => {
      const text = await tree();
      return ['finished', 'linear-seed0', 'long-seed0'].every((name) => text.includes(name));
    });
  });

  it('stops the engine when it was idle', async () => {
    const { enginePid } = await api();
    const settings = workspace.getConfiguration('pentimento');
    await settings.update('engine.idleMinutes', 0.05, true);
    try {
      await commands.executeCommand('pentimento.chooseLayer', {
        run: runFolder('finished').toString(),
        task: 'digit',
        layer: 'head.1',
        confirmed: true,
      });
      await eventually('the end of the engine', () => enginePid() === undefined, 20_000);
    } finally {
      await settings.update('engine.idleMinutes', undefined, true);
    }
  });
});
