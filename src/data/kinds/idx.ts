import { resolve } from 'node:path';
import type { DataSpec } from '../../experiment/index.ts';
import { inputFault } from '../../protocol/index.ts';
import { categorical, numberedClasses } from '../factors.ts';
import { readMaybeGzipped } from '../inputFile.ts';
import { sharedBytes } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import type { Splits } from './splits.ts';

interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const REMEDY = 'Use MNIST-style IDX files of unsigned bytes, complete';

/**
 * Parses an IDX file of unsigned bytes with the given number of dimensions: a big-endian magic 0x0000 08 dd, dd
 * extents of 32 bits, then the values row-major and nothing else.
 */
const parseIdx = (bytes: Uint8Array, dimensions: 1 | 3, path: string): IdxArray => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < headerLength) {
    throw inputFault(
      `is cut off in its header of ${headerLength} bytes`,
      `${path}, byte ${bytes.length}`,
      REMEDY,
    );
  }
  const magic = view.getUint32(0);
  if (magic !== 0x0800 + dimensions) {
    const hex = (word: number) => `0x${word.toString(16).padStart(8, '0')}`;
    throw inputFault(`starts with ${hex(magic)}, not ${hex(0x0800 + dimensions)}`, `${path}, byte 0`, REMEDY);
  }
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const expected = headerLength + shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== expected) {
    const [what, offset] =
      bytes.length < expected
        ? [`is cut off; ${shape.join(' x ')} values take ${expected} bytes`, bytes.length]
        : [`continues after its ${shape.join(' x ')} values`, expected];
    throw inputFault(what, `${path}, byte ${offset}`, REMEDY);
  }
  return { shape, values: bytes.subarray(headerLength) };
};

export interface LabelledImages {
  readonly images: IdxArray;
  readonly labels: Uint8Array;
}

/** A pair of IDX files whose counts agree. */
export const readIdxPair = async (imagePath: string, labelPath: string): Promise<LabelledImages> => {
  const images = parseIdx(await readMaybeGzipped(imagePath), 3, imagePath);
  const labels = parseIdx(await readMaybeGzipped(labelPath), 1, labelPath).values;
  if (images.values.length === 0) throw inputFault('holds no images', imagePath, REMEDY);
  if (labels.length !== images.shape[0]) {
    throw inputFault(
      `has ${labels.length} labels for the ${images.shape[0]} images of ${imagePath}`,
      labelPath,
      'Use the two files of one split',
    );
  }
  return { images, labels };
};

const checkClasses = (labels: Uint8Array, classes: readonly string[], path: string): void => {
  const wrong = labels.findIndex((label) => label >= classes.length);
  if (wrong === -1) return;
  throw inputFault(
    `sample ${wrong} has the label ${labels[wrong]}, but there are ${classes.length} class names`,
    path,
    'Complete /data/classes',
  );
};

const toDataSet = (name: string, pair: LabelledImages, classes: readonly string[]): StoredDataSet => {
  const [size, height, width] = pair.images.shape;
  const values = sharedBytes(pair.images.values.length);
  values.set(pair.images.values);
  return storedDataSet(name, { kind: 'bytes', size, shape: [height, width, 1], values }, [
    categorical('label', Int32Array.from(pair.labels), classes),
  ]);
};

/** MNIST-style data: images [height, width, 1] and the factor `label`. */
export const loadIdx = async (
  spec: Extract<DataSpec, { kind: 'idx' }>,
  baseDirectory: string,
): Promise<Splits> => {
  const at = (path: string) => resolve(baseDirectory, path);
  const train = await readIdxPair(at(spec.trainImages), at(spec.trainLabels));
  const test = await readIdxPair(at(spec.testImages), at(spec.testLabels));
  const classes = spec.classes ?? numberedClasses(train.labels, test.labels);
  checkClasses(train.labels, classes, at(spec.trainLabels));
  checkClasses(test.labels, classes, at(spec.testLabels));
  return { train: toDataSet('train', train, classes), test: toDataSet('test', test, classes) };
};
