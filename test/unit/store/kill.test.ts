import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { whileLocked } from '../../../src/disk/index.ts';
import { holdsRun, openRun } from '../../../src/store/index.ts';
import { between, seededRandom } from '../../cli/seededRandom.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

const folder = scratchFolder();
const script = join(folder, 'loop.mjs');
const SIZE = 200_000;
const KILLS = 12;
const PRELOAD = new URL('../../cli/signalAt.mjs', import.meta.url).href;

/** Saves one state after another, each filled with its own step, until it is killed. */
const LOOP = `
  import { createRun, holdsRun, openRun } from './src/store/index.ts';
  const folder = process.argv[2];
  const record = ${JSON.stringify({
    version: 1,
    name: 'loop',
    baseDirectory: '.',
    experiment: {},
    seed: 1,
    backend: { kind: 'none', reason: 'a test', threads: 1 },
    versions: {},
    dataHash: '',
    layers: [],
    parameters: SIZE,
    stepsPerEpoch: 10,
    totalSteps: 1000000,
    created: '',
  })};
  const run = (await holdsRun(folder)) ? await openRun(folder) : await createRun(folder, record);
  const resumed = (await run.listStates()).includes('last');
  let step = resumed ? (await run.loadState()).step : 0;
  await run.truncateMetrics(step);
  for (;;) {
    step += 1;
    await run.appendMetric({ step, epoch: 0, loss: 1, learningRate: 1 });
    const weight = { dtype: 'float32', shape: [${SIZE}], data: new Float32Array(${SIZE}).fill(step) };
    const momentum = { dtype: 'float64', shape: [1], data: new Float64Array([step]) };
    await run.saveState(
      { step, epoch: 0, variables: { weight }, optimiser: { momentum }, random: { seed: 1, epoch: 0, step } },
      step % 5 === 0 ? { keepEpoch: step } : {},
    );
  }
`;

it('always has a complete newest state, whenever the process is killed', async () => {
  buildSync({
    stdin: { contents: LOOP, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const runFolder = join(folder, 'run');
  const halfWritten = () =>
    [runFolder, join(runFolder, 'checkpoints')].flatMap((part) =>
      readdirSync(part)
        .filter((file) => file.endsWith('.tmp'))
        .map((file) => join(part, file)),
    );
  let before = 0;
  const random = seededRandom(7);
  for (let kill = 0; kill < KILLS; kill++) {
    // Before one of its file operations: the first kills happen around the first save, later ones after it.
    const nth = Math.floor(between(random, 1, 12 + 4 * kill));
    const child = spawn(process.execPath, ['--import', PRELOAD, script, runFolder], {
      env: { ...process.env, PENTIMENTO_TEST_SIGNAL: JSON.stringify({ signal: 'SIGKILL', nth }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL');

    // If it was killed before there was a run, it creates one the next time.
    if (!(await holdsRun(runFolder))) continue;
    const run = await openRun(runFolder);
    const names = await run.listStates();
    if (names.includes('last')) {
      const state = await run.loadState();
      expect(state.step).toBeGreaterThanOrEqual(before);
      expect(state.variables.weight.data.every((value) => value === state.step)).toBe(true);
      expect(state.optimiser.momentum.data[0]).toBe(state.step);
      expect(state.random.step).toBe(state.step);
      const steps = (await run.readMetrics()).map((metric) => metric.step);
      expect(steps.slice(0, state.step)).toEqual(Array.from({ length: state.step }, (_, i) => i + 1));
      before = state.step;
    }
    for (const name of names) await run.loadState(name);
    // Half-written files are removed by the next holder of the lock, once they are old.
    for (const path of halfWritten()) utimesSync(path, 0, 0);
    await whileLocked(runFolder, 'train', (lock) => run.under(lock));
    expect(halfWritten()).toEqual([]);
  }
  expect(before).toBeGreaterThan(0);
});
