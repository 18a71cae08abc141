import { resolve } from 'node:path';
import type { DataSpec } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';
import type { Factor } from '../dataSet.ts';
import { categorical } from '../factors.ts';
import { readMaybeGzipped } from '../inputFile.ts';
import { sharedBytes } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import { CIFAR_10, CIFAR_100_COARSE, CIFAR_100_FINE } from './cifarClasses.ts';
import type { Splits } from './splits.ts';

const PIXELS = 32 * 32;
const REMEDY = 'Use the binary version of CIFAR, complete';

interface LabelColumn {
  readonly name: string;
  readonly classes: readonly string[];
}

/** The label bytes before every image, in order. */
const LABELS: Record<'cifar-10' | 'cifar-100', readonly LabelColumn[]> = {
  'cifar-10': [{ name: 'label', classes: CIFAR_10 }],
  'cifar-100': [
    { name: 'coarse', classes: CIFAR_100_COARSE },
    { name: 'label', classes: CIFAR_100_FINE },
  ],
};

const readRecords = async (path: string, columns: readonly LabelColumn[]): Promise<Uint8Array> => {
  const bytes = await readMaybeGzipped(path);
  const record = columns.length + 3 * PIXELS;
  const rest = bytes.length % record;
  if (bytes.length === 0 || rest !== 0) {
    throw inputFault(
      `ends ${rest} bytes into a record of ${record} bytes`,
      `${path}, byte ${bytes.length}`,
      REMEDY,
    );
  }
  for (let start = 0; start < bytes.length; start += record) {
    columns.forEach(({ name, classes }, at) => {
      if (bytes[start + at] < classes.length) return;
      throw inputFault(
        `has the ${name} ${bytes[start + at]}, above ${classes.length - 1}`,
        `${path}, byte ${start + at}`,
        REMEDY,
      );
    });
  }
  return bytes;
};

/** Channel planes (CHW) to interleaved channels (HWC). */
const interleave = (planes: Uint8Array, target: Uint8Array): void => {
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      target[pixel * 3 + channel] = planes[channel * PIXELS + pixel];
    }
  }
};

const loadSplit = async (
  name: string,
  paths: readonly string[],
  columns: readonly LabelColumn[],
): Promise<StoredDataSet> => {
  const files: Uint8Array[] = [];
  for (const path of paths) files.push(await readRecords(path, columns));
  const record = columns.length + 3 * PIXELS;
  const size = files.reduce((sum, bytes) => sum + bytes.length / record, 0);
  const values = sharedBytes(size * 3 * PIXELS);
  const labels = columns.map(() => new Int32Array(size));
  let sample = 0;
  for (const bytes of files) {
    for (let start = 0; start < bytes.length; start += record, sample++) {
      for (let at = 0; at < columns.length; at++) labels[at][sample] = bytes[start + at];
      interleave(
        bytes.subarray(start + columns.length, start + record),
        values.subarray(sample * 3 * PIXELS, (sample + 1) * 3 * PIXELS),
      );
    }
  }
  const factors: Factor[] = columns.map((column, at) => categorical(column.name, labels[at], column.classes));
  return storedDataSet(name, { kind: 'bytes', size, shape: [32, 32, 3], values }, factors);
};

/** CIFAR, binary version: images [32, 32, 3], factor `label`, for CIFAR-100 (fine label) also `coarse`. */
export const loadCifar = async (
  spec: Extract<DataSpec, { kind: 'cifar-10' | 'cifar-100' }>,
  baseDirectory: string,
): Promise<Splits> => {
  const columns = LABELS[spec.kind];
  const at = (paths: readonly string[]) => paths.map((path) => resolve(baseDirectory, path));
  return {
    train: await loadSplit('train', at(spec.train), columns),
    test: await loadSplit('test', at(spec.test), columns),
  };
};
