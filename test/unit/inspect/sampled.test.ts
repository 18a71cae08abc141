import { copyFileSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import type { ExaminedSoFar, FoundSoFar } from '../../../src/inspect/foundSoFar.ts';
import type { Asked } from '../../../src/inspect/inspection.ts';
import { inspectSource } from '../../../src/inspect/inspectSource.ts';
import type { Analysis, LayerAnalysis } from '../../../src/protocol/index.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';
import { openRecording } from '../../../src/sources/recording/recordingSource.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();
const backend = await openBackend('native', { threads: 1 });

/** More than are read between two states of an examination, twice. */
const SAMPLES = 70_000;
const ASKED: Asked = {
  downstream: [{ name: 'kind', factor: 'kind' }],
  probes: ['logistic-standardised'],
};

/** Values without a pattern, the same each time. */
const noise = (i: number): number => {
  const value = Math.sin(12.9898 * i + 78.233) * 43_758.5453;
  return value - Math.floor(value) - 0.5;
};

const kindOf = (i: number): number => i % 3;
/** One sample in four is of the test split. */
const isTest = (i: number): boolean => i % 4 === 1;

/** Two layers of two dimensions, far from the origin. */
const layers = ['first', 'second'].map((name, at) => ({
  name,
  rows: Float32Array.from({ length: 2 * SAMPLES }, (_, k) => {
    const sample = Math.floor(k / 2);
    return 40 + (k % 2) * 3 + noise(k + 7 * at) * (1 + (k % 2)) + (at + 1) * kindOf(sample);
  }),
}));

const recording = (changes: { readonly sick?: boolean } = {}): string => {
  const file = join(mkdtempSync(join(scratch, 'acts-')), 'acts.safetensors');
  const tensors = new Map<string, StoredTensor>(
    layers.map(({ name, rows }, at) => {
      const data = rows.slice();
      if (changes.sick === true && at === 1) data[2 * 50_000] = Number.NaN;
      return [`layers/00${at}.${name}`, { dtype: 'float32' as const, shape: [SAMPLES, 2], data }];
    }),
  );
  const column = (of: (i: number) => number) => ({
    dtype: 'int32' as const,
    shape: [SAMPLES],
    data: Int32Array.from({ length: SAMPLES }, (_, i) => of(i)),
  });
  const labels = [
    ['labels/kind', column(kindOf)],
    ['split', column((i) => Number(isTest(i)))],
  ] as const;
  writeFileSync(file, encodeSafetensors(new Map([...tensors, ...labels])));
  return file;
};

const inspected = async (
  file: string,
  { samples, found, signal }: { samples?: number; found?: FoundSoFar; signal?: AbortSignal } = {},
): Promise<Analysis> => {
  const opened = await openRecording(file, { name: 'acts', seed: 4, testShare: 0.2, layers: 'all', samples });
  try {
    return await inspectSource({ source: opened.source, asked: ASKED, backend, found, signal });
  } finally {
    await opened.close();
  }
};

/** Singular values of all test samples, in closed form, about a point. */
const singularValues = (rows: Float32Array, centre: readonly [number, number]): number[] => {
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < SAMPLES; i++) {
    if (!isTest(i)) continue;
    const [x, y] = [rows[2 * i] - centre[0], rows[2 * i + 1] - centre[1]];
    a += x * x;
    b += x * y;
    c += y * y;
  }
  const root = Math.sqrt((a - c) ** 2 + 4 * b * b);
  return [Math.sqrt((a + c + root) / 2), Math.sqrt((a + c - root) / 2)];
};

const meanOf = (rows: Float32Array): [number, number] => {
  const tests = Array.from({ length: SAMPLES }, (_, i) => i).filter(isTest);
  const mean = (j: number): number => tests.reduce((sum, i) => sum + rows[2 * i + j], 0) / tests.length;
  return [mean(0), mean(1)];
};

describe('an inspection of splits that are larger than what is held', () => {
  it('has spectra of all test samples, and everything else of a seeded part', async () => {
    const analysis = await inspected(recording(), { samples: 3000 });
    for (const [at, { rows }] of layers.entries()) {
      const layer = analysis.layers[at];
      expect(layer.samples).toBe(SAMPLES / 4);
      for (const [k, value] of singularValues(rows, [0, 0]).entries()) {
        expect(layer.singularValues[k] / value).toBeCloseTo(1, 7);
      }
      for (const [k, value] of singularValues(rows, meanOf(rows)).entries()) {
        expect(layer.centredSingularValues[k] / value).toBeCloseTo(1, 7);
      }
      expect(layer.probes[0].trainSamples).toBe(1500);
      expect(layer.probes[0].evaluations[0].samples).toBe(1500);
    }
    expect(analysis.samples).toEqual({ train: 1500, test: 1500 });
    expect(analysis.similarity.samples).toBe(1500);
    expect(analysis.cautions?.[0]).toBe(
      'spectra are of all 17,500 test samples; everything else is of a seeded part: 1,500 of 52,500 train samples, 1,500 of 17,500 test samples',
    );
  });

  it('has a part that the seed alone decides, with probes that agree with those of all samples', async () => {
    const file = recording();
    const part = await inspected(file, { samples: 6000 });
    expect(await inspected(file, { samples: 6000 })).toEqual(part);
    const whole = await inspected(file);
    expect(whole.cautions).toBeUndefined();
    for (const [at, layer] of whole.layers.entries()) {
      const [low, high] = part.layers[at].probes[0].evaluations[0].interval!;
      expect(layer.probes[0].evaluations[0].accuracy).toBeGreaterThan(low - 0.01);
      expect(layer.probes[0].evaluations[0].accuracy).toBeLessThan(high + 0.01);
      // The same spectra on the two ways.
      for (const [k, value] of layer.singularValues.entries()) {
        expect(part.layers[at].singularValues[k] / value).toBeCloseTo(1, 9);
      }
    }
    expect(whole.dataHash).toBe(part.dataHash);
  });
});

const RESIDUAL = fileURLToPath(new URL('../sources/fixtures/models/residual.onnx', import.meta.url));

/** Images without a pattern, of three kinds. */
const images = async (count: number): Promise<string> => {
  const file = join(mkdtempSync(join(scratch, 'images-')), 'images.npz');
  const size = 3 * 8 * 8;
  const arrays = {
    image: {
      dtype: 'float32' as const,
      shape: [count, 3, 8, 8],
      data: Float32Array.from({ length: count * size }, (_, i) => noise(i) + kindOf(Math.floor(i / size))),
    },
    kind: {
      dtype: 'int32' as const,
      shape: [count],
      data: Int32Array.from({ length: count }, (_, i) => kindOf(i)),
    },
  };
  writeFileSync(file, await encodeNpz(new Map<string, StoredTensor>(Object.entries(arrays))));
  return file;
};

const inspectedModel = async (
  model: string,
  path: string,
  found?: FoundSoFar,
  signal?: AbortSignal,
): Promise<Analysis> => {
  const opened = await openModel(model, {
    name: 'model',
    seed: 0,
    testShare: 0.25,
    layers: 'all',
    data: { kind: 'arrays', path, inputs: {} },
    samples: 600,
    threads: 1,
  });
  try {
    return await inspectSource({ source: opened.source, asked: ASKED, backend, found, signal });
  } finally {
    await opened.close();
  }
};

/** Files that were written a moment ago have no stamp. */
const settled = (file: string): Promise<void> =>
  vi.waitFor(() => expect(Date.now() - statSync(file).ctimeMs).toBeGreaterThan(50), { timeout: 10_000 });

/** Keeps everything, and ends the inspection when `endAt` says so. */
const keeping = (endAt: (what: string) => boolean, controller: AbortController) => {
  let examined: { stamp: string; found: ExaminedSoFar } | null = null;
  let known: { dataHash: string; layers: readonly LayerAnalysis[] } | null = null;
  const kept: string[] = [];
  const found: FoundSoFar = {
    isDue: () => true,
    examined: async (stamp) => (examined?.stamp === stamp ? examined.found : null),
    keepExamined: async (stamp, { state, moments }) => {
      // As from a file: what the inspection continues with is not what it has in memory.
      examined = structuredClone({ stamp, found: { state, moments } });
      kept.push(`samples ${state.samples}`);
      if (endAt(kept.at(-1)!)) controller.abort(new Error('ended'));
    },
    layers: async (dataHash) => (known?.dataHash === dataHash ? known.layers : []),
    keepLayers: async (dataHash, own) => {
      known = structuredClone({ dataHash, layers: own });
      kept.push(`layers ${own.length}`);
      if (endAt(kept.at(-1)!)) controller.abort(new Error('ended'));
    },
  };
  return { found, kept };
};

describe('an inspection that was ended', () => {
  it.each(['samples 32768', 'samples 65536', 'samples 70000', 'layers 1'])(
    'after %s continues there, to the same numbers',
    async (end) => {
      const file = recording();
      await settled(file);
      const whole = await inspected(file, { samples: 3000 });
      const first = new AbortController();
      const { found, kept } = keeping((what) => what === end, first);
      await expect(inspected(file, { samples: 3000, found, signal: first.signal })).rejects.toThrow('ended');
      const before = [...kept];
      expect(before.at(-1)).toBe(end);
      expect(await inspected(file, { samples: 3000, found })).toEqual(whole);
      // What was kept is not done again.
      const after = kept.slice(before.length);
      expect(after.filter((what) => before.includes(what))).toEqual([]);
    },
  );

  it('of a model continues after the samples that it was run on, unless model or data are others', async () => {
    const file = await images(5000);
    const model = join(mkdtempSync(join(scratch, 'model-')), 'residual.onnx');
    copyFileSync(RESIDUAL, model);
    for (const each of [file, model]) await settled(each);
    const whole = await inspectedModel(model, file);
    const first = new AbortController();
    const { found, kept } = keeping((what) => what === 'samples 4096', first);
    await expect(inspectedModel(model, file, found, first.signal)).rejects.toThrow('ended');
    expect(kept).toEqual(['samples 2048', 'samples 4096']);
    copyFileSync(RESIDUAL, model);
    await settled(model);
    expect(await inspectedModel(model, file, found)).toEqual(whole);
    // The model was written again: nothing that was found before counts.
    expect(kept.slice(2, 5)).toEqual(['samples 2048', 'samples 4096', 'samples 5000']);
    const second = new AbortController();
    const again = keeping((what) => what === 'samples 4096', second);
    await expect(inspectedModel(model, file, again.found, second.signal)).rejects.toThrow('ended');
    expect(await inspectedModel(model, file, again.found)).toEqual(whole);
    expect(again.kept.slice(2, 3)).toEqual(['samples 5000']);
  });

  it('begins again when its samples are others', async () => {
    const file = recording();
    await settled(file);
    const first = new AbortController();
    const { found } = keeping((what) => what === 'layers 1', first);
    await expect(inspected(file, { samples: 3000, found, signal: first.signal })).rejects.toThrow('ended');
    const other = recording({ sick: true });
    await settled(other);
    const analysis = await inspected(other, { samples: 3000, found });
    expect(analysis).toEqual(await inspected(other, { samples: 3000 }));
    expect(analysis.cautions?.[0]).toMatch(/^layer "second" is left out: .* holds NaN at sample 50000$/);
  });
});
