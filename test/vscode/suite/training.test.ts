import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commands, workspace } from 'vscode';
import { axe, evaluate, screenshot, workbenchText } from '../launcher/browserClient.ts';
import {
  api,
  closeEditors,
  copyRun,
  endEngine,
  eventually,
  file,
  json,
  notified,
  runFolder,
  setTheme,
  visibleText,
} from './editor.ts';
import { checkWordsOfPdf } from './savedFigures.ts';
import { atStart } from './start.ts';

const view = (): Promise<string> => visibleText('training');

const metrics = (run: string): { step: number }[] =>
  readFileSync(`${runFolder(run).fsPath}/metrics.jsonl`, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { step: number });

const lastStep = (run: string): number =>
  existsSync(`${runFolder(run).fsPath}/metrics.jsonl`) ? (metrics(run).at(-1)?.step ?? 0) : 0;

const setting = (key: string, value: unknown): Thenable<void> =>
  workspace.getConfiguration('pentimento').update(key, value, true);

/** A training that never ends by itself, so that a test's request is never too late. */
let endless: Thenable<unknown> | undefined;

const beginEndless = async (): Promise<void> => {
  endless = commands.executeCommand('pentimento.train', file('endless.experiment.json'));
  // Of this training: the one before has ended on the page as well.
  await eventually('progress', async () => /running epoch \d+ of/i.test(await view()));
  await eventually('steps', () => lastStep('endless-seed0') > 6);
};

const cancelEndless = async (): Promise<void> => {
  if (endless === undefined) return;
  await commands.executeCommand('pentimento.cancel');
  await endless;
  endless = undefined;
  // What the page shows follows, with the last steps. It must not be taken for what the next training shows.
  await eventually('the end on the page', async () =>
    /cancelled in|failed in|finished after/i.test(await view()),
  );
};

const pause = async (): Promise<void> => {
  await commands.executeCommand('pentimento.pause');
  await eventually('a pause', async () => /paused/i.test(await view()));
};

describe('training', () => {
  before(() => commands.executeCommand('pentimento.trainingView.focus'));
  afterEach(cancelEndless);

  it('says in the side panel that there is no training, with one primary action', () => {
    const { text, buttons } = atStart().trainingView;
    assert.match(text, /New Experiment/);
    assert.equal(buttons, 1);
  });

  it('trains, shows loss and speed as it goes, and the epochs that it inspects', async () => {
    await setting('training.inspectEveryEpochs', 5);
    await beginEndless();
    await eventually('samples per second', async () => /samples\/s/.test(await view()));
    await eventually('the status bar', async () =>
      /endless-seed0 \d+\s%/.test(
        await workbenchText('#pentimento\\.pentimento\\.status, [id*="pentimento.status"]'),
      ),
    );
    await eventually('an inspected epoch', async () =>
      /Epoch 5/.test(await evaluate<string>('training', 'document.body.innerHTML')),
    );
    const folder = process.env.PENTIMENTO_TEST_SCREENSHOTS;
    if (folder) await screenshot(`${folder}/training.png`);
  });

  it('pauses and continues', async () => {
    const other = await copyRun('other');
    await beginEndless();
    await pause();
    const held = lastStep('endless-seed0');
    // A whole inspection in the same process: the training would have continued by then.
    await commands.executeCommand('pentimento.inspect', other);
    assert.equal(lastStep('endless-seed0'), held);
    await commands.executeCommand('pentimento.continue');
    await eventually('steps after the pause', () => lastStep('endless-seed0') > held);
  });

  it('is cancelled with its state saved', async () => {
    await beginEndless();
    await cancelEndless();
    await notified(/endless-seed0 was cancelled; its state is saved/);
    assert.ok(existsSync(`${runFolder('endless-seed0').fsPath}/checkpoints/last.safetensors`));
    assert.ok(lastStep('endless-seed0') > 0);
  });

  it('passes axe-core in four themes while it trains', async () => {
    await beginEndless();
    await pause();
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
      const broken = await axe('training', { background: 'var(--vscode-sideBar-background)' });
      const grave = broken.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        grave.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
        [],
        theme,
      );
    }
  });

  it('exports its curves by command when no panel is in sight', async () => {
    await beginEndless();
    await cancelEndless();
    const last = lastStep('endless-seed0').toLocaleString('en-US');
    await eventually('the last step in the curves', async () => (await view()).includes(`Step ${last},`));
    await closeEditors();
    await checkWordsOfPdf('training', 1);
  });

  it('that was cancelled is resumed from what it saved', async () => {
    await beginEndless();
    await cancelEndless();
    const before = lastStep('endless-seed0');
    endless = commands.executeCommand('pentimento.resume', runFolder('endless-seed0'));
    await eventually('further steps', () => lastStep('endless-seed0') > before);
  });

  it('survives the death of its engine: a message, and the training goes on from what was saved', async () => {
    const { enginePid } = await api();
    await beginEndless();
    const pid = enginePid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await notified(/stopped unexpectedly \(killed by SIGKILL\)/);
    const next = await eventually('another engine', () => {
      const now = enginePid();
      return now !== pid && now;
    });
    assert.notEqual(next, pid);
    const killedAt = lastStep('endless-seed0');
    await eventually('steps after the crash', () => lastStep('endless-seed0') > killedAt);
    await cancelEndless();
    const steps = metrics('endless-seed0').map(({ step }) => step);
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
    await notified(/linear-seed0 is inspected/);
  });

  it('lists runs, their states and layers in the tree', async () => {
    const tree = (): Promise<string> => workbenchText('.pane-body .customview-tree');
    // The newest run is shown with its newest state, and that with its layers.
    const newest = await copyRun('newest');
    const record = json<{ created: string }>(file('.pentimento/runs/newest/run.json'));
    record.created = new Date(Date.parse(record.created) + 1000).toISOString();
    writeFileSync(`${newest.fsPath}/run.json`, JSON.stringify(record));
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('pentimento.refreshRuns');
    await eventually('states and layers of the newest run', async () => {
      const text = await tree();
      return /newest.*Latest/s.test(text) && /head\.1.*eff\. rank/s.test(text);
    });
    // Rows far down are not in the DOM.
    await eventually('the runs', async () => {
      await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
      const text = await tree();
      return ['newest', 'finished', 'damaged'].every((name) => text.includes(name));
    });
  });

  it('follows folders of runs that come and go as a whole', async () => {
    const tree = (): Promise<string> => workbenchText('.pane-body .customview-tree');
    const isListed = (name: string, wanted: boolean) => async (): Promise<boolean> => {
      // Rows far down are not in the DOM.
      await commands.executeCommand('workbench.actions.treeView.pentimento.runsView.collapseAll');
      return (await tree()).includes(name) === wanted;
    };
    const run = await copyRun('travelling');
    const elsewhere = join(mkdtempSync(join(tmpdir(), 'pentimento-moved-')), 'travelling');
    await commands.executeCommand('pentimento.runsView.focus');
    await commands.executeCommand('pentimento.refreshRuns');
    await eventually('the run', isListed('travelling', true));
    renameSync(run.fsPath, elsewhere);
    await eventually('the tree without it', isListed('travelling', false));
    renameSync(elsewhere, run.fsPath);
    await eventually('the run again', isListed('travelling', true));
    rmSync(dirname(elsewhere), { recursive: true });
  });

  it('stops the engine when it was idle', async () => {
    const { enginePid } = await api();
    await endEngine();
    const run = (await copyRun('idle')).toString();
    await setting('engine.idleMinutes', 0.05);
    const began = eventually('an engine', enginePid);
    await commands.executeCommand('pentimento.chooseLayer', {
      run,
      task: 'digit',
      layer: 'head.1',
      confirmed: true,
    });
    await began;
    await eventually('the end of the engine', () => enginePid() === undefined);
  });
});
