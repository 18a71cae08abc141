import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analysisSchema, inspectionRecordSchema } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';
import { smallCnn } from './experiments.ts';

const workspace = new Workspace();
const read = (...names: string[]): unknown => JSON.parse(readFileSync(workspace.path(...names), 'utf8'));

beforeAll(async () => {
  workspace.write('small.experiment.json', { ...smallCnn, epochs: 1, layers: ['encoder.pool', 'head.2'] });
  await workspace.json('train', 'small.experiment.json', '--out', 'run');
  const recorded = await workspace.json('embed', 'run', '--all-layers', '--out', 'acts.safetensors');
  expect(recorded).toEqual({
    file: 'acts.safetensors',
    layers: ['input', 'encoder.pool', 'head.2'],
    samples: 256 + 100 + 100,
  });
});

describe('inspect of a recording', () => {
  it('writes the inspection file that it amounts to, and uses it from then on', async () => {
    const { code, stdout, stderr } = await workspace.run('inspect', 'acts.safetensors');
    expect([code, stderr]).toEqual([
      0,
      'Wrote acts.inspection.json: the layers, tasks and probes that are assumed. Edit it to ask something else\n',
    ]);
    expect(stdout).toMatch(/^layer +dims .*\nResults: \.pentimento\/inspections\/acts\n$/s);
    const spec = read('acts.inspection.json');
    expect(spec).toMatchObject({
      name: 'acts',
      recording: 'acts.safetensors',
      seed: 3,
      layers: ['input', 'encoder.pool', 'head.2'],
      downstream: ['digit', 'clothes', 'superclass'].map((name) => ({ name, factor: name })),
    });
    const folder = ['.pentimento', 'inspections', 'acts'];
    expect(analysisSchema.parse(read(...folder, 'analysis.json')).experiment).toBe('acts');
    expect(inspectionRecordSchema.parse(read(...folder, 'inspection.json')).inspection).toEqual(spec);
    expect(existsSync(workspace.path(...folder, 'inspect.lock'))).toBe(false);
  });

  it('has the analysis of the run, with the same questions', async () => {
    const run = await workspace.json<Analysis>('inspect', 'run', '--no-baselines');
    workspace.write('same.inspection.json', {
      name: 'same',
      recording: 'acts.safetensors',
      seed: smallCnn.seed,
      layers: ['encoder.pool', 'head.2'],
      downstream: smallCnn.downstream,
    });
    const recording = await workspace.json<Analysis>('inspect', 'same.inspection.json', '--out', 'results');
    const { experiment: _, dataHash: __, ...rest } = run;
    expect(recording).toMatchObject(rest);
    const advice = await workspace.json('recommend', 'results', '--task', 'clothes');
    expect(advice).toEqual(await workspace.json('recommend', 'run', '--task', 'clothes'));
  });
});

describe('a recording that cannot be inspected', () => {
  it.each([
    [['inspect', 'nothing.safetensors'], /^nothing\.safetensors: /],
    [['inspect', 'nothing.inspection.json'], /^nothing\.inspection\.json: there is no such file\. /],
    [['inspect', 'wrong.inspection.json'], /^wrong\.inspection\.json:4:3 \/layer: unknown key "layer"/],
    [
      ['inspect', 'other.inspection.json'],
      /^other\.inspection\.json \/downstream\/0\/factor: names the factor "age"; the data has /,
    ],
    [
      ['inspect', 'run/checkpoints/last.safetensors'],
      /^run\/checkpoints\/last\.safetensors: has \d+ arrays, such as .*, which may be layers or samples\. Set "arrays" of the layout, such as \{layer\} or \{sample\}, in run\/checkpoints\/last\.inspection\.json: \{"name":"last","recording":"last\.safetensors","layout":\{\}\}/,
    ],
    [['embed', 'run', '--all-layers', '--layer', 'head.2', '--out', 'x'], /^--all-layers: takes every layer/],
    [['embed', 'run', '--layer', 'head.2', '--out', 'x'], /^embed: a layer and data are needed\. /],
  ])('says why in a line: %j', async (args, message) => {
    workspace.write('wrong.inspection.json', { name: 'wrong', recording: 'acts.safetensors', layer: 'x' });
    workspace.write('other.inspection.json', {
      name: 'other',
      recording: 'acts.safetensors',
      downstream: [{ name: 'age', factor: 'age' }],
    });
    const [code, line] = await workspace.failure(...args);
    expect(code).toBe(2);
    expect(line).toMatch(message);
    expect(existsSync(workspace.path('x'))).toBe(false);
  });
});
