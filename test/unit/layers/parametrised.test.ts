import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { measureLayers, openSpectrumPool, summarise } from '../../../src/layers/index.ts';
import { jsonPieces } from '../../../src/protocol/index.ts';
import { rowWarnings } from '../../../webview/checkpoint/series/warnings.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { formatSpectra, spectraDocument } from './atOnce.ts';

const file = join(scratchFolder(), 'parametrised.safetensors');
const tensor = (shape: readonly number[], ...data: number[]): StoredTensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
});
/** diag(3, 4). */
const matrix = tensor([2, 2], 3, 0, 0, 4);
const pair = tensor([2], 1, 0);
/** g v / |v| of weight_norm is diag(1, 2): what the model multiplies with, but not a layer here. */
const sizes = tensor([2, 1], 1, 2);

/** As state_dict of PyTorch names them: torch/nn/utils/{weight_norm,spectral_norm,prune,parametrize}.py. */
const TENSORS: Readonly<Record<string, StoredTensor>> = {
  'plain.weight': matrix,
  'wn.weight_g': sizes,
  'wn.weight_v': matrix,
  'newer.parametrizations.weight.original0': sizes,
  'newer.parametrizations.weight.original1': matrix,
  'sn.weight_orig': matrix,
  'sn.weight_u': pair,
  'sn.weight_v': pair,
  'sn2.parametrizations.weight.original': matrix,
  'sn2.parametrizations.weight.0._u': pair,
  'sn2.parametrizations.weight.0._v': pair,
  'pruned.weight_orig': matrix,
  'pruned.weight_mask': tensor([2, 2], 1, 1, 1, 0),
  'orthogonal.parametrizations.weight.original': matrix,
  'orthogonal.parametrizations.weight.0.base': matrix,
  // Names alone say nothing: these have no tensors beside them.
  'alone.weight_v': matrix,
  'alone.weight_orig': matrix,
};
const NOTES: Readonly<Record<string, RegExp>> = {
  'wn.weight_v': /^the direction that weight_norm scales/,
  'newer.parametrizations.weight.original1': /^the direction that weight_norm scales/,
  'sn.weight_orig': /^the matrix before spectral_norm divides it/,
  'sn2.parametrizations.weight.original': /^the matrix before spectral_norm divides it/,
  'pruned.weight_orig': /^the matrix before its mask prunes it/,
  'orthogonal.parametrizations.weight.original': /^what a parametrisation makes the matrix/,
};
writeFileSync(file, encodeSafetensors(new Map(Object.entries(TENSORS))));

describe('a weight that is stored in another form than the model uses', async () => {
  const pool = openSpectrumPool();
  const question = { file, convolution: 'reshape', method: 'exact' } as const;
  const summary = await pool.use(file, (checkpoint) => summarise(checkpoint, 'reshape'));
  const { signal } = new AbortController();
  const measured = await measureLayers(pool, summary.layers, question, () => {}, signal);
  await pool.close();

  it('says so, and no other does', () => {
    const noted = Object.fromEntries(summary.layers.map(({ name, note }) => [name, note]));
    const plain = ['plain.weight', 'alone.weight_v', 'alone.weight_orig'];
    expect(Object.keys(noted).sort()).toEqual([...plain, ...Object.keys(NOTES)].sort());
    for (const [name, note] of Object.entries(NOTES)) expect(noted[name]).toMatch(note);
    for (const name of plain) expect(noted[name]).toBeUndefined();
  });

  it('is measured as it is stored', () => {
    for (const { layer, spectrum } of measured) {
      expect([layer.name, spectrum.singularValues.length]).toEqual([layer.name, 2]);
      expect(spectrum.singularValues[0]).toBeCloseTo(4, 12);
      expect(spectrum.singularValues[1]).toBeCloseTo(3, 12);
    }
  });

  it('has no layer for what the parametrisation computes with, and counts no parameters in it', () => {
    const buffers = summary.skipped.filter(({ reason }) => reason === 'is a buffer of a parametrisation');
    expect(buffers.map(({ name }) => name).sort()).toEqual([
      'orthogonal.parametrizations.weight.0.base',
      'sn2.parametrizations.weight.0._u',
      'sn2.parametrizations.weight.0._v',
    ]);
  });

  it('has no layer for the mask', () => {
    expect(summary.skipped).toContainEqual({
      name: 'pruned.weight_mask',
      shape: [2, 2],
      dtype: 'F32',
      reason: 'is the mask of a pruned weight',
    });
  });

  it('says so in the table, in JSON and in the page', () => {
    const lines = [...formatSpectra(summary, measured)];
    const footnotes = lines.filter((line) => /^\[\d+\] /.test(line));
    const document = JSON.parse([...jsonPieces(spectraDocument(summary, measured))].join(''));
    for (const [name, note] of Object.entries(NOTES)) {
      const marks = lines.find((line) => line.startsWith(`${name} `))!.match(/\[\d+\]/g)!;
      const said = marks.map((mark) =>
        footnotes.find((line) => line.startsWith(mark))!.slice(mark.length + 1),
      );
      expect(said.some((text) => note.test(text))).toBe(true);
      expect(document.layers.find((each: { name: string }) => each.name === name).note).toMatch(note);
      const layer = summary.layers.find((each) => each.name === name)!;
      // Also before it is measured.
      const [warning] = rowWarnings({ name, sides: [layer] } as never, () => undefined as never, ['model']);
      expect(warning.text).toMatch(note);
    }
  });
});
