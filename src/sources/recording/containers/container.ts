import { open, readdir } from 'node:fs/promises';
import { type Checkpoint, openCheckpoint } from '../../../checkpoint/index.ts';
import { readFault } from '../../../disk/index.ts';
import { MATLAB_HEAD, openMatlab } from './matlab.ts';
import { NEUROX_HEAD, openNeurox } from './neurox.ts';
import { isSaev, openSaev } from './saev.ts';
import { looksLikeNumbers, openTextMatrix } from './textMatrix.ts';

/** A file with arrays, by its content. The libraries of rarer formats are loaded when they are needed. */
export const openContainer = async (path: string): Promise<Checkpoint> => {
  const head = await headOf(path);
  if (head.startsWith('PAR1')) return (await import('./parquet.ts')).openParquet(path);
  const isStream = head.startsWith('\xff\xff\xff\xff') && /\.arrows?$/i.test(path);
  if (head.startsWith('ARROW1') || isStream) return (await import('./arrow.ts')).openArrow(path);
  if (head === MATLAB_HEAD) return openMatlab(path);
  if (head === NEUROX_HEAD) return openNeurox(path);
  if (/\.txt$/i.test(path) && looksLikeNumbers(head)) return openTextMatrix(path);
  return openCheckpoint(path);
};

/** What a JSON file is by its beginning: lines of NeuroX, a model of TensorFlow.js, or something else. */
export const kindOfJson = async (path: string): Promise<'recording' | 'model' | 'other'> => {
  const head = await headOf(path, 200);
  if (head.startsWith(NEUROX_HEAD)) return 'recording';
  return /^\s*\{\s*"(?:modelTopology"|format"\s*:\s*"(?:layers|graph)-model")/.test(head) ? 'model' : 'other';
};

const headOf = async (path: string, length = 8): Promise<string> => {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFault(path, error);
  }
};

/** Opens a folder that is one container; null for a folder of files. */
export const openFolder = async (path: string): Promise<(() => Promise<Checkpoint>) | null> => {
  if (await isZarr(path)) return async () => (await import('./zarr.ts')).openZarr(path);
  return (await isSaev(path)) ? () => openSaev(path) : null;
};

/** What a Zarr folder has, an array or a group of them, in version 2 or 3. */
const ZARR = ['.zgroup', '.zarray', 'zarr.json'];

const isZarr = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(() => [] as string[]);
  return ZARR.some((mark) => names.includes(mark));
};
