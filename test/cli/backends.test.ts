import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { Analysis } from '../../src/protocol/index.ts';
import { Workspace } from './cli.ts';
import { linearPopulation } from './experiments.ts';

const workspace = new Workspace();
const setting = {
  strengths: [0.6, 1, 1.5, 2.5],
  noise: [0.5, 1, 0.5, 0.3],
  depth: 2,
  directions: 'random',
} as const;

async function weightsOn(backend: string): Promise<number[]> {
  await workspace.json('train', 'linear.experiment.json', '--out', backend, '--backend', backend);
  const { layers } = await workspace.json<Analysis>('inspect', backend, '--backend', backend);
  const record = JSON.parse(readFileSync(workspace.path(backend, 'run.json'), 'utf8'));
  expect(record.backend.kind).toBe(backend);
  return layers.flatMap(({ featureWeights }) => featureWeights.map(({ weight }) => weight));
}

let native: number[];

beforeAll(async () => {
  workspace.write('linear.experiment.json', { ...linearPopulation(setting), epochs: 10 });
  native = await weightsOn('native');
});

it.each(['wasm', 'eager'])('%s trains and measures as native does', async (backend) => {
  const weights = await weightsOn(backend);
  expect(weights).toHaveLength(native.length);
  weights.forEach((weight, j) => {
    expect(Math.abs(weight - native[j])).toBeLessThan(1e-5);
  });
});

it('says which backend runs and why', async () => {
  const { stderr } = await workspace.run(
    ...['train', 'linear.experiment.json', '--out', 'said', '--backend', 'native', '--threads', '1'],
  );
  expect(stderr).toBe('linear-population: onnxruntime-node on 1 thread (native CPU)\n');
});

it('refuses a backend that is not installed', async () => {
  const [code, message] = await workspace.failure('inspect', 'native', '--backend', 'gpu');
  expect(code).toBe(2);
  expect(message).toMatch(/^--backend: the gpu backend cannot start: .+\. Use --backend auto\.$/);
});
