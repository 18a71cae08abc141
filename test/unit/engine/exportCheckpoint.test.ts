import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { exportCheckpointJob } from '../../../src/engine/checkpointJob.ts';
import { scratchFolder } from '../checkpoint/scratch.ts';
import { expectedIn, WEIGHTS } from '../layers/checkpoints.ts';

const exported = async (format: 'json' | 'csv' | 'netron'): Promise<string> => {
  const target = join(scratchFolder(), `layers.${format}`);
  const params = { file: WEIGHTS, convolution: 'reshape', format, target, cache: dirname(target) } as const;
  const context = { signal: new AbortController().signal, report: () => {} };
  const { bytes } = await exportCheckpointJob(params, context);
  expect(bytes).toBe(statSync(target).size);
  // No half-written file is beside it.
  expect(readdirSync(dirname(target)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  return readFileSync(target, 'utf8');
};

it('writes the spectra of all layers as one JSON document', async () => {
  const { layers, vectors, skipped, health } = JSON.parse(await exported('json'));
  const known = Object.entries(expectedIn('reshape'));
  expect(known.length).toBeGreaterThan(10);
  for (const [name, { singularValues }] of known) {
    const layer = layers.find((each: { name: string }) => each.name === name);
    expect(layer.singularValues.length).toBe(singularValues.length);
    singularValues.forEach((value, i) => {
      expect(Math.abs(layer.singularValues[i] - value)).toBeLessThan(1e-10 * singularValues[0]);
    });
  }
  expect(vectors.length).toBeGreaterThan(0);
  const read = [...vectors, ...skipped].filter(({ statistics }) => statistics !== null);
  expect(health.tensors).toBe(layers.length + read.length);
});

it.each(['csv', 'netron'] as const)('writes %s whole', async (format) => {
  expect((await exported(format)).length).toBeGreaterThan(1000);
});
