import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { whileLocked } from '../../src/disk/index.ts';
import { type Outcome, type Started, startCli, Workspace } from './cli.ts';
import { linearPopulation } from './experiments.ts';
import { seededRandom } from './seededRandom.ts';

/**
 * Two processes of the built command line on one run folder. However they interfere, the folder must contain, byte for
 * byte, what one of them writes alone. Three seeds start the second process at each of the three moments;
 * `PENTIMENTO_RACE_TRIES` tries more seeds.
 */
const TRIES = Number(process.env.PENTIMENTO_RACE_TRIES ?? 3);
const tries = Array.from({ length: TRIES }, (_, seed) => ({ seed }));

const workspace = new Workspace();
const EPOCHS = 6;
const FILE = workspace.write('race.experiment.json', {
  ...linearPopulation({ strengths: [1, 2], noise: [0.5, 1], depth: 2, directions: 'identity' }),
  epochs: EPOCHS,
  stepsPerEpoch: 50,
});
const TRAINED = ['checkpoints', 'checkpoints/last.safetensors', 'metrics.jsonl', 'run.json'];
const INSPECTED = ['analysis.json', 'recommendations.json'];

const filesOf = (run: string): string[] =>
  readdirSync(workspace.path(run), { recursive: true }).map(String).sort();
const textOf = (run: string, file: string): string => readFileSync(workspace.path(run, file), 'utf8');
const recordOf = (run: string): { seed: number } => JSON.parse(textOf(run, 'run.json'));
const steps = (run: string): number[] =>
  textOf(run, 'metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).step);
const weights = (run: string): string =>
  readFileSync(workspace.path(run, 'checkpoints', 'last.safetensors')).toString('hex');

const train = (run: string, ...args: string[]): Started =>
  startCli(['train', FILE, '--out', run, '--json', ...args], { cwd: workspace.folder });
const inspect = (run: string): Started => startCli(['inspect', run, '--json'], { cwd: workspace.folder });

beforeAll(async () => {
  for (const seed of [1, 2])
    await workspace.json('train', FILE, '--out', `alone-${seed}`, '--seed', String(seed));
  await workspace.json('train', FILE, '--out', 'inspected', '--seed', '1');
  await workspace.json('inspect', 'inspected');
});

/** The run equals an undisturbed training with its seed. */
const expectWhole = (run: string, others: readonly string[] = []): void => {
  const alone = `alone-${recordOf(run).seed}`;
  expect(steps(run)).toEqual(Array.from({ length: EPOCHS * 10 }, (_, line) => 5 * (line + 1)));
  expect(textOf(run, 'metrics.jsonl')).toBe(textOf(alone, 'metrics.jsonl'));
  expect(weights(run)).toBe(weights(alone));
  expect(filesOf(run)).toEqual([...TRAINED, ...others].sort());
};

/** Resolves when `holds` does, which is checked whenever something in the folder changes, or when `ended` resolves. */
const until = async (run: string, holds: () => boolean, ended: Promise<unknown>): Promise<void> => {
  mkdirSync(workspace.path(run), { recursive: true });
  const watcher = watch(workspace.path(run));
  const seen = new Promise<void>((resolve) => {
    const look = () => holds() && resolve();
    watcher.on('change', look);
    look();
  });
  await Promise.race([seen, ended]);
  watcher.close();
};

const lines = (run: string): number => {
  const file = workspace.path(run, 'metrics.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};

/** When the second process starts: with the first, once it holds its lock, or after some lines of its metrics. */
const secondBegins = (seed: number, run: string, first: Started): Promise<unknown> => {
  const lock = () => existsSync(workspace.path(run, 'train.lock'));
  const after = 1 + Math.floor(30 * seededRandom(seed)());
  const moments = [
    () => Promise.resolve(),
    () => until(run, lock, first.done),
    () => until(run, () => lines(run) >= after, first.done),
  ];
  return moments[seed % moments.length]();
};

const TRAINING =
  /^\S+: is being trained by process \d+ on \S+ \(since [-\d]+ [\d:]+ UTC\)\. Wait until [^\n]+\.\n$/;
const REFUSED = /^\S+: (?:is being trained by process \d+ on|already contains a run)[^\n]*\.\n$/;
const INSPECTING = /^\S+: is being inspected by process \d+ on [^\n]*\.\n$/;

const expectLoser = ({ code, stdout, stderr }: Outcome, line: RegExp): void => {
  expect(stderr).toMatch(line);
  expect([code, stdout]).toEqual([2, '']);
};

describe('train beside train', () => {
  it.each(tries)('has one winner, whose files are whole (seed $seed)', async ({ seed }) => {
    const run = `train-train-${seed}`;
    const first = train(run, '--seed', '1');
    await secondBegins(seed, run, first);
    const outcomes = await Promise.all([first.done, train(run, '--seed', '2').done]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 2]);
    const winner = outcomes.findIndex(({ code }) => code === 0);
    expectLoser(outcomes[1 - winner], REFUSED);
    expect(recordOf(run).seed).toBe(winner + 1);
    expectWhole(run);
    rmSync(workspace.path(run), { recursive: true });
  });
});

describe('train --resume beside train', () => {
  it.each(tries)('waits for nobody and mixes nothing (seed $seed)', async ({ seed }) => {
    const run = `train-resume-${seed}`;
    const first = train(run, '--seed', '1');
    await secondBegins(seed, run, first);
    const outcomes = await Promise.all([first.done, train(run, '--seed', '1', '--resume').done]);
    const [trained, resumed] = outcomes;
    // The second started after the first had ended, or one of them was refused.
    if (trained.code === 0 && resumed.code === 0) expect(JSON.parse(resumed.stdout).loss).toBeNull();
    else expectLoser(trained.code === 0 ? resumed : trained, REFUSED);
    expect(outcomes.some(({ code }) => code === 0)).toBe(true);
    expectWhole(run);
    rmSync(workspace.path(run), { recursive: true });
  });

  it('is refused while the training is held, for as long as it lives, and not after', async () => {
    const run = 'held';
    const first = train(run, '--seed', '1');
    await until(run, () => lines(run) >= 5, first.done);
    first.child.kill('SIGSTOP');
    expectLoser(await train(run, '--seed', '1', '--resume').done, TRAINING);
    expectLoser(await train(run, '--seed', '2').done, TRAINING);
    expect((await inspect(run).done).stderr).not.toMatch(/being/);
    first.child.kill('SIGKILL');
    await first.done;
    expect(filesOf(run)).toContain('train.lock');
    expect((await train(run, '--seed', '1', '--resume').done).code).toBe(0);
    expect(textOf(run, 'metrics.jsonl')).toBe(textOf('alone-1', 'metrics.jsonl'));
    expect(weights(run)).toBe(weights('alone-1'));
    expect(filesOf(run)).not.toContain('train.lock');
  });
});

describe('inspect beside train', () => {
  it.each(tries)('sees whole states and disturbs nothing (seed $seed)', async ({ seed }) => {
    const run = `train-inspect-${seed}`;
    const first = train(run, '--seed', '1');
    await secondBegins(seed, run, first);
    const [trained, looked] = await Promise.all([first.done, inspect(run).done]);
    expect([trained.code, trained.stderr]).toEqual([0, '']);
    if (looked.code === 0) {
      const analysis = JSON.parse(textOf(run, 'analysis.json'));
      expect([analysis.seed, analysis.step % 50]).toEqual([1, 0]);
      expect(JSON.parse(textOf(run, 'recommendations.json')).step).toBe(analysis.step);
    } else
      expectLoser(
        looked,
        /^\S+: (?:there is no run in this folder|the run has no saved state yet)\. [^\n]+\.\n$/,
      );
    expectWhole(run, looked.code === 0 ? INSPECTED : []);
    rmSync(workspace.path(run), { recursive: true });
  });
});

describe('inspect beside inspect', () => {
  it('is refused for as long as the first goes on, and names it', async () => {
    const run = 'inspect-held';
    cpSync(workspace.path('alone-1'), workspace.path(run), { recursive: true });
    await whileLocked(workspace.path(run), 'inspect', async () => {
      const second = await inspect(run).done;
      expectLoser(second, INSPECTING);
      expect(second.stderr).toContain(`process ${process.pid} on`);
      expectWhole(run, ['inspect.lock']);
    });
    expect((await inspect(run).done).code).toBe(0);
    expectWhole(run, INSPECTED);
  });

  it.each(tries)('writes one analysis (seed $seed)', async ({ seed }) => {
    const run = `inspect-inspect-${seed}`;
    cpSync(workspace.path('alone-1'), workspace.path(run), { recursive: true });
    const first = inspect(run);
    const lock = () => existsSync(workspace.path(run, 'inspect.lock'));
    if (seed % 2 === 0) await until(run, lock, first.done);
    const outcomes = await Promise.all([first.done, inspect(run).done]);
    expect(outcomes.some(({ code }) => code === 0)).toBe(true);
    for (const outcome of outcomes) if (outcome.code !== 0) expectLoser(outcome, INSPECTING);
    for (const file of INSPECTED) expect(textOf(run, file)).toBe(textOf('inspected', file));
    expectWhole(run, INSPECTED);
    rmSync(workspace.path(run), { recursive: true });
  });
});
