import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analysisSchema, type Recommendation } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';
import { integers, matrix, npz } from './dataFiles.ts';

/** Kept states: created during training by --inspect-every, and named with --state afterwards. */

const workspace = new Workspace();
const LAYERS = ['input', 'encoder.1', 'encoder.2', 'classifier'];

const vectors = {
  name: 'vectors',
  data: { kind: 'npz', train: 'data.npz', test: 'data.npz', validation: 0.2 },
  encoder: { kind: 'mlp', widths: [5, 4] },
  loss: { kind: 'cross-entropy', label: 'label' },
  optimiser: { kind: 'sgd', learningRate: 0.1 },
  epochs: 5,
  batchSize: 8,
  downstream: [{ name: 'label', factor: 'label' }],
};

const read = (...names: string[]): Buffer => readFileSync(workspace.path(...names));
const kept = (checkpoint: string, run = 'run'): Analysis =>
  analysisSchema.parse(JSON.parse(read(run, 'analyses', `${checkpoint}.json`).toString()));
const probed = ({ layers }: Analysis): boolean[] => layers.map(({ probes }) => probes.length > 0);

beforeAll(async () => {
  const labels = Array.from({ length: 50 }, (_, i) => i % 2);
  const rows = matrix(50, 3, (i) => labels[Math.floor(i / 3)] + Math.sin(9 * i));
  workspace.write('data.npz', await npz({ x: rows, y: integers(labels) }));
  workspace.write('vectors.json', vectors);
  await workspace.json('train', 'vectors.json', '--out', 'run', '--inspect-every', '2');
  cpSync(workspace.path('run'), workspace.path('trained'), { recursive: true });
});

describe('train --inspect-every', () => {
  it('keeps the first epoch and every so many, each with an analysis, and not the last', () => {
    expect(readdirSync(workspace.path('trained')).sort()).toEqual([
      'analyses',
      'checkpoints',
      'metrics.jsonl',
      'run.json',
    ]);
    const names = ['epoch-0001', 'epoch-0002', 'epoch-0004'];
    expect(readdirSync(workspace.path('trained', 'analyses')).sort()).toEqual(
      names.map((name) => `${name}.json`),
    );
    expect(names.map((name) => [kept(name, 'trained').epoch, kept(name, 'trained').step])).toEqual([
      [1, 5],
      [2, 10],
      [4, 20],
    ]);
    // Above the input, without probes, and with the number of samples.
    expect(kept('epoch-0002', 'trained').layers.map(({ name }) => name)).toEqual(LAYERS.slice(1));
    expect(probed(kept('epoch-0002', 'trained'))).toEqual([false, false, false]);
    expect(kept('epoch-0002', 'trained').samples).toEqual({ train: 40, test: 50 });
  });

  it('leaves the training as it is without', async () => {
    await workspace.json('train', 'vectors.json', '--out', 'plain');
    for (const name of ['checkpoints/last.safetensors', 'metrics.jsonl']) {
      expect(read('run', name).equals(read('plain', name))).toBe(true);
    }
    expect(readdirSync(workspace.path('plain')).sort()).toEqual(['checkpoints', 'metrics.jsonl', 'run.json']);
    expect(readdirSync(workspace.path('plain', 'checkpoints'))).toEqual(['last.safetensors']);
  });

  it('takes a whole number', async () => {
    for (const wrong of ['-1', '1.5', 'often']) {
      const [code, message] = await workspace.failure('train', 'vectors.json', '--inspect-every', wrong);
      expect([code, message]).toEqual([2, expect.stringContaining('Give a whole number.')]);
    }
  });
});

describe('--state', () => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await workspace.json<Analysis>('inspect', 'run', '--state', 'epoch-0002');
  });

  it('of inspect writes a whole analysis beside that state, and nothing about the newest', () => {
    expect(analysis).toMatchObject({ epoch: 2, step: 10 });
    expect(kept('epoch-0002')).toEqual(analysis);
    expect(analysis.layers.map(({ name }) => name)).toEqual(LAYERS);
    expect(probed(analysis)).toEqual([true, true, true, true]);
    expect(existsSync(workspace.path('run', 'analysis.json'))).toBe(false);
    expect(existsSync(workspace.path('run', 'recommendations.json'))).toBe(false);
  });

  it('of inspect names the states there are', async () => {
    const [code, message] = await workspace.failure('inspect', 'run', '--state', 'epoch-0003');
    expect(code).toBe(2);
    expect(message).toContain(
      "has no state 'epoch-0003'. Use one of epoch-0001, epoch-0002, epoch-0004, last.",
    );
  });

  it('of recommend answers from that state', async () => {
    const document = await workspace.json<Recommendation>('recommend', 'run', '--state', 'epoch-0002');
    expect(document.task).toBe('label');
    for (const { layer, accuracy, reported } of document.ranking) {
      const { probes } = analysis.layers.find(({ name }) => name === layer)!;
      const probe = probes.find(({ method }) => method === document.method)!;
      expect(probe.outOfFold).toMatchObject({ on: 'validation', accuracy });
      expect(probe.evaluations[0].accuracy).toBe(reported?.accuracy);
    }
    // The newest state was not inspected.
    const [code, message] = await workspace.failure('recommend', 'run');
    expect([code, message]).toEqual([
      2,
      expect.stringMatching(/^run\/analysis\.json: .+ not been inspected yet/),
    ]);
  });

  it('of recommend says what is missing in what was found on the way', async () => {
    const [code, message] = await workspace.failure('recommend', 'run', '--state', 'epoch-0004');
    expect(code).toBe(2);
    expect(message).toMatch(/^run\/analyses\/epoch-0004\.json: /);
  });

  it('of report draws that state', async () => {
    const options = ['--state', 'epoch-0002', '--out', 'kept.html'];
    expect(await workspace.json('report', 'run', ...options)).toEqual({
      file: 'kept.html',
      tasks: ['label'],
    });
    const page = readFileSync(workspace.path('kept.html'), 'utf8');
    const data = JSON.parse(page.match(/<script type="application\/json"[^>]*>(.*?)<\/script>/s)![1]);
    expect(data.analysis).toEqual(analysis);
    // Analyses made during training have no probes, but are drawn as well.
    const light = ['--state', 'epoch-0001', '--out', 'light.html'];
    expect(await workspace.json('report', 'run', ...light)).toEqual({ file: 'light.html', tasks: [] });
  });

  it('of inspect, left out, is the newest state, which brings the recommendations', async () => {
    cpSync(workspace.path('run'), workspace.path('newest'), { recursive: true });
    const found = (name: string) => JSON.parse(readFileSync(workspace.path('newest', name), 'utf8'));
    const newest = await workspace.json<Analysis>('inspect', 'newest');
    expect(newest).toMatchObject({ epoch: 5, step: 25 });
    expect(found('analysis.json')).toEqual(newest);
    const { step, recommendations } = found('recommendations.json');
    expect(step).toBe(25);
    expect(recommendations).toEqual([await workspace.json('recommend', 'newest')]);
    expect(found('analyses/epoch-0002.json')).toEqual(analysis);
  });
});
