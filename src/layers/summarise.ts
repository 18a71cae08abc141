import { stat } from 'node:fs/promises';
import type { Checkpoint } from '../checkpoint/index.ts';
import { type CheckpointSummary, type ConvolutionView, WEIGHT_DEFINITIONS } from '../protocol/index.ts';
import { planOf } from './layerPlans.ts';

const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Of all files that a checkpoint is read from: itself, its shards, external data. */
const sizeOf = async ({ path, files }: Checkpoint): Promise<number> => {
  const paths = files === undefined ? [path] : files.parts.map((part) => part.path);
  const sizes = await Promise.all(paths.map(bytesOf));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/**
 * A checkpoint as its header describes it: weight matrices, vectors, and what is skipped and why. No tensor is read.
 * `bytes` is 0 for a checkpoint that is not a file.
 */
export const summarise = async (
  checkpoint: Checkpoint,
  convolution: ConvolutionView,
): Promise<CheckpointSummary> => {
  const { layers, vectors, skipped, warnings, parameters } = await planOf(checkpoint, convolution);
  return {
    file: checkpoint.path,
    parts: checkpoint.files?.parts ?? [],
    version: checkpoint.files?.version ?? '',
    format: checkpoint.format,
    bytes: await sizeOf(checkpoint),
    parameters,
    layers: layers.map(({ layer }) => layer),
    vectors,
    skipped,
    warnings,
    definitions: WEIGHT_DEFINITIONS,
    metadata: Object.fromEntries(checkpoint.metadata),
  };
};
