import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../src/checkpoint/index.ts';
import { CLI, type Outcome, start, Workspace } from './cli.ts';
import { smallCnn } from './experiments.ts';

const workspace = new Workspace();
const PRELOAD = new URL('heldAt.mjs', import.meta.url).href;

/** Processes that fail to end are killed after their test. */
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs a command that interrupts itself at a step that never ends: see heldAt.mjs. */
const held = (hold: Readonly<Record<string, unknown>>, ...args: string[]): Promise<Outcome> => {
  const env = { ...process.env, PENTIMENTO_TEST_HOLD: JSON.stringify(hold) };
  const { child, done } = start(process.execPath, ['--import', PRELOAD, CLI, ...args], workspace.folder, env);
  children.push(child);
  return done;
};

const one: StoredTensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
/** Enough names for several turns of the event loop, each as long as those that once took minutes to process. */
const names = Array.from({ length: 1200 }, (_, i) => `a${'.w0'.repeat(40)}.${i}.kernel`);
workspace.write('long-names.safetensors', encodeSafetensors(new Map(names.map((name) => [name, one]))));

const CANCELLED = {
  code: 130,
  signal: null,
  stdout: '',
  stderr: 'cancelled. Nothing was written; run the command again.\n',
};

describe('Ctrl-C ends spectra at once, as a shell expects it', () => {
  it.each([
    ['while the file is opened', { read: 'long-names' }],
    ['while its quantised weights are looked for', { turn: 'withScales' }],
    ['while its layers are planned', { turn: 'makePlans' }],
  ])('%s', async (_, hold) => {
    expect(await held(hold, 'spectra', 'long-names.safetensors')).toEqual(CANCELLED);
    expect(await held(hold, 'spectra', 'long-names.safetensors', '--json')).toEqual(CANCELLED);
  });
});

it('ends a process that does not end at the first Ctrl-C by the second', async () => {
  workspace.write('small.experiment.json', smallCnn);
  const hold = { open: 'metrics.jsonl', twice: true };
  const { code, signal, stdout } = await held(hold, 'train', 'small.experiment.json', '--out', 'run');
  expect([code, signal, stdout]).toEqual([null, 'SIGINT', '']);
});
