import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  encodeSafetensors,
  openCheckpoint,
  type StoredTensor,
} from '../../../src/checkpoint/index.ts';
import { openSpectrumPool, summarise } from '../../../src/layers/index.ts';
import { OpenCheckpoints } from '../../../src/layers/openCheckpoints.ts';
import { Fault, type LayerSpectrum } from '../../../src/protocol/index.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';
import { layerSpectrum } from './atOnce.ts';

/**
 * Version k of every checkpoint here contains one matrix, k times the identity: all its singular values are k, so a
 * value identifies its version.
 */
const SIZE = 64;
const times = (k: number): Float32Array => {
  const data = new Float32Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) data[i * SIZE + i] = k;
  return data;
};
const safetensorsOf = (k: number): Uint8Array => {
  const tensor: StoredTensor = { dtype: 'float32', shape: [SIZE, SIZE], data: times(k) };
  return encodeSafetensors(new Map([['fc.weight', tensor]]));
};
const versionOf = ({ singularValues }: LayerSpectrum): number => {
  expect(new Set(singularValues).size).toBe(1);
  return singularValues[0];
};

/** A model by its name, and its file with the numbers. */
interface Model {
  readonly path: string;
  readonly changing: string;
  readonly content: (k: number) => Uint8Array;
}
/** From a model of Python's onnx with external data: a MatMul with the initializer fc.weight, 64 x 64. */
const ONNX = fileURLToPath(new URL('./fixtures/external.onnx', import.meta.url));
const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);

const MODELS: Readonly<Record<string, (folder: string) => Model>> = {
  'one file': (folder) => {
    const path = join(folder, 'model.safetensors');
    return { path, changing: path, content: safetensorsOf };
  },
  'a shard': (folder) => {
    const path = join(folder, 'model.safetensors.index.json');
    writeFileSync(path, JSON.stringify({ weight_map: { 'fc.weight': 'deep/1.safetensors' } }));
    mkdirSync(join(folder, 'deep'));
    return { path, changing: join(folder, 'deep/1.safetensors'), content: safetensorsOf };
  },
  // By its content it is ONNX; the ending does not matter.
  'external data of ONNX': (folder) => {
    const path = join(folder, 'model.bin');
    copyFileSync(ONNX, path);
    return { path, changing: join(folder, 'model.onnx_data'), content: (k) => bytesOf(times(k)) };
  },
  'a shard of TensorFlow.js': (folder) => {
    const path = join(folder, 'model.json');
    const weights = [{ name: 'fc/kernel', shape: [SIZE, SIZE], dtype: 'float32' }];
    writeFileSync(
      path,
      JSON.stringify({ format: 'graph-model', weightsManifest: [{ paths: ['shard.bin'], weights }] }),
    );
    return { path, changing: join(folder, 'shard.bin'), content: (k) => bytesOf(times(k)) };
  },
};

/** Ways in which the content of a file changes. */
const CHANGES: Readonly<Record<string, (path: string, bytes: Uint8Array) => void>> = {
  'rewritten in place': (path, bytes) => writeFileSync(path, bytes),
  'rewritten in place with its old date': (path, bytes) => {
    const { atime, mtime } = statSync(path);
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
  },
  'replaced by a rename': (path, bytes) => {
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, path);
  },
  'removed and made again': (path, bytes) => {
    rmSync(path);
    writeFileSync(path, bytes);
  },
  'renamed, another put in its place': (path, bytes) => {
    renameSync(path, `${path}.old`);
    writeFileSync(path, bytes);
  },
};

const STEPS = ['opened', 'described', 'looked up', 'read'] as const;
type Step = (typeof STEPS)[number];

/** A clock by which every file was written long ago. */
const later = (): number => Date.now() + 10_000;
const scratch = scratchFolder();
let count = 0;
const newFolder = (): string => {
  const folder = join(scratch, String(count++));
  mkdirSync(folder);
  return folder;
};

/** Opens and measures, with a change after one of the steps. The spectrum, or the fault that refuses it. */
const measureWith = async (
  path: string,
  cache: string,
  after: Step | null,
  change: () => void,
): Promise<LayerSpectrum | Fault> => {
  const at = (step: Step): void => {
    if (step === after) change();
  };
  let checkpoint: Checkpoint | undefined;
  try {
    const opened = await openCheckpoint(path, later);
    checkpoint = opened;
    at('opened');
    const { version, layers } = await summarise(opened, 'reshape');
    at('described');
    const watched: Checkpoint = {
      ...opened,
      read: async (name) => {
        at('looked up');
        const tensor = await opened.read(name);
        at('read');
        return tensor;
      },
    };
    const question = {
      version,
      layer: layers[0].name,
      convolution: 'reshape',
      method: 'exact',
      cache,
    } as const;
    return await layerSpectrum(watched, question);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  } finally {
    await checkpoint?.close().catch(() => {});
  }
};

describe.each(Object.keys(MODELS))('%s that changes', (kind) => {
  it.each(Object.keys(CHANGES))('%s, is never taken for what it was', async (way) => {
    for (const step of STEPS) {
      const folder = newFolder();
      const { path, changing, content } = MODELS[kind](folder);
      const cache = join(folder, 'cache');
      writeFileSync(changing, content(1));
      const change = (): void => CHANGES[way](changing, content(2));
      const first = await measureWith(path, cache, step, change);
      // Of the opened version, or refused; a path may also be refused because its file is gone.
      if (first instanceof Fault)
        expect([way, step, first.what]).toEqual([way, step, expect.stringMatching(/changed/)]);
      else expect(versionOf(first)).toBe(1);
      const fresh = await measureWith(path, cache, null, change);
      expect([step, fresh instanceof Fault ? fresh.message : versionOf(fresh)]).toEqual([step, 2]);
    }
  });

  it('is read again by whoever keeps it open', async () => {
    const { path, changing, content } = MODELS[kind](newFolder());
    writeFileSync(changing, content(1));
    const open = new OpenCheckpoints();
    const measured = () =>
      open.use(path, async (checkpoint) => {
        const [layer] = (await summarise(checkpoint, 'reshape')).layers;
        return versionOf(
          await layerSpectrum(checkpoint, { layer: layer.name, convolution: 'reshape', method: 'exact' }),
        );
      });
    expect(await measured()).toBe(1);
    for (const [at, change] of Object.values(CHANGES).entries()) {
      change(changing, content(at + 2));
      expect(await measured()).toBe(at + 2);
    }
  });

  it('is refused to whoever asks for a layer of the version before', async () => {
    const { path, changing, content } = MODELS[kind](newFolder());
    writeFileSync(changing, content(1));
    const pool = openSpectrumPool();
    const { version, layers } = await pool.use(path, (checkpoint) => summarise(checkpoint, 'reshape'));
    const question = { file: path, layer: layers[0].name, convolution: 'reshape', method: 'exact' } as const;
    expect(versionOf(await pool.measure({ ...question, version }))).toBe(1);
    CHANGES['replaced by a rename'](changing, content(2));
    expect((await faultOf(pool.measure({ ...question, version }))).message).toBe(
      `${path}: has changed since it was opened. Open it again.`,
    );
    expect(versionOf(await pool.measure(question))).toBe(2);
    await pool.close();
  });
});

describe('kept results', () => {
  const linked = (cache: string): number =>
    readdirSync(cache, { recursive: true }).filter((name) => /^files.*\.json$/.test(String(name))).length;

  it('are not linked to a file written so shortly ago that a later write may leave the same times', async () => {
    const folder = newFolder();
    const { path, content } = MODELS['one file'](folder);
    writeFileSync(path, content(1));
    const cache = join(folder, 'cache');
    const { mtimeMs } = statSync(path);
    const openedAt = async (now: number): Promise<number> => {
      const checkpoint = await openCheckpoint(path, () => now);
      await layerSpectrum(checkpoint, { layer: 'fc.weight', convolution: 'reshape', method: 'exact', cache });
      await checkpoint.close();
      return linked(cache);
    };
    expect(await openedAt(mtimeMs + 1)).toBe(0);
    expect(await openedAt(mtimeMs + 5000)).toBe(1);
  });

  it('of shards and external data spare the reading too, as long as no part changes', async () => {
    for (const kind of Object.keys(MODELS)) {
      const folder = newFolder();
      const { path, changing, content } = MODELS[kind](folder);
      writeFileSync(changing, content(1));
      const cache = join(folder, 'cache');
      await measureWith(path, cache, null, () => {});
      expect([kind, linked(cache)]).toEqual([kind, 1]);
      let wasRead = false;
      // With the result cached, nothing is read, so no change after reading happens.
      const again = await measureWith(path, cache, 'looked up', () => {
        wasRead = true;
      });
      expect([kind, again instanceof Fault, wasRead]).toEqual([kind, false, false]);
    }
  });

  it('of a checkpoint that misses a shard are no answer once it is there', async () => {
    const folder = newFolder();
    const { path, changing, content } = MODELS['a shard of TensorFlow.js'](folder);
    const open = new OpenCheckpoints();
    const layersIn = (): Promise<number> =>
      open.use(path, async (checkpoint) => (await summarise(checkpoint, 'reshape')).layers.length);
    expect(await layersIn()).toBe(0);
    writeFileSync(changing, content(1));
    expect(await layersIn()).toBe(1);
  });
});
