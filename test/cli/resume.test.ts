import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { startCli, Workspace } from './cli.ts';
import { smallCnn } from './experiments.ts';
import { between, seededRandom } from './seededRandom.ts';

const workspace = new Workspace();
const KILLS = 10;

// 40 steps an epoch: a line of metrics every 4 steps and at every checkpoint, so that lines stand for several steps.
const experiment = {
  ...smallCnn,
  data: { ...smallCnn.data, train: 640 },
  batchSize: 16,
  epochs: 2,
  checkpointEverySteps: 5,
};

const read = (...names: string[]): Buffer => readFileSync(workspace.path(...names));
const weights = (run: string): Buffer => read(run, 'checkpoints', 'last.safetensors');
const metrics = (run: string): string => read(run, 'metrics.jsonl').toString();
const lines = (run: string): number =>
  existsSync(workspace.path(run, 'metrics.jsonl')) ? metrics(run).split('\n').length - 1 : 0;

const startTraining = (run: string) =>
  startCli(['train', 'small.experiment.json', '--out', run, '--resume', '--json'], { cwd: workspace.folder });

/** Waits until the training has written `count` more lines of metrics, or has ended. */
async function untilLines(run: string, count: number, done: Promise<unknown>): Promise<void> {
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  const from = lines(run);
  // A resumed run first takes away the lines after its checkpoint, so any change counts.
  for (let last = from, seen = 0; seen < count && !ended; await pause(2)) {
    const now = lines(run);
    if (now !== last) seen++;
    last = now;
  }
}

beforeAll(async () => {
  workspace.write('small.experiment.json', experiment);
  await workspace.json('train', 'small.experiment.json', '--out', 'whole');
});

it('ends with the same bytes after ten kills as without', async () => {
  const random = seededRandom(99);
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, done } = startTraining('killed');
    // Two kills fall into the start, wherever that is by then; the others around a step, a line or a checkpoint.
    if (kill % 5 === 0) await pause(between(random, 100, 900));
    else {
      await untilLines('killed', 1 + Math.floor(3 * random()), done);
      await pause(between(random, 0, 60));
    }
    child.kill('SIGKILL');
    expect((await done).signal).toBe('SIGKILL');
  }
  const { code, stderr } = await startTraining('killed').done;
  expect([code, stderr]).toEqual([0, '']);
  expect(weights('killed').equals(weights('whole'))).toBe(true);
  expect(metrics('killed')).toBe(metrics('whole'));
  const files = [
    ...readdirSync(workspace.path('killed')),
    ...readdirSync(workspace.path('killed', 'checkpoints')),
  ];
  expect(files.sort()).toEqual(['checkpoints', 'last.safetensors', 'metrics.jsonl', 'run.json']);
});

it('stops between two steps on Ctrl-C, and goes on from there', async () => {
  const { child, done } = startTraining('stopped');
  await untilLines('stopped', 2, done);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await done;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^stopped: cancelled after step \d+ of 80\. Go on with --resume\.\n$/);
  const resumed = await startTraining('stopped').done;
  expect(resumed.code).toBe(0);
  expect(weights('stopped').equals(weights('whole'))).toBe(true);
  expect(metrics('stopped')).toBe(metrics('whole'));
});

it('gives the same bytes for the same seed and others for another', async () => {
  await workspace.json('train', 'small.experiment.json', '--out', 'again');
  expect(weights('again').equals(weights('whole'))).toBe(true);
  expect(metrics('again')).toBe(metrics('whole'));
  await workspace.json('train', 'small.experiment.json', '--out', 'other', '--seed', '4');
  expect(weights('other').equals(weights('whole'))).toBe(false);
  expect(metrics('other')).not.toBe(metrics('whole'));
});

it('has nothing left to do when it is resumed at its end', async () => {
  const before = weights('again');
  const document = await workspace.json('train', 'small.experiment.json', '--out', 'again', '--resume');
  expect(document).toMatchObject({ run: 'again', step: 80, epoch: 2, loss: null });
  expect(weights('again').equals(before)).toBe(true);
});
