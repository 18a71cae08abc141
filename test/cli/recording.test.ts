import { cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Analysis, analysisSchema, inspectionRecordSchema } from '../../src/protocol/index.ts';
import { encodeNpz } from '../unit/checkpoint/npyFiles.ts';
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

describe('fit on a run', () => {
  it('writes the encoder with a head', async () => {
    await workspace.json('inspect', 'run', '--no-baselines');
    const args = ['fit', 'run', '--task', 'digit', '--layer', 'encoder.pool', '--out', 'digit.onnx'];
    const fitted = await workspace.json<{ evaluations: { accuracy: number }[] }>(...args);
    expect(fitted).toMatchObject({ inputs: [{ name: 'x' }], outputs: ['logits', 'probabilities'] });
    const { layers } = analysisSchema.parse(read('run', 'analysis.json'));
    const probe = layers
      .find(({ name }) => name === 'encoder.pool')!
      .probes.find(({ task, method }) => task === 'digit' && method === 'logistic-standardised')!;
    expect(fitted.evaluations[0].accuracy).toBeCloseTo(probe.evaluations[0].accuracy!, 9);
    expect(readFileSync(workspace.path('digit.md'), 'utf8')).toContain(
      'values in \\[0, 1\\]. Pooling: none.',
    );
  });
});

describe('inspect of files that another program wrote', () => {
  it('says what it assumes, writes it down, and recommends a layer by it', async () => {
    const layers = [0, 1, 2];
    const samples = 90;
    for (const layer of layers) {
      // Layer 1 tells the classes apart, the others are noise.
      const shape = [samples, 4];
      const data = Float32Array.from({ length: samples * 4 }, (_, at) => {
        const sample = Math.floor(at / 4);
        return Math.sin(97 * at + 13 * layer) + (layer === 1 && sample % 3 === at % 4 ? 4 : 0);
      });
      const bytes = encodeNpz(new Map([['acts', { dtype: 'float32' as const, shape, data }]]));
      mkdirSync(workspace.path('foreign'), { recursive: true });
      writeFileSync(workspace.path('foreign', `block${layer}.npz`), await bytes);
    }
    const rows = Array.from(
      { length: samples },
      (_, sample) => `${'abc'[sample % 3]},${sample % 5 === 0 ? 'test' : 'train'}`,
    );
    writeFileSync(workspace.path('foreign', 'labels.csv'), `kind,split\n${rows.join('\n')}\n`);
    const { code, stderr } = await workspace.run('inspect', 'foreign');
    expect([code, stderr]).toEqual([
      0,
      [
        'Assumed: files "{layer}.npz", arrays "*", axes sample x dimension',
        'Assumed: 90 samples, 3 layers: "block0", "block1", "block2"',
        'Assumed: labels: "kind" from "foreign/labels.csv"',
        'Wrote foreign.inspection.json: the layers, tasks and probes that are assumed. Edit it to ask something else',
        '',
      ].join('\n'),
    ]);
    expect(read('foreign.inspection.json')).toMatchObject({
      recording: 'foreign',
      layout: { files: '{layer}.npz', arrays: '*', axes: ['sample', 'dimension'] },
      labels: { kind: { file: 'foreign/labels.csv', column: 'kind' } },
      split: { file: 'foreign/labels.csv', column: 'split' },
      downstream: [{ name: 'kind', factor: 'kind' }],
    });
    const analysis = analysisSchema.parse(read('.pentimento', 'inspections', 'foreign', 'analysis.json'));
    expect(analysis.samples).toEqual({ train: 72, test: 18 });
    const advice = await workspace.json('recommend', '.pentimento/inspections/foreign', '--task', 'kind');
    expect(advice).toMatchObject({ best: { layer: 'block1' } });
    const report = await workspace.json('report', '.pentimento/inspections/foreign');
    expect(report).toEqual({ file: join('.pentimento/inspections/foreign', 'report.html'), tasks: ['kind'] });
    expect(readFileSync(workspace.path('.pentimento/inspections/foreign/report.html'), 'utf8')).toContain(
      '"recording":"foreign"',
    );
    // The file is used from then on: nothing is assumed any more.
    const again = await workspace.run('inspect', 'foreign');
    expect(again.stderr).toBe('As foreign.inspection.json says\n');
  });
});

describe('inspect of a model with data', () => {
  const models = fileURLToPath(new URL('../unit/sources/fixtures/models', import.meta.url));

  it('writes the inspection file that it amounts to, and inspects the layers in it', async () => {
    for (const name of ['residual.onnx', 'images.npz']) cpSync(join(models, name), workspace.path(name));
    const { code, stdout, stderr } = await workspace.run('inspect', 'residual.onnx', '--data', 'images.npz');
    expect([code, stderr]).toEqual([
      0,
      [
        'Assumed: layers: 7 of 18 tensors, the ends of blocks and the layers of the head',
        'Wrote residual.inspection.json: the layers, tasks and probes that are assumed. Edit it to ask something else',
        '',
      ].join('\n'),
    ]);
    expect(stdout).toMatch(/^layer +dims .*\nResults: \.pentimento\/inspections\/residual\n$/s);
    expect(read('residual.inspection.json')).toMatchObject({
      name: 'residual',
      model: 'residual.onnx',
      data: { kind: 'arrays', path: 'images.npz' },
      projection: { before: 'pool', after: 'logits' },
      downstream: [{ name: 'kind', factor: 'kind' }],
    });
    const again = await workspace.run('inspect', 'residual.onnx', '--data', 'images.npz');
    expect(again.stderr).toBe('As residual.inspection.json says\n');
    const [other] = [await workspace.failure('inspect', 'residual.onnx', '--data', 'acts.safetensors')];
    expect(other[1]).toMatch(
      /^residual\.inspection\.json: is there already, with other data\. Edit or remove it/,
    );
  });

  it('needs data, and says which', async () => {
    cpSync(join(models, 'tokens.onnx'), workspace.path('tokens.onnx'));
    const [code, line] = await workspace.failure('inspect', 'tokens.onnx');
    expect(code).toBe(2);
    expect(line).toMatch(
      /^tokens\.onnx: is a model, whose layers are read for some data\. Add --data with a folder of images/,
    );
    expect(existsSync(workspace.path('tokens.inspection.json'))).toBe(false);
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
    [
      ['inspect', 'other.inspection.json', '--data', 'x.npz'],
      /^other\.inspection\.json: names its data itself\. /,
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

  it('leaves no folder of results when one of its files cannot be read', async () => {
    const layout = fileURLToPath(new URL('../unit/sources/fixtures/layouts/vllm', import.meta.url));
    cpSync(layout, workspace.path('vllm'), { recursive: true });
    truncateSync(workspace.path('vllm', 'req-03-59.safetensors'), 300);
    const [code, line] = await workspace.failure('inspect', 'vllm', '--out', 'cut');
    expect(code).toBe(2);
    expect(line).toMatch(/req-03-59\.safetensors, byte \d+: .* The file is damaged/);
    expect(existsSync(workspace.path('cut'))).toBe(false);
  });
});
