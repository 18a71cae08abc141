import type { Checkpoint } from '../../checkpoint/index.ts';
import { readInput } from '../../data/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import type { Layout, NamedFile } from './layout.ts';
import { filledIn } from './namePattern.ts';
import { type RecordedArray, recordedArray } from './recordedArray.ts';
import type { RecordedFiles } from './recordedFiles.ts';
import type { ReadMask } from './stack.ts';

/**
 * The mask of the samples in a file: its array, or the only array of another file of that name. Of a file with one sample it may
 * have no axis of samples.
 * @throws Fault (input) for a mask that is not there.
 */
export const maskOf = async (
  files: RecordedFiles,
  file: string,
  checkpoint: Checkpoint,
  { mask: name }: Layout,
): Promise<ReadMask | null> => {
  if (name === null) return null;
  const beside = files.names.includes(name) || !files.isFolder ? name : null;
  let entry = checkpoint.tensors.get(name);
  let array = entry && recordedArray(files.file(file), entry);
  if (entry === undefined && beside !== null && /\.\w+$/.test(name)) {
    const other = await files.open(name);
    entry = [...other.tensors.values()][0];
    array = entry && recordedArray(files.file(name), entry);
  }
  if (array === undefined) {
    throw inputFault(
      `has no array ${shown(name)}`,
      checkpoint.path,
      'Correct "mask" of the layout, or leave it out',
    );
  }
  const { shape, values } = array;
  const width = shape.length === 1 ? shape[0] : shape[1];
  return (begin, end) => values(begin * width, end * width);
};

/**
 * How many tokens each sample has, from a file with a number a line.
 * @throws Fault (input) for lines that are no counts, or that do not add up to the tokens of the array.
 */
export const lengthsOf = async (
  files: RecordedFiles,
  { parts }: NamedFile,
  pattern: string,
  { shape, where }: RecordedArray,
): Promise<Int32Array> => {
  const path = files.pathOf(filledIn(pattern, parts));
  const lines = new TextDecoder().decode(await readInput(path)).split('\n');
  const lengths: number[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const length = Number(line);
    if (!Number.isInteger(length) || length < 1) {
      throw inputFault(
        `has ${shown(line.trim())} in place of a number of tokens`,
        `${path}, line ${at + 1}`,
        'Write one number a line',
      );
    }
    lengths.push(length);
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total === shape[0]) return Int32Array.from(lengths);
  throw inputFault(
    `says ${total} tokens beside ${shape[0]} in ${where}`,
    path,
    'Use the lengths that were written with the array',
  );
};
