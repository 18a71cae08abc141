import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { whileLocked } from '../../../src/disk/index.ts';
import type { InspectionRecord, LayerAnalysis } from '../../../src/protocol/index.ts';
import { InspectionFolder } from '../../../src/store/index.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';

const scratch = scratchFolder();

const RECORD: InspectionRecord = {
  version: 1,
  name: 'acts',
  baseDirectory: '/data',
  inspection: { recording: 'acts.npz' },
  versions: { pentimento: '0.1.0' },
  created: '2026-11-30T12:00:00.000Z',
};
const STATE = {
  samples: 65_536,
  digests: ['aa', 'bb'],
  unusual: [['layer 2', '-Infinity', 17, 3] as const],
};
/** A layer whose name would lead out of a folder, were it a path. */
const MOMENTS = new Map([
  [
    '../up',
    {
      samples: 3,
      point: Float64Array.of(1 / 3, -0),
      sum: Float64Array.of(1e-300, Math.PI),
      gram: Float64Array.of(1, 2, 2, Number.MAX_VALUE),
    },
  ],
]);
const LAYERS: LayerAnalysis[] = [
  {
    name: '../up',
    part: 'encoder',
    role: 'inner',
    dimensions: 2,
    samples: 3,
    pooling: 'none',
    singularValues: [2, 1 / 3],
    centredSingularValues: [1, 0],
    measures: {},
    featureWeights: [],
    inequality: { effectiveNumber: { value: 1 }, gini: { value: null, note: 'one feature' } },
    viewCorrelation: [],
    probes: [],
  },
];

interface Question {
  readonly record?: Partial<InspectionRecord>;
  readonly backend?: string;
}

/** With what an inspection that asks this finds in the folder. */
const found = async <T>(
  folder: string,
  read: (unfinished: NonNullable<ReturnType<InspectionFolder['unfinished']>>) => Promise<T>,
  { record = {}, backend = 'native' }: Question = {},
): Promise<T> =>
  whileLocked(folder, 'inspect', async (lock) => {
    const own = await new InspectionFolder(folder, { ...RECORD, ...record }).under(lock);
    return read(own.unfinished(backend)!);
  });

const kept = async (): Promise<string> => {
  const folder = mkdtempSync(join(scratch, 'inspection-'));
  await found(folder, async (unfinished) => {
    await unfinished.keepExamined('stamp', { state: STATE, moments: MOMENTS });
    await unfinished.keepLayers('hash', LAYERS);
  });
  return folder;
};

describe('an inspection that was ended', () => {
  it('finds what it kept, to the last bit', async () => {
    const folder = await kept();
    const examined = await found(folder, (unfinished) => unfinished.examined('stamp'));
    expect(examined).toEqual({ state: STATE, moments: MOMENTS });
    expect(await found(folder, (unfinished) => unfinished.layers('hash'))).toEqual(LAYERS);
    expect(readdirSync(folder).sort()).toEqual(['unfinished.json', 'unfinished.safetensors']);
  });

  it.each<[string, Question]>([
    ['other questions', { record: { inspection: { recording: 'acts.npz', seed: 1 } } }],
    ['another version', { record: { versions: { pentimento: '0.2.0' } } }],
    ['another folder', { record: { baseDirectory: '/other' } }],
    ['another backend', { backend: 'wasm' }],
  ])('finds nothing for %s', async (_, question) => {
    const folder = await kept();
    expect(await found(folder, (unfinished) => unfinished.examined('stamp'), question)).toBeNull();
    expect(await found(folder, (unfinished) => unfinished.layers('hash'), question)).toEqual([]);
  });

  it('finds nothing for other samples', async () => {
    const folder = await kept();
    expect(await found(folder, (unfinished) => unfinished.examined('later'))).toBeNull();
    expect(await found(folder, (unfinished) => unfinished.layers('other'))).toEqual([]);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 9)],
    ['empty', () => Buffer.alloc(0)],
    ['other bytes', (bytes) => Buffer.alloc(bytes.length, 0x7b)],
    [
      'a state of another form',
      (bytes) => Buffer.from(bytes.toString('latin1').replace('65536', '-5536'), 'latin1'),
    ],
  ])('finds nothing in files that are %s', async (_, damaged) => {
    const folder = await kept();
    for (const name of ['unfinished.json', 'unfinished.safetensors']) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const changed = damaged(bytes);
      if (!changed.equals(bytes)) writeFileSync(path, changed);
    }
    expect(await found(folder, (unfinished) => unfinished.examined('stamp'))).toBeNull();
  });

  it('leaves nothing once it is finished', async () => {
    const folder = await kept();
    await found(folder, (unfinished) => unfinished.remove());
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it('is worth keeping only after some seconds of work', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const folder = mkdtempSync(join(scratch, 'inspection-'));
      await found(folder, async (unfinished) => {
        expect(unfinished.isDue()).toBe(false);
        vi.advanceTimersByTime(5000);
        expect(unfinished.isDue()).toBe(true);
        await unfinished.keepLayers('hash', LAYERS);
        expect(unfinished.isDue()).toBe(false);
      });
    } finally {
      vi.useRealTimers();
    }
  });
});
