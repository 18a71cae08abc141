import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { runCli, type SignalAt, Workspace } from './cli.ts';
import { smallCnn } from './experiments.ts';
import { between, seededRandom } from './seededRandom.ts';

const workspace = new Workspace();
const KILLS = 10;

// 40 steps per epoch: a line of metrics every 4 steps and at every checkpoint, so that a line covers several steps.
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

const train = (run: string, signalAt?: SignalAt) =>
  runCli(['train', 'small.experiment.json', '--out', run, '--resume', '--json'], {
    cwd: workspace.folder,
    signalAt,
  });

beforeAll(async () => {
  workspace.write('small.experiment.json', experiment);
  await workspace.json('train', 'small.experiment.json', '--out', 'whole');
});

it('ends with the same bytes after ten kills as without', async () => {
  const random = seededRandom(99);
  for (let kill = 0; kill < KILLS; kill++) {
    // During the file operations of the start, or somewhat later: around a line, a truncated write, a flush, a rename.
    const nth = Math.floor(kill % 5 === 0 ? between(random, 1, 8) : between(random, 8, 40));
    const { signal, stderr } = await train('killed', { signal: 'SIGKILL', nth });
    expect([signal, stderr]).toEqual(['SIGKILL', '']);
  }
  const { code, stderr } = await train('killed');
  expect([code, stderr]).toEqual([0, '']);
  expect(weights('killed').equals(weights('whole'))).toBe(true);
  expect(metrics('killed')).toBe(metrics('whole'));
  // Half-written files are not named like files of a run; those of killed processes are removed when they are old.
  const files = [
    ...readdirSync(workspace.path('killed')),
    ...readdirSync(workspace.path('killed', 'checkpoints')),
  ].filter((name) => !/^\.pentimento-[0-9a-f]+\.tmp$/.test(name));
  expect(files.sort()).toEqual(['checkpoints', 'last.safetensors', 'metrics.jsonl', 'run.json']);
});

it('stops between two steps on Ctrl-C, and goes on from there', async () => {
  // At the third of twenty lines of metrics.
  const { code, stdout, stderr } = await train('stopped', {
    signal: 'SIGINT',
    nth: 3,
    of: 'metrics.jsonl',
  });
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toMatch(/^stopped: cancelled after step \d+ of 80\. Continue with --resume\.\n$/);
  const resumed = await train('stopped');
  expect(resumed.code).toBe(0);
  expect(weights('stopped').equals(weights('whole'))).toBe(true);
  expect(metrics('stopped')).toBe(metrics('whole'));
});

// The same bytes for the same seed: the runs above, which other processes started and finished.
it('gives other bytes for another seed', async () => {
  await workspace.json('train', 'small.experiment.json', '--out', 'other', '--seed', '4');
  expect(weights('other').equals(weights('whole'))).toBe(false);
  expect(metrics('other')).not.toBe(metrics('whole'));
});

it('has nothing left to do when it is resumed at its end', async () => {
  const before = weights('whole');
  const document = await workspace.json('train', 'small.experiment.json', '--out', 'whole', '--resume');
  expect(document).toMatchObject({ run: 'whole', step: 80, epoch: 2, loss: null });
  expect(weights('whole').equals(before)).toBe(true);
});
