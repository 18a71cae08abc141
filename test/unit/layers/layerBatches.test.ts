import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import * as checkpoints from '../../../src/checkpoint/index.ts';
import { measureEach, measureLayers, openSpectrumPool, summarise } from '../../../src/layers/index.ts';
import { layerBatches } from '../../../src/layers/layerBatches.ts';
import type { LayerSpectrum, WeightLayer } from '../../../src/protocol/index.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

vi.mock('../../../src/checkpoint/index.ts', async (original) => {
  const real = await original<typeof checkpoints>();
  return { ...real, openCheckpoint: vi.fn(real.openCheckpoint) };
});

const scratch = scratchFolder();
const COUNT = 1000;

const layerOf = (name: string, side: number): WeightLayer => ({
  name,
  tensor: name,
  kind: 'dense',
  shape: [side, side],
  dtype: 'F32',
  matrix: [side, side],
  slices: 1,
  parameters: side * side,
  block: '',
  repeated: null,
});
const small = (name: string) => layerOf(name, 2);
const numbered = Array.from({ length: COUNT }, (_, i) => small(`layer ${String(i).padStart(6, '0')}`));

const question = { file: 'none', convolution: 'reshape', method: 'exact' } as const;
const spectrumOf = (layer: string) => ({ layer }) as LayerSpectrum;
const never = new AbortController().signal;

it('puts many small layers together, and leaves a large one by itself', () => {
  const large = layerOf('large', 2000);
  const layers = [...numbered.slice(0, 100), large, ...numbered.slice(100)];
  const batches = [...layerBatches(layers)];
  expect(batches.flat()).toEqual(layers);
  expect(batches.find((batch) => batch.includes(large))).toEqual([large]);
  expect(batches.length).toBeLessThan(10);
  expect([...layerBatches([])]).toEqual([]);
});

it('hands on each layer once, in order, whichever task is done first', async () => {
  const asked: { readonly names: readonly string[]; readonly answer: () => void }[] = [];
  const pool = {
    measureTogether: (names: readonly string[]) =>
      new Promise<LayerSpectrum[]>((resolve) => {
        asked.push({ names, answer: () => resolve(names.map(spectrumOf)) });
      }),
  };
  const taken: string[] = [];
  const measuring = measureEach(pool, numbered, question, {
    onProgress: () => {},
    cancelled: never,
    take: ({ layer, spectrum }) => {
      expect(spectrum.layer).toBe(layer.name);
      taken.push(layer.name);
    },
  });
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.flatMap(({ names }) => names).length).toBeLessThanOrEqual(COUNT);
  // The latest first, until there are none left to answer.
  for (let next = asked.pop(); next !== undefined; next = asked.pop()) {
    next.answer();
    await new Promise(setImmediate);
  }
  await measuring;
  expect(taken).toEqual(numbered.map(({ name }) => name));
});

it('asks for no more once it is cancelled between two tasks', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const taken: string[] = [];
  let asked = 0;
  const pool = {
    measureTogether: async (names: readonly string[]) => {
      asked++;
      controller.abort(reason);
      return names.map(spectrumOf);
    },
  };
  const many = Array.from({ length: 100 * COUNT }, (_, i) => small(`layer ${String(i).padStart(6, '0')}`));
  const take = ({ layer }: { readonly layer: WeightLayer }) => void taken.push(layer.name);
  const measuring = { onProgress: () => {}, cancelled: controller.signal, take };
  await expect(measureEach(pool, many, question, measuring)).rejects.toBe(reason);
  expect([asked, taken]).toEqual([1, []]);
});

it('opens the file once for all layers, and gives what each has alone', async () => {
  const file = join(scratch, 'many.safetensors');
  // Layer i is i + 1 times the identity.
  const tensors = numbered.map(({ name }, i): [string, checkpoints.StoredTensor] => [
    `${name}.weight`,
    { dtype: 'float32', shape: [2, 2], data: Float32Array.of(i + 1, 0, 0, i + 1) },
  ]);
  writeFileSync(file, checkpoints.encodeSafetensors(new Map(tensors)));
  const opened = vi.mocked(checkpoints.openCheckpoint);
  opened.mockClear();
  const pool = openSpectrumPool();
  try {
    const { layers } = await pool.use(file, (checkpoint) => summarise(checkpoint, 'reshape'));
    const measured = await measureLayers(pool, layers, { ...question, file }, () => {}, never);
    expect(measured.map(({ layer }) => layer.name)).toEqual(tensors.map(([name]) => name));
    expect(measured.map(({ spectrum }) => spectrum.singularValues[0])).toEqual(tensors.map((_, i) => i + 1));
    // Once when layers are planned, and once when they are measured, which with workers is in another thread.
    expect(opened.mock.calls.length).toBeLessThanOrEqual(2);
  } finally {
    await pool.close();
  }
});
