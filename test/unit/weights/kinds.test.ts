import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from '../../../src/checkpoint/index.ts';
import { layerSpectrum, summarise } from '../../../src/weights/index.ts';

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

/** Of numpy, which computes in float64 too. */
const TOLERANCE = 1e-10;

describe.each(Object.entries(FILES))('%s', (file, { layers, vectors }) => {
  let checkpoint: Checkpoint;
  beforeEach(async () => {
    checkpoint = await openCheckpoint(join(FIXTURES, 'kinds', file));
  });
  afterEach(() => checkpoint.close());

  it('has these layers, of these kinds, and no others', async () => {
    const found = (await summarise(checkpoint, 'reshape')).layers;
    const described = found.map(({ name, kind, matrix }) => [name, kind, ...matrix].join(' ')).sort();
    const theirs = Object.entries(layers).map(([name, { kind, matrix }]) =>
      [name, kind, ...matrix].join(' '),
    );
    expect(described).toEqual(theirs.sort());
  });

  it('has these vectors, and no others', async () => {
    const found = (await summarise(checkpoint, 'reshape')).vectors.map(({ name }) => name);
    expect(found.sort()).toEqual([...vectors].sort());
  });

  it('has the singular values of numpy', async () => {
    for (const [layer, { singularValues }] of Object.entries(layers)) {
      const question = { layer, convolution: 'reshape', method: 'exact' } as const;
      const spectrum = await layerSpectrum(checkpoint, question);
      expect(spectrum.singularValues.length, layer).toBe(singularValues.length);
      spectrum.singularValues.forEach((value, i) => {
        const off = Math.abs(value - singularValues[i]);
        expect(off, `${layer} ${i}`).toBeLessThan(TOLERANCE * singularValues[0]);
      });
    }
  });
});

const skippedIn = async (file: string): Promise<string[]> => {
  const checkpoint = await openCheckpoint(join(FIXTURES, 'kinds', file));
  try {
    const { skipped } = await summarise(checkpoint, 'reshape');
    return skipped.map(({ name, reason }) => `${name} ${reason}`).sort();
  } finally {
    await checkpoint.close();
  }
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
  const checkpoint = await openCheckpoint(join(FIXTURES, 'kinds', 'int8.keras'));
  const { layers, vectors, skipped } = await summarise(checkpoint, 'reshape');
  await checkpoint.close();
  expect([...new Set(layers.map(({ kind }) => kind))]).toEqual(['recurrent']);
  const places = new Set([...vectors, ...skipped].map(({ name }) => name));
  const quantised = ['mha/query', 'mha/key', 'mha/value', 'mha/attention_output', 'dense'];
  for (const owner of quantised) {
    for (const variable of ['kernel', 'bias', 'kernel_scale'])
      expect(places).toContain(`${owner}/${variable}`);
  }
  expect(places).toContain('ein/kernel_scale');
  expect(places).not.toContain('ein/bias');
  expect(places).toContain('emb/embeddings_scale');
});
