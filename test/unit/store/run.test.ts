import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../../src/checkpoint/index.ts';
import { whileLocked } from '../../../src/disk/index.ts';
import type { Analysis, Fault, Metric, RunRecord } from '../../../src/protocol/index.ts';
import { float32, float64, int32 } from '../../../src/runtime/tensorData.ts';
import { createRun, holdsRun, openRun, type TrainingState } from '../../../src/store/index.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
let count = 0;
const freshFolder = (): string => join(scratch, 'runs', `run ${++count}`);

const record: RunRecord = {
  version: 1,
  name: 'digits on clothes',
  baseDirectory: 'examples',
  experiment: { name: 'digits on clothes', epochs: 2 },
  seed: 7,
  backend: { kind: 'native', reason: 'the binary fits', threads: 2 },
  versions: { pentimento: '0.1.0' },
  dataHash: 'ab12',
  layers: [{ name: 'layer 1', part: 'encoder', shape: [64] }],
  parameters: 4096,
  stepsPerEpoch: 10,
  totalSteps: 20,
  created: '2026-01-02T03:04:05.000Z',
};

const stateAt = (step: number): TrainingState => ({
  step,
  epoch: Math.floor(step / 10),
  variables: {
    'layer 1/weight': float32([2, 2], new Float32Array([step, 1, -1, 0.5])),
    'layer 1/bias': float32([2], new Float32Array([0.25, step])),
  },
  optimiser: {
    'layer 1/weight/momentum': float64([1], new Float64Array([Math.PI])),
    updates: int32([], new Int32Array([step])),
  },
  random: { seed: 7, epoch: Math.floor(step / 10), step: step % 10 },
});

const metricAt = (step: number): Metric => ({ step, epoch: step / 10, loss: 1 / step, learningRate: 0.1 });

const analysis: Analysis = {
  version: 2,
  experiment: 'digits on clothes',
  seed: 7,
  epoch: 2,
  step: 20,
  backend: 'native',
  dataHash: 'ab12',
  samples: { train: 10, test: 5 },
  usualMethod: 'logistic-standardised',
  definitions: { rankMe: 'exp of the entropy of s_i / sum s' },
  layers: [
    {
      name: 'layer 1',
      part: 'encoder',
      role: 'pre-projection',
      dimensions: 2,
      samples: 5,
      pooling: 'none',
      singularValues: [2, 1],
      centredSingularValues: [1, 0],
      measures: { rankMe: { value: null, note: 'all singular values are 0' } },
      featureWeights: [],
      inequality: { effectiveNumber: { value: 1 }, gini: { value: 0 } },
      viewCorrelation: [],
      probes: [],
    },
  ],
  untrained: null,
  similarity: { samples: 5, cka: [[1]] },
  absent: { threshold: 'below 0.01', byLayer: {} },
  theory: null,
};

describe('createRun and openRun', () => {
  it('keep the record', async () => {
    const folder = freshFolder();
    expect(await holdsRun(folder)).toBe(false);
    const run = await createRun(folder, record);
    expect(run.record).toEqual(record);
    expect(await holdsRun(folder)).toBe(true);
    expect((await openRun(folder)).record).toEqual(record);
    expect(readdirSync(folder).sort()).toEqual(['checkpoints', 'run.json']);
  });

  it('refuse a folder that already holds a run', async () => {
    const folder = freshFolder();
    await createRun(folder, record);
    const fault = await faultOf(createRun(folder, { ...record, seed: 8 }));
    expect(fault.kind).toBe('input');
    expect(fault.message).toBe(
      `${folder}: already contains a run. Add --resume to continue it, or choose another folder with --out.`,
    );
    expect((await openRun(folder)).record.seed).toBe(7);
  });

  it('refuse a folder without a run, or that is a file', async () => {
    const folder = freshFolder();
    expect((await faultOf(openRun(folder))).message).toBe(
      `${join(folder, 'run.json')}: there is no run in this folder. Give the run folder that \`pentimento train\` wrote.`,
    );
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    expect((await faultOf(createRun(join(file, 'run'), record))).kind).toBe('input');
    expect((await faultOf(openRun(file))).what).toBe('there is no run in this folder');
  });

  it.each([
    ['{"version": 1,', /is not valid JSON \(.+\)$/, 'run.json'],
    [
      JSON.stringify({ ...record, version: 2 }),
      /^has version 2, and this Pentimento reads up to 1$/,
      'run.json',
    ],
    [JSON.stringify({ ...record, seed: 'seven' }), /expected number, received string/, 'run.json, seed'],
    [
      JSON.stringify({ ...record, layers: [{ name: 'a', part: 'encoder', shape: [-1] }] }),
      /expected number to be >0/,
      'run.json, layers[0].shape[0]',
    ],
  ])('refuse the damaged record %s', async (text, what, where) => {
    const folder = freshFolder();
    await createRun(folder, record);
    writeFileSync(join(folder, 'run.json'), text);
    const fault = await faultOf(openRun(folder));
    expect(fault.kind).toBe('input');
    expect(fault.what).toMatch(what);
    expect(fault.where).toBe(join(folder, where));
    expect(fault.message).not.toContain('\n');
  });

  it('lets one of many begin a run in the same folder', async () => {
    const folder = freshFolder();
    const seeds = Array.from({ length: 8 }, (_, seed) => seed);
    const outcomes = await Promise.allSettled(seeds.map((seed) => createRun(folder, { ...record, seed })));
    const winners = seeds.filter((seed) => outcomes[seed].status === 'fulfilled');
    expect(winners).toEqual([(await openRun(folder)).record.seed]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect((outcome.reason as Fault).what).toBe('already contains a run');
    }
    expect(readdirSync(folder).sort()).toEqual(['checkpoints', 'run.json']);
  });

  it('refuse a folder whose checkpoints lead elsewhere', async () => {
    const folder = freshFolder();
    mkdirSync(folder, { recursive: true });
    symlinkSync(scratch, join(folder, 'checkpoints'));
    expect((await faultOf(createRun(folder, record))).message).toBe(
      `${join(folder, 'checkpoints')}: is a symbolic link, and nothing is written through it. Remove it; to keep runs on another disk, put the whole run folder there (--out).`,
    );
  });
});

describe('half-written files', () => {
  const TEN_MINUTES_S = 601;
  /** Names of our temporary files, now and earlier; and names of other programs. */
  const [OURS, EARLIER] = [`.pentimento-${'0a'.repeat(16)}.tmp`, '.last.safetensors.999999999-3.tmp'];
  const THEIRS = ['notes.tmp', '.pentimento-0a.tmp'];

  const withLeftovers = async () => {
    const folder = freshFolder();
    const run = await createRun(folder, record);
    const places = [folder, join(folder, 'checkpoints')];
    const leftovers = places.flatMap((place) => [OURS, EARLIER, ...THEIRS].map((name) => join(place, name)));
    for (const path of leftovers) writeFileSync(path, 'half');
    return { folder, run, leftovers, left: () => leftovers.filter((path) => existsSync(path)) };
  };
  const makeOld = (paths: readonly string[]): void => {
    const then = Date.now() / 1000 - TEN_MINUTES_S;
    for (const path of paths) utimesSync(path, then, then);
  };

  it('are not touched by those who read, however old', async () => {
    const { folder, leftovers, left } = await withLeftovers();
    makeOld(leftovers);
    const run = await openRun(folder);
    await run.listStates();
    await run.readMetrics();
    expect(left()).toEqual(leftovers);
  });

  it('are removed by who holds a lock, once they are old', async () => {
    const { folder, run, leftovers, left } = await withLeftovers();
    await whileLocked(folder, 'train', (lock) => run.under(lock));
    expect(left()).toEqual(leftovers);
    makeOld(leftovers);
    await whileLocked(folder, 'train', (lock) => run.under(lock));
    expect(left()).toEqual(leftovers.filter((path) => THEIRS.includes(basename(path))));
  });
});

describe('a run under a lock', () => {
  it('writes nothing once the lock is another’s', async () => {
    const folder = freshFolder();
    const run = await createRun(folder, record);
    await whileLocked(folder, 'train', async (lock) => {
      const held = await run.under(lock);
      await held.appendMetric(metricAt(1));
      unlinkSync(join(folder, 'train.lock'));
      await whileLocked(folder, 'train', async () => {
        for (const write of [
          () => held.appendMetric(metricAt(2)),
          () => held.saveState(stateAt(2)),
          () => held.truncateMetrics(0),
          () => held.writeAnalysis(analysis),
        ]) {
          const fault = await faultOf(write());
          expect([fault.kind, fault.what]).toEqual([
            'run',
            expect.stringMatching(/^this process lost its lock to process \d+ on /),
          ]);
        }
      });
    });
    expect(await run.readMetrics()).toEqual([metricAt(1)]);
    expect(readdirSync(folder).sort()).toEqual(['checkpoints', 'metrics.jsonl', 'run.json']);
  });
});

describe('metrics', () => {
  const withMetrics = async (steps: readonly number[]) => {
    const run = await createRun(freshFolder(), record);
    for (const step of steps) await run.appendMetric(metricAt(step));
    return run;
  };

  it('come back in order, and none before the first', async () => {
    expect(await (await withMetrics([])).readMetrics()).toEqual([]);
    expect(await (await withMetrics([1, 2, 3])).readMetrics()).toEqual([1, 2, 3].map(metricAt));
  });

  it('drop a last line torn at any byte', async () => {
    const run = await withMetrics([1, 2]);
    const whole = readFileSync(run.metricsPath);
    const first = whole.indexOf('\n') + 1;
    for (let length = first; length < whole.length; length++) {
      writeFileSync(run.metricsPath, whole.subarray(0, length));
      expect(await run.readMetrics()).toEqual([metricAt(1)]);
    }
  });

  it('go on after a torn line once they were truncated to the checkpoint', async () => {
    const run = await withMetrics([5, 10, 15, 20]);
    writeFileSync(run.metricsPath, '{"step":25,"ep', { flag: 'a' });
    await run.truncateMetrics(10);
    await run.appendMetric(metricAt(11));
    expect((await run.readMetrics()).map(({ step }) => step)).toEqual([5, 10, 11]);
  });

  it('name the line that is damaged', async () => {
    const run = await withMetrics([1]);
    writeFileSync(run.metricsPath, 'garbage\n{"step":2}\n', { flag: 'a' });
    const fault = await faultOf(run.readMetrics());
    expect(fault.where).toBe(`${run.metricsPath}, line 2`);
    expect(fault.what).toMatch(/^is not a metric/);
  });

  it('never hold NaN', async () => {
    const run = await withMetrics([1]);
    const write = async () => run.appendMetric({ ...metricAt(2), loss: Number.NaN });
    await expect(write()).rejects.toThrow();
    expect(await run.readMetrics()).toEqual([metricAt(1)]);
  });
});

describe('checkpoints', () => {
  it('come back exactly', async () => {
    const run = await createRun(freshFolder(), record);
    await run.saveState(stateAt(13));
    expect(await run.loadState()).toEqual(stateAt(13));
  });

  it('are the same bytes for the same state', async () => {
    const run = await createRun(freshFolder(), record);
    await run.saveState(stateAt(13));
    const first = readFileSync(run.statePath());
    await run.saveState(stateAt(13));
    expect(readFileSync(run.statePath()).equals(first)).toBe(true);
  });

  it('are safetensors with model/ and optimiser/ names', async () => {
    const run = await createRun(freshFolder(), record);
    await run.saveState(stateAt(13));
    const file = await openSafetensors(run.statePath());
    expect([...file.tensors.keys()].sort()).toEqual([
      'model/layer 1/bias',
      'model/layer 1/weight',
      'optimiser/layer 1/weight/momentum',
      'optimiser/updates',
    ]);
    expect(Object.fromEntries(file.metadata)).toEqual({
      format: 'pentimento',
      step: '13',
      epoch: '1',
      'random.seed': '7',
      'random.epoch': '1',
      'random.step': '3',
    });
    await file.close();
  });

  it('are listed with the kept epochs in order, the newest as last', async () => {
    const run = await createRun(freshFolder(), record);
    expect(await run.listStates()).toEqual([]);
    await run.saveState(stateAt(20), { keepEpoch: 2 });
    await run.saveState(stateAt(100), { keepEpoch: 10 });
    await run.saveState(stateAt(103));
    writeFileSync(join(run.folder, 'checkpoints', 'mine.safetensors'), '');
    expect(await run.listStates()).toEqual(['epoch-0002', 'epoch-0010', 'last']);
    expect((await run.loadState()).step).toBe(103);
    expect((await run.loadState('epoch-0002')).step).toBe(20);
  });

  it('say which there are when another is asked for', async () => {
    const run = await createRun(freshFolder(), record);
    expect((await faultOf(run.loadState())).message).toMatch(
      /the run has no saved state yet\. Train it first\.$/,
    );
    await run.saveState(stateAt(10), { keepEpoch: 1 });
    const message = (await faultOf(run.loadState('../../etc'))).message;
    expect(message).toMatch(/checkpoints: has no state '\.\.\/\.\.\/etc'\. Use one of epoch-0001, last\.$/);
  });

  it('give a fault when they are cut off or are no training state', async () => {
    const run = await createRun(freshFolder(), record);
    await run.saveState(stateAt(1));
    const whole = readFileSync(run.statePath());
    writeFileSync(run.statePath(), whole.subarray(0, whole.length - 1));
    expect((await faultOf(run.loadState())).what).toMatch(
      /^has tensors of \d+ bytes in all and \d+ bytes of data/,
    );
    writeFileSync(run.statePath(), Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]));
    expect((await faultOf(run.loadState())).what).toBe(
      "the metadata 'step' of the training state is missing",
    );
  });
});

describe('the analysis', () => {
  it('come back as they were', async () => {
    const run = await createRun(freshFolder(), record);
    await run.writeAnalysis(analysis);
    expect(await run.readAnalysis()).toEqual(analysis);
  });

  it('say what to do when they are not there', async () => {
    const run = await createRun(freshFolder(), record);
    expect((await faultOf(run.readAnalysis())).message).toBe(
      `${run.analysisPath}: the run has not been inspected yet. Run \`pentimento inspect\` on it first.`,
    );
  });

  it('say where they are damaged or that they are newer', async () => {
    const run = await createRun(freshFolder(), record);
    writeFileSync(run.analysisPath, JSON.stringify({ ...analysis, version: 9 }));
    expect((await faultOf(run.readAnalysis())).message).toBe(
      `${run.analysisPath}: has version 9, and this Pentimento reads up to 2. Update Pentimento.`,
    );
    const layer = { ...analysis.layers[0], singularValues: [2, -1] };
    writeFileSync(run.analysisPath, JSON.stringify({ ...analysis, layers: [layer] }));
    expect((await faultOf(run.readAnalysis())).where).toBe(
      `${run.analysisPath}, layers[0].singularValues[1]`,
    );
    writeFileSync(run.analysisPath, JSON.stringify(analysis).slice(0, 100));
    expect((await faultOf(run.readAnalysis())).what).toMatch(/^is not valid JSON/);
    rmSync(run.analysisPath);
    mkdirSync(run.analysisPath);
    expect((await faultOf(run.readAnalysis())).what).toBe('is a folder, not a file');
  });

  it('never hold NaN', async () => {
    const run = await createRun(freshFolder(), record);
    const layer = { ...analysis.layers[0], measures: { rankMe: { value: Number.NaN } } };
    await expect(run.writeAnalysis({ ...analysis, layers: [layer] })).rejects.toThrow(TypeError);
    expect(existsSync(run.analysisPath)).toBe(false);
  });
});
