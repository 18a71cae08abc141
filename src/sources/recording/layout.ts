import type { Checkpoint } from '../../checkpoint/index.ts';
import type { Axis, LayoutSpec } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { roleOf } from './arrayRoles.ts';
import { byNumber, type NameParts, type NamePattern, namePattern, type Placeholder } from './namePattern.ts';
import type { Bits } from './recordedArray.ts';
import type { RecordedFiles } from './recordedFiles.ts';

/** How activations are arranged, with everything that matters decided. */
export interface Layout {
  /** Null for a recording in one file. */
  readonly files: NamePattern | null;
  readonly arrays: NamePattern;
  readonly axes: readonly Axis[];
  readonly mask: string | null;
  readonly lengths: string | null;
  readonly bits?: Bits;
  readonly layerNames?: readonly string[];
}

/** The layout that a complete specification describes. @throws Fault (input) for one that contradicts itself. */
export const layoutOf = (spec: LayoutSpec & Required<Pick<LayoutSpec, 'arrays' | 'axes'>>): Layout => {
  const { axes, bits, layerNames } = spec;
  const files = spec.files === undefined ? null : namePattern(spec.files, '/layout/files');
  const arrays = namePattern(spec.arrays, '/layout/arrays');
  const named = [...(files?.placeholders ?? []), ...arrays.placeholders];
  checkAxes(axes, named, spec.lengths !== undefined);
  return {
    files,
    arrays,
    axes,
    mask: spec.mask ?? null,
    lengths: spec.lengths ?? null,
    ...(bits === undefined ? {} : { bits }),
    ...(layerNames === undefined ? {} : { layerNames }),
  };
};

const checkAxes = (axes: readonly Axis[], named: readonly Placeholder[], hasLengths: boolean): void => {
  const refuse = (what: string, remedy: string) => inputFault(what, '/layout/axes', remedy);
  const count = (axis: Axis): number => axes.filter((other) => other === axis).length;
  if (count('dimension') !== 1) {
    throw refuse(`has ${count('dimension')} axes "dimension"`, 'Name the axis of the vector, once');
  }
  for (const axis of ['sample', 'layer'] as const) {
    const times = count(axis) + named.filter((name) => name === axis).length;
    if (times > 1) {
      throw refuse(
        `the ${axis}s are both an axis and in names, or twice in one`,
        `Name {${axis}} or the axis, once`,
      );
    }
  }
  const hasSamples = axes.includes('sample') || named.includes('sample');
  if (hasSamples === hasLengths) {
    throw refuse(
      hasSamples ? 'there are samples beside lengths' : 'nothing says where one sample ends',
      hasSamples
        ? 'Leave "lengths" out, or the axis "sample"'
        : 'Name the axis "sample", {sample} in files or arrays, or "lengths"',
    );
  }
};

/** A file of a recording, with what its name says. */
export interface NamedFile {
  readonly name: string;
  readonly parts: NameParts;
}

const SPLIT_ORDER = ['train', 'training', 'validation', 'valid', 'val', 'dev', 'test', 'testing', 'eval'];
const splitRank = (split: string | undefined): number => {
  const at = SPLIT_ORDER.indexOf((split ?? '').toLowerCase());
  return at < 0 ? SPLIT_ORDER.length : at;
};

/** Names in the order of their samples: splits, then chunks, then the rest, each by number. */
const inOrder = <T extends { readonly parts: NameParts }>(named: readonly T[]): T[] =>
  [...named].sort(
    ({ parts: a }, { parts: b }) =>
      splitRank(a.split) - splitRank(b.split) ||
      byNumber(a.split ?? '', b.split ?? '') ||
      byNumber(a.chunk ?? '', b.chunk ?? '') ||
      byNumber(a.sample ?? '', b.sample ?? ''),
  );

/** The files that a layout names, in the order of their samples. @throws Fault (input) if there is none. */
export const filesOf = (files: RecordedFiles, { files: pattern }: Layout): NamedFile[] => {
  if (pattern === null) return [{ name: files.names[0], parts: {} }];
  const found = files.names.flatMap((name) => {
    const parts = pattern.match(name);
    return parts === null ? [] : [{ name, parts }];
  });
  if (found.length > 0) return inOrder(found);
  throw inputFault(
    `no file of ${shown(files.path)} has a name like ${shown(pattern.text)}`,
    '/layout/files',
    files.names.length === 0 ? 'Choose another folder' : `One of them is ${shown(files.names[0])}`,
  );
};

/** An array of a file, with what its name says. */
export interface NamedArray {
  readonly name: string;
  readonly parts: NameParts;
}

/**
 * The arrays of a file that a layout names, in the order of the layers or of the samples. Others of that name that have another
 * number of axes, or are labels, masks and the like, are left alone.
 * @throws Fault (input) if there is none.
 */
export const arraysOf = ({ path, format, tensors }: Checkpoint, { arrays, axes }: Layout): NamedArray[] => {
  const all = [...tensors.values()].flatMap((entry) => {
    const parts = arrays.match(entry.name);
    return parts === null ? [] : [{ name: entry.name, parts, entry }];
  });
  const fitting = all.filter(({ entry }) => entry.shape.length === axes.length);
  const wanted = fitting.filter(({ entry }) => roleOf(entry) === 'activations');
  const found = wanted.length > 0 ? wanted : fitting.length > 0 ? fitting : all;
  if (found.length === 0) {
    const [first] = tensors.keys();
    throw inputFault(
      `no array of ${shown(path)} has a name like ${shown(arrays.text)}`,
      '/layout/arrays',
      first === undefined ? 'Choose another file' : `One of them is ${shown(first)}`,
    );
  }
  if (!arrays.placeholders.includes('layer')) return inOrder(found);
  return ORDERED.has(format) ? found : [...found].sort((a, b) => byDepth(a.name, b.name));
};

/** Formats that keep the order in which arrays were saved. */
const ORDERED: ReadonlySet<string> = new Set(['PyTorch', 'NumPy archive']);

/** By number; what has none is before or behind the numbered layers, as its name says. */
const byDepth = (a: string, b: string): number => depthOf(a) - depthOf(b) || byNumber(a, b);

const depthOf = (name: string): number => {
  if (/\d/.test(name)) return 1;
  return /embed|input|stem|patch/i.test(name) ? 0 : 2;
};
