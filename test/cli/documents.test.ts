import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analysisSchema, recommendationSchema, runSchema } from '../../src/protocol/index.ts';
import { loadsOf } from '../unit/report/loads.ts';
import { Workspace } from './cli.ts';
import { linearPopulation, smallCnn } from './experiments.ts';

const workspace = new Workspace();
const read = (...names: string[]): string => readFileSync(workspace.path(...names), 'utf8');
const LAYERS = ['input', 'encoder.conv1', 'encoder.conv2', 'encoder.pool', 'head.1', 'head.2'];
/** Without the input, whose probes take the longest. */
const TAPPED = ['encoder.conv1', 'encoder.pool', 'head.1', 'head.2'];
let analysis: Analysis;

beforeAll(async () => {
  workspace.write('small.experiment.json', { ...smallCnn, layers: TAPPED });
  const trained = await workspace.json('train', 'small.experiment.json', '--out', 'run');
  expect(trained).toMatchObject({ run: 'run', step: 40, epoch: 5, backend: 'native' });
  analysis = await workspace.json<Analysis>('inspect', 'run');
});

describe('inspect', () => {
  it('gives an analysis document, and keeps it in the run', () => {
    expect(analysisSchema.parse(analysis)).toEqual(analysis);
    expect(JSON.parse(read('run', 'analysis.json'))).toEqual(analysis);
  });

  it('has every layer with its probes on every task, shift and group', () => {
    expect(analysis.layers.map(({ name }) => name)).toEqual(TAPPED);
    expect(analysis.samples).toEqual({ train: 256, test: 100 });
    for (const { probes, singularValues, dimensions } of analysis.layers) {
      expect(singularValues.length).toBeLessThanOrEqual(dimensions);
      expect([...new Set(probes.map(({ task }) => task))]).toEqual(['digit', 'clothes']);
      for (const { task, evaluations, note } of probes) {
        if (note !== undefined && evaluations.length === 0) continue;
        expect(evaluations.map(({ on }) => on)).toEqual(['test', 'faint digits']);
        expect(evaluations.every(({ worstGroup }) => (worstGroup === null) === (task === 'digit'))).toBe(
          true,
        );
      }
    }
  });

  it('prints one line for every layer', async () => {
    const setting = { strengths: [1, 2], noise: [0.5, 1], depth: 3, directions: 'identity' } as const;
    const file = workspace.write('linear.experiment.json', { ...linearPopulation(setting), epochs: 1 });
    await workspace.json('train', file, '--out', 'linear');
    const table = (await workspace.succeed('inspect', 'linear')).trimEnd().split('\n');
    const rows = table.slice(1, 5).map((line) => line.split(/ +/).slice(0, 2));
    expect(rows).toEqual(['input', 'encoder.1', 'encoder.2', 'head.1'].map((name) => [name, '2']));
  });
});

describe('train', () => {
  it('records what was trained, and with what', () => {
    const record = runSchema.parse(JSON.parse(read('run', 'run.json')));
    expect(record).toMatchObject({ name: 'small', seed: 3, stepsPerEpoch: 8, totalSteps: 40 });
    expect(record.layers.map(({ name }) => name)).toEqual(LAYERS);
    expect(record.dataHash).toBe(analysis.dataHash);
  });

  it('names the run after the experiment and the seed', async () => {
    const file = workspace.write('short.experiment.json', { ...smallCnn, name: 'short', epochs: 1 });
    const said = await workspace.succeed('train', file, '--seed', '5');
    expect(said).toMatch(
      /^Trained 1 epochs? \(8 steps\) in .+: loss [\d.]+\nRun: \.pentimento\/runs\/short-seed5\n$/,
    );
    expect(JSON.parse(read('.pentimento', 'runs', 'short-seed5', 'run.json')).seed).toBe(5);
  });
});

describe('recommend', () => {
  it('gives a recommendation document with its evidence', async () => {
    const document = recommendationSchema.parse(await workspace.json('recommend', 'run'));
    expect(document).toMatchObject({ task: 'digit', on: 'test', criterion: 'accuracy' });
    const ranked = document.ranking.map(({ layer }) => layer);
    expect([...ranked].sort()).toEqual([...TAPPED].sort());
    expect(ranked).toContain(document.recommended.layer);
    // The evidence equals what the analysis contains.
    for (const { layer, accuracy, reported } of document.ranking) {
      const probe = analysis.layers
        .find(({ name }) => name === layer)!
        .probes.find(({ task, method }) => task === 'digit' && method === document.method)!;
      expect(probe.outOfFold?.accuracy).toBe(accuracy);
      expect(probe.evaluations[0].accuracy).toBe(reported?.accuracy);
    }
  });

  it('asks for the worst group, on a shift, by another probe', async () => {
    const criterion = ['--criterion', 'worst-group accuracy'];
    const options = ['--task', 'clothes', '--on', 'faint digits', '--method', 'knn', ...criterion];
    const document = recommendationSchema.parse(await workspace.json('recommend', 'run', ...options));
    expect(document).toMatchObject({
      task: 'clothes',
      on: 'faint digits',
      method: 'knn',
      criterion: 'worst-group accuracy',
    });
    const said = await workspace.succeed('recommend', 'run', ...options);
    expect(said.split('\n')[0]).toMatch(
      new RegExp(`^(?:Recommended|No clear winner; highest|Highest) layer: ${document.recommended.layer}`),
    );
    expect(said.split('\n')[0]).toMatch(/\(task clothes, knn probe\)$/);
    expect(said.trimEnd().split('\n').at(-1)).toBe(document.reason);
  });
});

describe('report', () => {
  it('is one page that loads nothing and holds the analysis', async () => {
    const document = await workspace.json('report', 'run', '--out', 'report.html');
    expect(document).toEqual({ file: 'report.html', tasks: ['digit', 'clothes'] });
    const page = read('report.html');
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(loadsOf(page)).toEqual([]);
    expect(page.includes("default-src 'none'")).toBe(true);
    const data = JSON.parse(page.match(/<script type="application\/json"[^>]*>(.*?)<\/script>/s)![1]);
    expect(data.analysis).toEqual(analysis);
    expect(data.recommendations.map(({ task }: { task: string }) => task)).toEqual(['digit', 'clothes']);
    expect(page.includes(workspace.folder)).toBe(false);
  });

  it('lies in the run when no place is named', async () => {
    expect(await workspace.succeed('report', 'run')).toBe('Report: run/report.html\n');
    expect(read('run', 'report.html').startsWith('<!doctype html>')).toBe(true);
  });
});
