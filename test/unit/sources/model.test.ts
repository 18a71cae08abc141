import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/checkpoint/index.ts';
import type { TokenPooling } from '../../../src/experiment/index.ts';
import { inspectSource } from '../../../src/inspect/inspectSource.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import type { Source } from '../../../src/sources/index.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';
import { encodeNpz } from '../checkpoint/npyFiles.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { arrays, open, pathOf } from './modelFixtures.ts';

/** The rows of a layer by sample, put together from all splits. */
const rowsOf = async (source: Source, layer: string): Promise<number[][]> => {
  const { train, test } = source.splits;
  const reader = await source.open(source.layers);
  const rows: number[][] = [];
  for (const set of [train, test]) {
    const { rows: places } = set as typeof set & { readonly rows: Int32Array };
    const { data, columns } = (await reader.read(set, 0, set.size)).get(layer)!;
    for (const [i, place] of places.entries()) rows[place] = [...data.slice(i * columns, (i + 1) * columns)];
  }
  await reader.dispose();
  return rows;
};

/** What a hook saw: [samples, ...rest]. */
const hooked = async (file: string, module: string) => {
  const checkpoint = await openCheckpoint(pathOf(file));
  const { shape, data } = await checkpoint.read(module);
  await checkpoint.close();
  return { shape, data };
};

/** The mean over the positions of a map [N, C, H, W], or the rows of [N, D]. */
const meanOfPositions = ({ shape, data }: Awaited<ReturnType<typeof hooked>>): number[][] => {
  const [samples, channels, ...rest] = shape;
  const positions = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: samples }, (_, s) =>
    Array.from({ length: channels }, (__, c) => {
      let sum = 0;
      for (let p = 0; p < positions; p++) sum += data[(s * channels + c) * positions + p];
      return sum / positions;
    }),
  );
};

/** One vector from the tokens [N, T, D] of each sample. */
const pooledTokens = (
  { shape: [samples, tokens, width], data }: Awaited<ReturnType<typeof hooked>>,
  pooling: TokenPooling,
  lengthOf: (s: number) => number,
): number[][] =>
  Array.from({ length: samples }, (_, s) =>
    Array.from({ length: width }, (__, d) => {
      const values = Array.from({ length: lengthOf(s) }, (___, t) => data[(s * tokens + t) * width + d]);
      if (pooling === 'first') return values[0];
      if (pooling === 'last') return values[values.length - 1];
      return pooling === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b) / values.length;
    }),
  );

/** The largest difference, relative to the largest value. */
const difference = (a: readonly number[][], b: readonly number[][]): number => {
  expect(a.map(({ length }) => length)).toEqual(b.map(({ length }) => length));
  const scale = Math.max(...b.flat().map(Math.abs));
  return Math.max(...a.flat().map((value, at) => Math.abs(value - b.flat()[at]))) / scale;
};

const RESIDUAL: readonly (readonly [module: string, layer: string])[] = [
  ['stem', 'stem.1'],
  ['blocks.0', 'blocks.0/relu_1'],
  ['blocks.1', 'blocks.1/relu_1'],
  ['pool', 'pool'],
  ['head.0', 'head.0'],
  ['head.1', 'head.1'],
  ['head.2', 'logits'],
];

describe('a model with residual blocks', () => {
  it.each(['residual.onnx', 'fixed.onnx'])(
    'has its blocks and its head as layers, which equal what hooks see in PyTorch: %s',
    async (model) => {
      const { source, labels, close } = await open(model, arrays('images.npz'));
      expect(source.layers.map(({ name }) => name)).toEqual([
        'input',
        ...RESIDUAL.map(([, tensor]) => tensor),
      ]);
      for (const [module, tensor] of RESIDUAL) {
        const seen = meanOfPositions(await hooked('residual-hooks.npz', module));
        expect(difference(await rowsOf(source, tensor), seen)).toBeLessThan(1e-5);
      }
      expect(labels).toEqual(['kind']);
      expect([source.splits.train.size, source.splits.test.size]).toEqual([32, 8]);
      await close();
    },
  );

  it('knows what is before and behind its head', async () => {
    const { source, found, close } = await open('residual.onnx', arrays('images.npz'));
    expect(source.layers.map(({ part, role }) => `${part} ${role}`)).toEqual([
      'input input',
      'encoder inner',
      'encoder inner',
      'encoder inner',
      'encoder pre-projection',
      'head inner',
      'head inner',
      'head post-projection',
    ]);
    expect(found.projection).toEqual({ before: 'pool', after: 'logits' });
    await close();
  });

  it('is tapped by pattern, in the order that is asked for', async () => {
    const { source, close } = await open('residual.onnx', arrays('images.npz'), {
      layers: ['logits', 'blocks.*/relu_1', '/stem/stem.1/Relu_output_0'],
    });
    expect(source.layers.map(({ name }) => name)).toEqual([
      'logits',
      'blocks.0/relu_1',
      'blocks.1/relu_1',
      'stem.1',
    ]);
    await close();
  });

  it('is inspected like a run', async () => {
    const { source, close } = await open('residual.onnx', arrays('images.npz'));
    const backend = await openBackend('native', { threads: 1 });
    const asked = { downstream: [{ name: 'kind', factor: 'kind' }], probes: ['knn' as const] };
    const analysis = await inspectSource({ source, asked, backend });
    await close();
    expect(analysis.layers).toHaveLength(1 + RESIDUAL.length);
    expect(analysis.layers[1].probes[0].outOfFold?.accuracy).toBeGreaterThan(0.4);
    expect(analysis.dataHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** By makeGraphs.py. */
const graph = (name: string): string =>
  fileURLToPath(new URL(`../handover/fixtures/graphs/${name}`, import.meta.url));

describe('the layers of a model by default', () => {
  it('are none that are too wide for a probe, which it says', async () => {
    const { source, assumed, close } = await open(graph('sequence.onnx'), arrays(graph('strips.npz')));
    expect(source.layers.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['input', 72],
      ['acts', 5],
    ]);
    expect(assumed).toContain('"wide" is not read unless "layers" names it: it has 4,100 dimensions');
    await close();
    const asked = await open(graph('sequence.onnx'), arrays(graph('strips.npz')), { layers: ['wide'] });
    expect(asked.source.layers.map(({ dimensions }) => dimensions)).toEqual([4100]);
    await asked.close();
  });

  it('are not what a squeeze-and-excitation block pools', async () => {
    const { source, close } = await open(graph('gated.onnx'), arrays(graph('strips.npz')));
    expect(source.layers.map(({ name }) => name)).toEqual(['input', 'map', 'pool', 'out']);
    await close();
  });
});

describe('a model with tokens', () => {
  const lengthOf = (s: number): number => 2 + (s % 5);

  it.each<TokenPooling>(['mean', 'first', 'last', 'max'])(
    'pools them by %s, without padding',
    async (pooling) => {
      const { source, close } = await open('tokens.onnx', arrays('tokens.npz'), { tokens: [pooling] });
      const layers = source.layers.map(({ name }) => name);
      expect(layers).toEqual(['embed', 'encoder/layers.0/norm2', 'hidden']);
      for (const [at, module] of ['embed', 'encoder.layers.0', 'encoder.layers.1'].entries()) {
        const seen = pooledTokens(await hooked('tokens-hooks.npz', module), pooling, lengthOf);
        expect(difference(await rowsOf(source, layers[at]), seen)).toBeLessThan(1e-5);
      }
      await close();
    },
  );

  it('has a layer for each way to pool them', async () => {
    const { source, close } = await open('tokens.onnx', arrays('tokens.npz'), {
      tokens: ['mean', 'last'],
      layers: ['hidden'],
    });
    expect(source.layers.map(({ name }) => name)).toEqual(['hidden:mean', 'hidden:last']);
    await close();
  });
});

describe('a model on images', () => {
  const scratch = scratchFolder();
  const picture = (path: string, red: number) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 51, b: 102 } } })
      .png()
      .toFile(path);

  it('has folders as splits and classes, and is given normalised pixels', async () => {
    const folder = join(scratch, 'images');
    const colours: number[] = [];
    for (const [split, count] of [
      ['test', 2],
      ['train', 4],
    ] as const) {
      for (const kind of ['dark', 'light']) {
        mkdirSync(join(folder, split, kind), { recursive: true });
        for (let at = 0; at < count; at++) {
          const red = kind === 'dark' ? 10 * at : 255 - 10 * at;
          colours.push(red);
          await picture(join(folder, split, kind, `${at}.png`), red);
        }
      }
    }
    // The same pixels as arrays, normalised by hand as ImageNet's are.
    const [mean, deviation] = [
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ];
    const data = Float32Array.from({ length: colours.length * 3 * 64 }, (_, at) => {
      const channel = Math.floor(at / 64) % 3;
      const value = [colours[Math.floor(at / 192)], 51, 102][channel];
      return (value / 255 - mean[channel]) / deviation[channel];
    });
    const shape = [colours.length, 3, 8, 8];
    const file = join(scratch, 'pixels.npz');
    writeFileSync(file, await encodeNpz(new Map([['image', { dtype: 'float32' as const, shape, data }]])));
    const byFolder = await open('residual.onnx', { kind: 'images', path: folder });
    const { train, test } = byFolder.source.splits;
    expect([train.size, test.size, byFolder.labels]).toEqual([8, 4, ['class']]);
    expect(train.factors[0]).toMatchObject({ classes: ['dark', 'light'] });
    expect(byFolder.assumed[0]).toMatch(
      /^images: 12, resized to 9, cut to 8 x 8, rgb, .* as the preset imagenet says$/,
    );
    const byArray = await open('residual.onnx', arrays(file));
    const [pixels, decoded] = [
      await rowsOf(byArray.source, 'logits'),
      await rowsOf(byFolder.source, 'logits'),
    ];
    expect(difference(decoded, pixels)).toBeLessThan(1e-5);
    await byFolder.close();
    await byArray.close();
  });

  it('has the preprocessing of the configuration beside the model', async () => {
    const folder = join(scratch, 'configured');
    mkdirSync(join(folder, 'images', 'a'), { recursive: true });
    for (const red of [0, 100, 200]) await picture(join(folder, 'images', 'a', `${red}.png`), red);
    cpSync(pathOf('residual.onnx'), join(folder, 'model.onnx'));
    const config = { do_normalize: false, rescale_factor: 0.5, size: { height: 8, width: 8 }, resample: 3 };
    writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(config));
    const { assumed, close } = await openModel(join(folder, 'model.onnx'), {
      name: 'm',
      seed: 0,
      testShare: 0.5,
      layers: 'all',
      data: { kind: 'images', path: 'images' },
      threads: 1,
      baseDirectory: folder,
    });
    expect(assumed[0]).toMatch(
      /^images: 3, resized to 8 x 8, cut to 8 x 8, rgb, mean 0, 0, 0, deviation 1, 1, 1, as .*preprocessor_config\.json says$/,
    );
    await close();
  });
});
