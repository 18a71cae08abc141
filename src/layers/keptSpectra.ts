import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, writeAtomically } from '../disk/index.ts';
import { type LayerSpectrum, WEIGHT_MEASURE_KEYS } from '../protocol/index.ts';
import { formatSpectrum, parseSpectrum, RESULT_VERSION } from './spectrumFile.ts';

/** SHA-256, hexadecimal, of these JSON values, the version of the cached results and what is measured. */
export const keyOf = (...values: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([RESULT_VERSION, WEIGHT_MEASURE_KEYS, ...values]))
    .digest('hex');

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

/** A cache that cannot be written (a full disk, the folder of another user) only costs time. */
const tryToWrite = async (path: string, text: string): Promise<void> => {
  try {
    await makeFolder(dirname(path));
    await writeAtomically(path, text);
  } catch {}
};

/**
 * Results cached in a folder by content: `spectra/` contains them by the hash of the values and of the request;
 * `files/` maps the version of a file and the request to them, so that an unchanged file is not read again. Anything
 * damaged in it counts as missing.
 */
export class KeptSpectra {
  constructor(private readonly folder: string) {}

  async read(contentKey: string): Promise<LayerSpectrum | null> {
    const text = await readText(this.path('spectra', contentKey));
    return text === null ? null : parseSpectrum(text);
  }

  /** The result for this version of a file, if it was cached. */
  async readOfFile(fileKey: string): Promise<LayerSpectrum | null> {
    const text = await readText(this.path('files', fileKey));
    return text !== null && /^[0-9a-f]{64}$/.test(text) ? this.read(text) : null;
  }

  write(contentKey: string, spectrum: LayerSpectrum): Promise<void> {
    return tryToWrite(this.path('spectra', contentKey), formatSpectrum(spectrum));
  }

  link(fileKey: string, contentKey: string): Promise<void> {
    return tryToWrite(this.path('files', fileKey), contentKey);
  }

  /** Folders named by two digits keep each folder small. */
  private path(kind: 'spectra' | 'files', key: string): string {
    return join(this.folder, kind, key.slice(0, 2), `${key}.json`);
  }
}
