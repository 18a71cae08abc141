import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InspectionSpec } from '../../../src/experiment/index.ts';
import { openModel } from '../../../src/sources/model/openModel.ts';

/** Made by fixtures/makeModels.py with PyTorch, whose forward hooks are what layers are compared with. */
export const pathOf = (name: string): string =>
  fileURLToPath(new URL(`fixtures/models/${name}`, import.meta.url));

export const arrays = (path: string, inputs: Record<string, string> = {}) => ({
  kind: 'arrays' as const,
  path,
  inputs,
});

/** A fixture, or another model by its whole path. */
export const open = (
  model: string,
  data: NonNullable<InspectionSpec['data']>,
  more: Partial<InspectionSpec> = {},
) =>
  openModel(isAbsolute(model) ? model : pathOf(model), {
    name: 'model',
    seed: 0,
    testShare: 0.25,
    layers: 'all',
    ...more,
    data,
    threads: 1,
    baseDirectory: pathOf('.'),
  });
