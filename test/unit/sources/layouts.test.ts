import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TokenPooling } from '../../../src/experiment/index.ts';
import type { Source } from '../../../src/sources/index.ts';
import type { RecordingSpec } from '../../../src/sources/recording/recordedSource.ts';
import { openRecording } from '../../../src/sources/recording/recordingSource.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';

/** Written by fixtures/makeLayouts.py with numpy, torch, h5py and safetensors. */
const pathOf = (name: string): string => fileURLToPath(new URL(`fixtures/layouts/${name}`, import.meta.url));

const SAMPLES = 7;
const DIMENSIONS = 5;
const LENGTHS = Array.from({ length: SAMPLES }, (_, s) => 2 + (s % 3));
const PADDED = 4;

const OPTIONS = { name: 'acts', seed: 0, testShare: 0.3, layers: 'all' as const };

const open = (name: string, spec: RecordingSpec = {}) =>
  openRecording(pathOf(name), { ...OPTIONS, ...spec, baseDirectory: pathOf('.') });

/** The rows of a layer by sample, put together from all splits. */
const rowsOf = async (source: Source, layer: string): Promise<number[][]> => {
  const { train, validation, test, shifts } = source.splits;
  const reader = await source.open(source.layers);
  const rows: number[][] = [];
  for (const set of [train, test, ...(validation === null ? [] : [validation]), ...shifts]) {
    const { rows: places } = set as typeof set & { readonly rows: Int32Array };
    const { data, columns } = (await reader.read(set, 0, set.size)).get(layer)!;
    for (const [i, place] of places.entries()) rows[place] = [...data.slice(i * columns, (i + 1) * columns)];
  }
  await reader.dispose();
  return rows;
};

const value = (s: number, l: number, t: number, d: number): number => 100 * s + 20 * l + 5 * t + d;
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

/** The rows of layer `l` when these tokens of each sample count. */
const expected = (l: number, tokensOf: (s: number) => readonly number[]): number[][] =>
  Array.from({ length: SAMPLES }, (_, s) =>
    Array.from({ length: DIMENSIONS }, (__, d) =>
      Math.fround(meanOf(tokensOf(s).map((t) => value(s, l, t, d)))),
    ),
  );

const upTo = (length: number): number[] => Array.from({ length }, (_, t) => t);
const own = (s: number): number[] => upTo(LENGTHS[s]);
const first = (): number[] => [0];
const last = (s: number): number[] => [LENGTHS[s] - 1];

const L = [0, 1, 2];
const NUMBERED = ['0', '1', '2'];
const ALTERNATING = Array.from({ length: SAMPLES }, (_, s) => s % 2);

/** The classes of a label by sample. */
const classesOf = (source: Source, label: string): string[] => {
  const { train, validation, test } = source.splits;
  const found: string[] = [];
  for (const set of [train, test, ...(validation === null ? [] : [validation])]) {
    const { rows } = set as typeof set & { readonly rows: Int32Array };
    const factor = set.factors.find(({ name }) => name === label);
    if (factor?.kind !== 'categorical') throw new Error(`no label ${label}`);
    for (const [i, row] of rows.entries()) found[row] = factor.classes[factor.values[i]];
  }
  return found;
};

describe('activations as other programs save them are read with the right axes', () => {
  it.each<[string, string, (s: number) => readonly number[], readonly string[]]>([
    ['vLLM: a file a request, whose tokens are counted', 'vllm', own, NUMBERED],
    ['platonic-rep: feats', 'platonic/gpt2_pool-avg_prompt-False.pt', first, NUMBERED],
    ['honest_llama: layer-wise', 'honest/llama_tqa_layer_wise.npy', first, NUMBERED],
    ['geometry-of-truth: a file a layer and part', 'geometry', first, NUMBERED],
    ['world-models: a file a layer', 'world', first, NUMBERED],
    ['ESM: a file a sequence, with means', 'esm', own, NUMBERED],
    ['ESM: a file a sequence, with tokens', 'esm-tokens', own, NUMBERED],
    ['NeuroX: a data set a sentence', 'neurox/sentences.hdf5', own, NUMBERED],
    ['NeuroX: a line a sentence', 'neurox/activations.json', own, ['-1', '0', '1']],
    ['Net2Brain: a file a layer, an array a stimulus', 'net2brain', first, ['layer0', 'layer1', 'layer2']],
    ['an activation store', 'store/activations.h5', first, NUMBERED],
    ['transformers: a tuple, without a mask', 'tuple/hidden_states.pt', () => upTo(PADDED), NUMBERED],
    ['arrays by name', 'plain/acts.npz', first, ['embed', 'block.0', 'block.10']],
    ['elk: the columns of a saved data set, as bits', 'elk', () => upTo(PADDED), NUMBERED],
    ['elk: a data set in splits', 'elk-splits', () => upTo(PADDED), NUMBERED],
    ['saev: shards of raw numbers', 'saev', () => upTo(PADDED), ['3', '7', '11']],
    ['leela-interp: a Zarr group', 'zarr', first, ['encoder0', 'encoder1', 'encoder2']],
    ['Zarr, float16 in another order', 'zarr-half', first, NUMBERED],
    ['Parquet with Snappy', 'parquet/snappy.parquet', first, NUMBERED],
    ['Parquet with gzip', 'parquet/gzip.parquet', first, NUMBERED],
    ['Parquet with Brotli', 'parquet/brotli.parquet', first, NUMBERED],
  ])('%s', async (_, name, tokensOf, layers) => {
    const { source, close } = await open(name);
    expect(source.layers.map((layer) => layer.name)).toEqual(layers);
    expect(source.layers.map(({ dimensions }) => dimensions)).toEqual([DIMENSIONS, DIMENSIONS, DIMENSIONS]);
    // The tuple has padding, of which nothing in the file says that it is some.
    const isPadded = name.startsWith('tuple');
    for (const l of L) {
      const rows = await rowsOf(source, layers[l]);
      const wanted = expected(l, tokensOf);
      const complete = isPadded
        ? LENGTHS.flatMap((length, s) => (length === PADDED ? [s] : []))
        : upTo(SAMPLES);
      expect(complete.map((s) => rows[s])).toEqual(complete.map((s) => wanted[s]));
    }
    await close();
  });

  it.each<[TokenPooling, (s: number) => readonly number[]]>([
    ['mean', own],
    ['first', first],
    ['last', last],
  ])('fairseq: the frames of all samples one after the other, pooled by %s', async (pooling, tokensOf) => {
    const { source, close } = await open('fairseq', { tokens: [pooling] });
    expect(await rowsOf(source, source.layers[0].name)).toEqual(expected(0, tokensOf));
    await close();
  });

  it('CLIP_benchmark: the splits are in the names of its files, and so are the labels', async () => {
    const { source, labels, close } = await open('clip');
    const { train, validation, test } = source.splits;
    expect([train.size, validation?.size, test.size]).toEqual([4, 1, 2]);
    expect(await rowsOf(source, source.layers[0].name)).toEqual(expected(0, first));
    expect(labels).toEqual(['label']);
    expect(classesOf(source, 'label')).toEqual(ALTERNATING.map(String));
    await close();
  });

  it('TransformerLens: a dictionary by hook, batches first', async () => {
    const { source, assumed, close } = await open('lens/cache.pt', { tokens: ['first', 'max'] });
    expect(source.layers.map(({ name }) => name)).toEqual(
      NUMBERED.flatMap((l) => [`${l}:first`, `${l}:max`]),
    );
    expect(await rowsOf(source, '1:first')).toEqual(expected(1, first));
    expect(assumed.join('\n')).toMatch(/padding counts/);
    await close();
  });

  it('SAELens: one column, whose axes the tokens beside it tell apart', async () => {
    const { source, close } = await open('saelens', { tokens: ['last'] });
    expect(source.layers.map(({ name }) => name)).toEqual(['blocks.5.hook_resid_post']);
    expect(await rowsOf(source, 'blocks.5.hook_resid_post')).toEqual(expected(1, () => [PADDED - 1]));
    await close();
  });

  it.each([
    ['things', 'features.npy'],
    ['things-mat', 'features.mat'],
  ])('thingsvision: a folder a module, in %s', async (folder, file) => {
    const { source, close } = await open(folder, { layout: { files: `{layer}/${file}` } });
    const layers = ['classifier.3', 'features.0', 'features.10'];
    expect(source.layers.map(({ name }) => name)).toEqual(layers);
    expect(await rowsOf(source, 'features.10')).toEqual(expected(1, first));
    await close();
  });

  it('structural-probes: data sets of sentences without an index, whose tokens differ', async () => {
    const { source, close } = await open('structural/sentences.hdf5', {
      layout: { arrays: '{sample}' },
    });
    for (const l of L) expect(await rowsOf(source, NUMBERED[l])).toEqual(expected(l, own));
    await close();
  });

  it('has the positions of a map behind its channels', async () => {
    const { source, close } = await open('maps/maps.npz');
    expect(source.layers.map(({ name, dimensions }) => [name, dimensions])).toEqual([
      ['conv1', DIMENSIONS],
      ['conv2', DIMENSIONS],
    ]);
    expect(await rowsOf(source, 'conv2')).toEqual(expected(1, () => upTo(PADDED)));
    await close();
  });

  it('has 16-bit integers that are the bits of floating-point numbers', async () => {
    const half = await open('bits/acts.pt', { layout: { bits: 'float16' } });
    expect(await rowsOf(half.source, 'l0')).toEqual(expected(0, first));
    await half.close();
    const brain = await open('bits/bfloat.pt', { layout: { bits: 'bfloat16' } });
    // Whole numbers up to 256 have a bfloat16 of their own.
    expect((await rowsOf(brain.source, 'l0')).slice(0, 3)).toEqual(expected(0, first).slice(0, 3));
    await brain.close();
  });
});

describe('tokens', () => {
  it.each<[TokenPooling, (s: number) => readonly number[]]>([
    ['mean', own],
    ['first', first],
    ['last', last],
    // All dimensions are largest at the last token.
    ['max', last],
  ])('are pooled by %s, without padding', async (pooling, tokensOf) => {
    const { source, close } = await open('masked/outputs.pt', { tokens: [pooling] });
    // The first entry of the tuple is None.
    expect(source.layers.map(({ name }) => name)).toEqual(['1', '2']);
    expect(source.layers[0].pooling).toMatch(/token/);
    for (const l of [1, 2]) expect(await rowsOf(source, NUMBERED[l])).toEqual(expected(l, tokensOf));
    await close();
  });

  it('are layers of their own for each way to pool them', async () => {
    const { source, close } = await open('masked/outputs.pt', { tokens: ['mean', 'last'] });
    expect(source.layers.map(({ name }) => name)).toEqual(['1:mean', '1:last', '2:mean', '2:last']);
    expect(await rowsOf(source, '2:mean')).toEqual(expected(2, own));
    expect(await rowsOf(source, '2:last')).toEqual(expected(2, last));
    await close();
  });
});

describe('labels', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['an array of the file', 'masked/outputs.pt', 'label', ['0', '1']],
    ['text in the file', 'plain/acts.npz', 'label', ['cat', 'dog']],
    ['a file of the same beginning', 'honest/llama_tqa_layer_wise.npy', 'llama_tqa', ['0', '1']],
    ['a file called labels, which also says how many samples there are', 'stacked', 'label', ['0', '1']],
    ['a column of a table', 'world', 'kind', ['a', 'b']],
    ['a data set', 'store/activations.h5', 'label', ['0', '1']],
    ['a column of Arrow', 'elk', 'label', ['0', '1']],
    ['text in Parquet', 'parquet/snappy.parquet', 'label', ['c0', 'c1']],
    ['an array of Zarr', 'zarr', 'label', ['0', '1']],
  ])('are found: %s', async (_, name, label, classes) => {
    const spec = name === 'stacked' ? { layout: { axes: ['sample', 'layer', 'dimension'] as const } } : {};
    const { source, labels, found, close } = await open(name, spec as RecordingSpec);
    expect(labels).toContain(label);
    expect(classesOf(source, label)).toEqual(ALTERNATING.map((at) => classes[at]));
    expect(Object.keys(found.labels ?? {})).toContain(label);
    await close();
  });

  it('are found again where the inspection file says', async () => {
    const { source, close } = await open('world', {
      labels: { town: { file: 'world/labels.csv', column: 'city' } },
    });
    expect(classesOf(source, 'town')).toEqual(upTo(SAMPLES).map((s) => `c${s}`));
    await close();
  });
});

describe('a table beside the recording', () => {
  const scratch = scratchFolder();

  it('has labels by the names of the samples, and their split', async () => {
    const folder = join(scratch, 'esm');
    cpSync(pathOf('esm'), folder, { recursive: true });
    // In another order than the files, with one row more.
    const numbers = [3, 0, 6, 1, 5, 2, 4, 9];
    const rows = numbers.map(
      (s) => `P${1234 + s * 17},${s % 2 ? 'odd' : 'even'},${s < 4 ? 'train' : 'test'},${s}.5`,
    );
    writeFileSync(join(folder, 'labels.csv'), `id,parity,split,size\n${rows.join('\n')}\n`);
    const { source, labels, found, close } = await openRecording(folder, {
      ...OPTIONS,
      baseDirectory: scratch,
    });
    expect(labels).toEqual(['parity', 'size']);
    expect(classesOf(source, 'parity')).toEqual(upTo(SAMPLES).map((s) => (s % 2 ? 'odd' : 'even')));
    expect([source.splits.train.size, source.splits.test.size]).toEqual([4, 3]);
    const size = source.splits.test.factors.find(({ name }) => name === 'size');
    expect(size).toMatchObject({ kind: 'continuous', values: Float64Array.from([4.5, 5.5, 6.5]) });
    expect(found.split).toEqual({ file: 'esm/labels.csv', column: 'split', by: 'id' });
    expect(await rowsOf(source, '2')).toEqual(expected(2, own));
    await close();
  });

  it('lacks a sample', async () => {
    const folder = join(scratch, 'lacking');
    cpSync(pathOf('esm'), folder, { recursive: true });
    writeFileSync(join(folder, 'table.csv'), 'id,parity\nP1234,even\n');
    const fault = await faultOf(
      openRecording(folder, {
        ...OPTIONS,
        labels: { parity: { file: 'table.csv', column: 'parity', by: 'id' } },
        baseDirectory: folder,
      }),
    );
    expect(fault.message).toMatch(/table\.csv, column "parity": has no row for the sample "P1251"/);
  });
});

describe('a layout that was found', () => {
  it.each([
    'vllm',
    'esm',
    'geometry',
    'world',
    'net2brain',
    'clip',
    'fairseq',
    'plain/acts.npz',
    'masked/outputs.pt',
  ])('reads the same when the inspection file says it: %s', async (name) => {
    const guessed = await open(name);
    const said = await open(name, guessed.found);
    expect(said.source.layers).toEqual(guessed.source.layers);
    expect(said.assumed).toEqual([]);
    const [{ name: layer }] = guessed.source.layers;
    expect(await rowsOf(said.source, layer)).toEqual(await rowsOf(guessed.source, layer));
    expect(await said.source.examine()).toEqual(await guessed.source.examine());
    await guessed.close();
    await said.close();
  });
});

describe('what a layout leaves open is refused with the key that decides it', () => {
  it.each<[string, string, RecordingSpec, RegExp]>([
    [
      'layers or tokens',
      'stacked',
      {},
      /axes of \[7, 3, 5\], which could be several things\. Set "axes" of the layout, such as \["sample"/,
    ],
    ['two equal axes', 'square/acts.npy', {}, /axes of \[7, 7, 5\].*Set "axes"/],
    [
      'data sets that are layers or samples',
      'structural/sentences.hdf5',
      {},
      /has 7 arrays, such as "0", which may be layers or samples\. Set "arrays"/,
    ],
    ['files that are layers or samples', 'things', {}, /has 3 files with arrays, such as .*\. Set "files"/],
    ['two recordings in a folder', 'honest', {}, /has 2 files with arrays.*\. Set "files"/],
    [
      'bits of unknown numbers',
      'bits/acts.pt',
      {},
      /holds 16-bit integers.*\. Set "bits" of the layout to float16 or bfloat16/,
    ],
    [
      'a pattern without files',
      'world',
      { layout: { files: 'x_{layer}.pt' } },
      /has no file with a name like "x_\{layer\}\.pt"/,
    ],
    [
      'a pattern without arrays',
      'plain/acts.npz',
      { layout: { arrays: 'x.{layer}', axes: ['sample', 'dimension'] } },
      /^\/layout\/arrays: no array of .* has a name like "x\.\{layer\}"\. One of them is "embed"/,
    ],
    [
      'samples twice',
      'vllm',
      {
        layout: {
          files: '{sample}.safetensors',
          arrays: 'hidden_states',
          axes: ['sample', 'layer', 'dimension'],
        },
      },
      /^\/layout\/axes: the samples are both an axis and in names/,
    ],
    [
      'no samples',
      'stacked/acts.npy',
      { layout: { arrays: '*', axes: ['token', 'layer', 'dimension'] } },
      /^\/layout\/axes: nothing says where one sample ends/,
    ],
    [
      'a mask that is not there',
      'masked/outputs.pt',
      { layout: { mask: 'masks' } },
      /has no array "masks"\. Correct "mask"/,
    ],
    [
      'labels of another length',
      'world',
      { labels: { x: { file: 'clip/targets_train.pt' } }, layout: { files: 'city.last.empty.{layer}.pt' } },
      /targets_train\.pt, array "tensor": has 4 values beside 7 samples/,
    ],
    [
      'a column that is not there',
      'world',
      { labels: { x: { file: 'world/labels.csv', column: 'size' } } },
      /^\/labels\/x: .* has no column "size"\. Set "column" to one of city, kind/,
    ],
    ['a file that is not there', 'world', { labels: { x: { file: 'no.csv' } } }, /no\.csv: does not exist/],
    [
      'an input that is no layer',
      'world',
      { input: 'embed' },
      /^\/input: there is no layer "embed"\. Choose from 0, 1, 2/,
    ],
  ])('%s', async (_, name, spec, message) => {
    const fault = await faultOf(open(name, spec));
    expect(fault.kind).toBe('input');
    expect(fault.message).toMatch(message);
    expect(fault.message).not.toContain('\n');
  });
});
