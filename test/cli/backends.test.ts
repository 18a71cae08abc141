import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/protocol/index.ts';
import { hasSwiftShader, unpackSwiftShader } from '../swiftShader.ts';
import { CLI, start, Workspace } from './cli.ts';
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
  const [code, message] = await workspace.failure('inspect', 'native', '--backend', 'tensorflow');
  expect(code).toBe(2);
  expect(message).toMatch(/^--backend: the tensorflow backend cannot start: .+\. Use --backend auto\.$/);
});

describe.skipIf(!hasSwiftShader)('webgpu', () => {
  let driver: ReturnType<typeof unpackSwiftShader>;
  beforeAll(() => {
    driver = unpackSwiftShader();
  });
  afterAll(() => driver.dispose());

  it('trains and measures as native does, on a GPU in software', async () => {
    const env = { ...process.env, ...driver.variables };
    const run = (...args: string[]) =>
      start(process.execPath, [CLI, ...args, '--backend', 'webgpu'], workspace.folder, env).done;
    const trained = await run('train', 'linear.experiment.json', '--out', 'webgpu');
    expect(trained.stderr).toContain('linear-population: onnxruntime-node on the GPU (WebGPU); probes');
    expect(trained.code).toBe(0);
    expect((await run('inspect', 'webgpu')).code).toBe(0);
    const { layers } = JSON.parse(
      readFileSync(workspace.path('webgpu', 'analysis.json'), 'utf8'),
    ) as Analysis;
    const weights = layers.flatMap(({ featureWeights }) => featureWeights.map(({ weight }) => weight));
    expect(weights).toHaveLength(native.length);
    for (const [j, weight] of weights.entries()) expect(Math.abs(weight - native[j])).toBeLessThan(1e-5);
  });

  it('is refused where there is no GPU', async () => {
    const env = { ...process.env, VK_ICD_FILENAMES: '/nowhere.json' };
    const args = [CLI, 'inspect', 'native', '--backend', 'webgpu'];
    const { code, stderr } = await start(process.execPath, args, workspace.folder, env).done;
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^--backend: the webgpu backend cannot start: there is no GPU here that WebGPU can use \(Failed to get a WebGPU adapter.*\)\. Use --backend auto\.$/,
    );
  });
});
