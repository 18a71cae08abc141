import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileOfMention, filePaths, mentionsInLine } from '../../extension/inline/checkpointMentions.ts';
import { underlined } from '../../extension/inline/experimentProblems.ts';
import type { NpyArray } from '../../src/checkpoint/index.ts';
import { loadNpz } from '../../src/data/kinds/npz.ts';
import { checkExperiment } from '../../src/experiment/index.ts';
import { summarise } from '../../src/layers/index.ts';
import { inputFault, layerLabels, matchesGlob } from '../../src/protocol/index.ts';
import { jsonPieces } from '../../src/protocol/jsonPieces.ts';
import { encodeNpz } from '../unit/checkpoint/npyFiles.ts';
import { formatSpectra, spectraDocument } from '../unit/layers/atOnce.ts';
import { headerOnly } from '../unit/layers/checkpoints.ts';
import { growthOf, type Work } from './growth.ts';
import { measuredLayers, summaryOf } from './measuredLayers.ts';

const folder = mkdtempSync(join(tmpdir(), 'pentimento-growth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Consumes all of it, like a terminal. */
const lengthOf = (pieces: Iterable<string>): number => {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
};

const EXPERIMENT = {
  name: 'small',
  data: { kind: 'synthetic', strengths: [1, 2] },
  augmentation: [],
  encoder: { kind: 'linear', widths: [2] },
  loss: { kind: 'spectral' },
  optimiser: { kind: 'sgd', learningRate: 0.1 },
  epochs: 3,
};

/** An experiment with each member on its own line, as JSON. */
const experiment = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...EXPERIMENT, ...change }, null, 1);

/** A training file whose factor has texts that end in many zeros and one letter. */
const npzFile = async (size: number): Promise<string> => {
  const file = join(folder, `${size}.npz`);
  const texts = numbers(20).map((i) => `${'\0'.repeat(size)}${i}`);
  const arrays = new Map<string, NpyArray>([
    ['x', { dtype: 'float32', shape: [20, 1], data: new Float32Array(20) }],
    ['y', { dtype: 'string', shape: [20], data: texts }],
  ]);
  writeFileSync(file, await encodeNpz(arrays));
  return file;
};

const CASES: Readonly<Record<string, () => Promise<number>>> = {
  'white space in a fault': () =>
    growthOf(
      { make: (size) => ` \n${' '.repeat(size)}`.repeat(2), run: (text) => inputFault(text, text, text) },
      2_000_000,
    ),
  'a long name that is almost a kernel': () =>
    growthOf(
      {
        make: (size) => headerOnly([{ name: `${'weight'.repeat(size)}!`, shape: [1, 2, 3] }]),
        run: (checkpoint) => summarise(checkpoint, 'reshape'),
      },
      100_000,
    ),
  'many names': () =>
    growthOf(
      {
        make: (size) =>
          headerOnly(numbers(size).map((i) => ({ name: `model.layers.${i}.weight`, shape: [2, 2] }))),
        run: (checkpoint) => summarise({ ...checkpoint }, 'reshape'),
      },
      4000,
    ),
  'many tied tensors': () =>
    growthOf(
      {
        make: (size) =>
          numbers(size).map((i) => ({
            name: `b${i}`,
            shape: [2],
            dtype: 'F32',
            reason: `is tied to a${i}`,
          })),
        run: (skipped) => lengthOf(formatSpectra(summaryOf([], skipped), [])),
      },
      5000,
    ),
  'a glob with stars': () =>
    growthOf(
      {
        make: (size) => 'attn.'.repeat(size),
        run: (name) => matchesGlob('*attn*attn*attn*weight', name),
      },
      100_000,
    ),
  'unknown keys of an experiment': () =>
    growthOf(
      {
        make: (size) => experiment(Object.fromEntries(numbers(size).map((i) => [`k${i}`, i]))),
        run: checkExperiment,
      },
      2000,
    ),
  'wrong values of an experiment': () =>
    growthOf(
      {
        make: (size) => experiment({ encoder: { kind: 'linear', widths: numbers(size).map(() => 'x') } }),
        run: checkExperiment,
      },
      2000,
    ),
  'repeated names in an experiment': () =>
    growthOf(
      {
        make: (size) => experiment({ layers: numbers(size).flatMap((i) => [`layer${i}`, `layer${i}`]) }),
        run: checkExperiment,
      },
      2000,
    ),
  'a long string in an experiment': () =>
    growthOf(
      { make: (size) => experiment({ description: '\\"x'.repeat(size) }), run: checkExperiment },
      400_000,
    ),
  'a long word for a kind in an experiment': () =>
    growthOf(
      { make: (size) => experiment({ loss: { kind: 'x'.repeat(size) } }), run: checkExperiment },
      400_000,
    ),
  'what a problem underlines': () =>
    growthOf(
      {
        make: (size) => '['.repeat(size),
        run: (text) => numbers(1000).map((i) => underlined(text, i)),
      },
      100_000,
    ),
  'a text factor of an npz': () =>
    growthOf(
      {
        make: npzFile,
        run: async (made) => {
          const file = await made;
          await loadNpz({ kind: 'npz', train: file, test: file }, folder);
        },
      },
      3000,
    ),
  'mentions of checkpoints in a text': () =>
    growthOf(
      {
        make: (size) => numbers(size).map((i) => `"${'"a.'.repeat(200)}' x${i}/m.pt@${'.pt/'.repeat(300)}`),
        run: (lines) => lines.map(mentionsInLine),
      },
      50,
    ),
  'files that mentions may mean': () =>
    growthOf(
      {
        make: numbers,
        run: (size) => {
          const files = filePaths(size.map((i) => `/w/d${i}/m${i}.pt`));
          return size.map((i) => fileOfMention(`m${i}.pt`, '/w/elsewhere', files));
        },
      },
      1500,
    ),
  'many layers in the table': () =>
    growthOf(
      {
        make: (size) => measuredLayers(numbers(size).map((i) => `layer${i}`)),
        run: (measured) => lengthOf(formatSpectra(summaryOf(measured), measured)),
      },
      2000,
    ),
  'long names in the table': () =>
    growthOf(
      {
        make: (size) => measuredLayers(numbers(100).map((i) => `${i}${'\u202e'.repeat(size)}`)),
        run: (measured) => lengthOf(formatSpectra(summaryOf(measured), measured)),
      },
      10_000,
    ),
  'names of layers that only dots have in common': () =>
    growthOf(
      { make: (size) => ['a', 'b', ''].map((end) => `${'.'.repeat(size)}${end}`), run: layerLabels },
      100_000,
    ),
  'names of layers of many numbers': () =>
    growthOf(
      { make: (size) => ['a', 'b', '0'].map((end) => `${'0.'.repeat(size)}${end}`), run: layerLabels },
      100_000,
    ),
  'equal names of layers': () =>
    growthOf({ make: (size) => numbers(size).map(() => 'model.layers.3.mlp'), run: layerLabels }, 20_000),
  'a JSON document': () =>
    growthOf(
      {
        make: (size) => measuredLayers(numbers(size).map((i) => `layer\u009b${i}`)),
        run: (measured) => lengthOf(jsonPieces(spectraDocument(summaryOf(measured), measured))),
      },
      2000,
    ),
};

describe('input doubled, work less than tripled', () => {
  it('a loop within a loop is found', async () => {
    const quadratic: Work<number[]> = {
      make: numbers,
      run: (list) => list.filter((value, at) => list.indexOf(value) < at),
    };
    expect(await growthOf(quadratic, 4000)).toBeGreaterThan(3);
  });

  it.each(Object.entries(CASES))('%s', async (_, growth) => expect(await growth()).toBeLessThan(3));
});

describe('130,000 layers', () => {
  const measured = measuredLayers(numbers(130_000).map((i) => `layer ${i}`));

  it('are a table', () => {
    const lines = [...formatSpectra(summaryOf(measured), measured)];
    // The file, an empty line, the titles, the layers, the only note, and the health summary.
    expect(lines).toHaveLength(3 + 130_000 + 3);
    expect(lines.at(-4)).toContain('layer 129999');
    expect(lines.slice(-3)).toEqual([
      '[1] alpha: only 0 to 129999 of them',
      '',
      'no problems in 130000 tensors',
    ]);
  });

  it('are a JSON document in small pieces', () => {
    let longest = 0;
    let layers = 0;
    for (const piece of jsonPieces(spectraDocument(summaryOf(measured), measured))) {
      longest = Math.max(longest, piece.length);
      if (piece.includes('"singularValues"')) layers++;
    }
    expect(layers).toBe(130_000);
    expect(longest).toBeLessThan(2000);
  });
});

it('a name of 30,000 characters takes no more room in the table than another long one', () => {
  const measured = measuredLayers([`${'n'.repeat(30_000)}.weight`, 'short']);
  const line = [...formatSpectra(summaryOf(measured), measured)].find((each) => each.startsWith('nnn')) ?? '';
  expect(line.length).toBeLessThan(250);
  expect(line).toContain('nnn…');
});

it('a string of 20 MB and more values than a call takes are checked', () => {
  const long = checkExperiment(experiment({ description: 'x'.repeat(20_000_000) }));
  expect(long.experiment?.description).toHaveLength(20_000_000);
  const many = checkExperiment(experiment({ layers: numbers(200_000) }));
  expect(many.problems[0]).toMatchObject({ source: 'syntax', what: 'there are more than 50000 values' });
  const widths = numbers(49_000).map(() => 'x');
  const wrong = checkExperiment(experiment({ encoder: { kind: 'linear', widths } }));
  expect(wrong.problems).toHaveLength(1000);
});
