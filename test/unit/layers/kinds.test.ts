import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../../src/checkpoint/index.ts';
import { summarise } from '../../../src/layers/index.ts';
import { layerSpectrum } from './atOnce.ts';

interface ExpectedFile {
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly kind: string;
        readonly matrix: readonly number[];
        readonly singularValues: readonly number[];
      }
    >
  >;
  readonly vectors: readonly string[];
}

const FIXTURES = join(import.meta.dirname, 'fixtures');
const FILES = JSON.parse(readFileSync(join(FIXTURES, 'kinds.json'), 'utf8')) as Record<string, ExpectedFile>;

/** For numpy, which also computes in float64. */
const TOLERANCE = 1e-10;

const opened: Checkpoint[] = [];
afterEach(() => Promise.all(opened.splice(0).map((checkpoint) => checkpoint.close())));
const open = async (file: string): Promise<Checkpoint> => {
  const checkpoint = await openCheckpoint(join(FIXTURES, 'kinds', file));
  opened.push(checkpoint);
  return checkpoint;
};

it.each(Object.keys(FILES))('%s has the layers, kinds and vectors, and the values of numpy', async (file) => {
  const { layers, vectors } = FILES[file];
  const checkpoint = await open(file);
  const summary = await summarise(checkpoint, 'reshape');
  const described = summary.layers.map(({ name, kind, matrix }) => [name, kind, ...matrix].join(' '));
  const theirs = Object.entries(layers).map(([name, { kind, matrix }]) => [name, kind, ...matrix].join(' '));
  expect(described.sort()).toEqual(theirs.sort());
  expect(summary.vectors.map(({ name }) => name).sort()).toEqual([...vectors].sort());
  for (const [layer, { singularValues }] of Object.entries(layers)) {
    const spectrum = await layerSpectrum(checkpoint, { layer, convolution: 'reshape', method: 'exact' });
    expect(spectrum.singularValues.length, layer).toBe(singularValues.length);
    spectrum.singularValues.forEach((value, i) => {
      const off = Math.abs(value - singularValues[i]);
      expect(off, `${layer} ${i}`).toBeLessThan(TOLERANCE * singularValues[0]);
    });
  }
});

const skippedIn = async (file: string): Promise<string[]> => {
  const { skipped } = await summarise(await open(file), 'reshape');
  return skipped.map(({ name, reason }) => `${name} ${reason}`).sort();
};

it('leaves out the optimiser of a JAX archive', async () => {
  expect(await skippedIn('flax.npz')).toEqual([
    'opt_state/0/mu/stem/kernel is state of the training, not a weight',
    'opt_state/0/nu/stem/kernel is state of the training, not a weight',
    'opt_state/1/stem/kernel is state of the training, not a weight',
  ]);
});

it('counts what several links of HDF5 lead to once', async () => {
  expect(await skippedIn('links.h5')).toEqual([
    'group/w is tied to enc/w',
    'hard is tied to enc/w',
    'other is tied to a',
    'soft is tied to enc/w',
    'softgroup/w is tied to enc/w',
  ]);
});

it('knows the scales of what Keras quantised, and the biases beside them', async () => {
  const { layers, vectors, skipped } = await summarise(await open('int8.keras'), 'reshape');
  const quantised = layers.filter(({ dtype }) => dtype === 'int8 × scale');
  expect(quantised.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
    'dense/kernel dense',
    'ein/kernel dense',
    'emb/embeddings embedding',
    ...['attention_output', 'key', 'query', 'value'].map((part) => `mha/${part}/kernel attention`),
  ]);
  expect(new Set(layers.filter((layer) => !quantised.includes(layer)).map(({ kind }) => kind))).toEqual(
    new Set(['recurrent']),
  );
  const biased = ['mha/query', 'mha/key', 'mha/value', 'mha/attention_output', 'dense'];
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  expect(names(vectors)).toEqual(expect.arrayContaining(biased.map((owner) => `${owner}/bias`)));
  expect(names(skipped).sort()).toEqual(
    [...biased, 'ein']
      .map((owner) => `${owner}/kernel_scale`)
      .concat('emb/embeddings_scale')
      .sort(),
  );
});
