import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSettled, openCheckpoint } from '../../checkpoint/index.ts';
import { fileStamp } from '../../protocol/index.ts';
import { RecordedFiles } from '../recording/recordedFiles.ts';
import type { ModelFile } from './modelFile.ts';

/** Beside a model, or a tokenizer: how its inputs are made. */
const BESIDE = ['preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Differs between two versions of a model, its data, or what its inputs are made with; null when that is not known, because one
 * of the files was written just now.
 * @param named files that the inspection names besides.
 */
export const modelStamp = async (
  file: ModelFile,
  data: string,
  named: readonly string[],
): Promise<string | null> => {
  const beside = [file.path, ...named].flatMap((path) => BESIDE.map((name) => join(dirname(path), name)));
  const parts = await Promise.all([
    weightsStamp(file),
    dataStamp(data),
    ...[...named, ...beside].map(stampAt),
  ]);
  if (parts.includes(null)) return null;
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
};

/** Of the file, with the files that its weights are in. */
const weightsStamp = async ({ path, bytes }: ModelFile): Promise<string | null> => {
  if (bytes !== null) return createHash('sha256').update(bytes).digest('hex');
  try {
    const { files, close } = await openCheckpoint(path);
    await close();
    return files?.settled === true ? files.version : null;
  } catch {
    return null;
  }
};

const dataStamp = async (path: string): Promise<string | null> => {
  const files = await RecordedFiles.of(path);
  try {
    return await files.stamp();
  } finally {
    await files.close();
  }
};

const stampAt = async (path: string): Promise<string | null> => {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  if (stats === null) return 'none';
  return isSettled(stats, Date.now()) ? fileStamp(stats) : null;
};
