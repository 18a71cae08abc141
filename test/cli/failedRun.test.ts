import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../src/checkpoint/index.ts';
import { CLI, runCli, start, Workspace } from './cli.ts';
import { linearPopulation, smallCnn } from './experiments.ts';

const workspace = new Workspace();
const setting = { strengths: [1, 2], noise: [0.5, 1], depth: 2, directions: 'identity' } as const;

const diverging = (learningRate: number) => ({
  ...linearPopulation(setting),
  optimiser: { kind: 'sgd', learningRate },
  checkpointEverySteps: 1,
});

const files = (run: string): string[] =>
  readdirSync(workspace.path(run), { recursive: true }).map(String).sort();

describe('a training that diverges', () => {
  it('fails, says what to do, and keeps the last good checkpoint', async () => {
    const file = workspace.write('fast.json', diverging(1));
    const [code, message] = await workspace.failure('train', file, '--out', 'fast');
    expect(code).toBe(1);
    const [, step, saved] =
      message.match(
        /^fast: the loss became (?:NaN|-?Infinity) at step (\d+) \(epoch 1\)\. Lower \/optimiser\/learningRate or add warm-up, and train into another folder; the last saved state, of step (\d+), is from before it\.$/,
      ) ?? [];
    expect(Number(saved)).toBe(Number(step) - 1);
    const checkpoint = await openSafetensors(workspace.path('fast/checkpoints/last.safetensors'));
    expect(checkpoint.metadata.get('step')).toBe(saved);
    for (const name of checkpoint.tensors.keys()) {
      expect(Array.from((await checkpoint.read(name)).data).every(Number.isFinite)).toBe(true);
    }
    await checkpoint.close();
    const steps = readFileSync(workspace.path('fast/metrics.jsonl'), 'utf8').trim().split('\n');
    expect(steps.map((line) => JSON.parse(line).step).at(-1)).toBe(Number(saved));
    expect(files('fast')).toEqual([
      'checkpoints',
      'checkpoints/last.safetensors',
      'metrics.jsonl',
      'run.json',
    ]);
  });

  it('keeps no weights that overflowed under a loss that was finite', async () => {
    const file = workspace.write('wild.json', diverging(3e38));
    const [code, message] = await workspace.failure('train', file, '--out', 'wild');
    expect([code, message]).toEqual([
      1,
      'wild: encoder.1.weight overflowed at step 1 (epoch 1). Lower /optimiser/learningRate or add warm-up, and train into another folder.',
    ]);
    expect(files('wild').filter((name) => name.endsWith('.safetensors'))).toEqual([]);
  });
});

describe('a disk that is full', () => {
  const file = () => workspace.write('small.json', { ...smallCnn, checkpointEverySteps: 1 });
  /** A limit on the size of files stops the first larger file, the checkpoint, like a full disk. */
  const trainLimited = (run: string) =>
    runCli(['train', file(), '--out', run, '--json'], { cwd: workspace.folder, shell: 'ulimit -f 8; exec' });

  it('ends the run and leaves nothing half-written', async () => {
    const { code, stdout, stderr } = await trainLimited('limited');
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'limited/checkpoints/last.safetensors: the file is larger than the system allows. Raise the limit and run the command again (a training with --resume).\n',
    ]);
    expect(files('limited')).toEqual(['checkpoints', 'metrics.jsonl', 'run.json']);
  });

  it('can be resumed once there is room, with the bytes of a run that had it from the start', async () => {
    await trainLimited('resumed');
    await workspace.json('train', file(), '--out', 'resumed', '--resume');
    await workspace.json('train', file(), '--out', 'roomy');
    const weights = (run: string) => readFileSync(workspace.path(run, 'checkpoints', 'last.safetensors'));
    expect(weights('resumed').equals(weights('roomy'))).toBe(true);
  });

  it('is named as such', async () => {
    // A small file system in memory, visible only to this process; where that is not allowed, /dev/full is
    // used instead.
    mkdirSync(workspace.path('disk'));
    const mount = 'mount -t tmpfs -o size=20k tmpfs disk';
    const train = [process.execPath, CLI, 'train', file(), '--out', join('disk', 'run'), '--json'];
    const isolated = ['--mount', '--map-root-user', 'sh', '-c', `${mount} && exec "$@"`, 'sh', ...train];
    const allowed = await start('unshare', isolated.slice(0, 4).concat(mount), workspace.folder).done.catch(
      () => null,
    );
    if (allowed?.code === 0) {
      const { code, stdout, stderr } = await start('unshare', isolated, workspace.folder).done;
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        'disk/run/checkpoints/last.safetensors: the disk is full. Free 1 MB and run the command again (a training with --resume).\n',
      );
    } else {
      const theory = ['theory', '--strengths', '1', '--noise', '1', '--layers', '2'];
      const full = await runCli(theory, { shell: 'exec >/dev/full;' });
      expect([full.code, full.stderr]).toEqual([
        1,
        'standard output: the disk is full. Free 1 MB and run the command again (a training with --resume).\n',
      ]);
    }
  });
});

describe('standard output', () => {
  const THEORY = ['theory', '--strengths', '1', '--noise', '1', '--layers', '2'];

  it('that nobody reads any more is no failure', async () => {
    const { code, stderr } = await runCli(THEORY, {
      shell: '{ "$@"; echo "ended $?" >&2; } | :; set --; :',
    });
    expect([code, stderr]).toEqual([0, 'ended 0\n']);
  });
});
