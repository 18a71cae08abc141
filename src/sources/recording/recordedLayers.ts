import { basename } from 'node:path';
import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import type { Axis, TokenPooling } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { arraysOf, filesOf, type Layout, type NamedFile } from './layout.ts';
import { type RecordedArray, recordedArray } from './recordedArray.ts';
import type { RecordedFiles } from './recordedFiles.ts';
import { arrayStack, chunkedStack, framesStack, type Stack, sampleStack } from './stack.ts';
import { lengthsOf, maskOf } from './tokenCounts.ts';

/** One layer: its rows for any range of samples. */
export interface RecordedLayer {
  readonly name: string;
  /** Names it in messages: a file and an array. */
  readonly where: string;
  readonly dimensions: number;
  /** As in the analysis. */
  readonly pooling: string;
  /** Elements that are read for one sample. */
  readonly elementsPerSample: number;
  rows(begin: number, end: number): Promise<Float32Array>;
  /** [samples, views, dimensions]. */
  readonly views: RecordedArray | null;
  /** The same of other samples, with more views of each, for LiDAR. */
  readonly objects: RecordedArray | null;
}

/** The layers of a recording, and what the names of its files say about samples. */
export interface RecordedLayers {
  readonly samples: number;
  readonly layers: readonly RecordedLayer[];
  /** If each sample has a file or an array. */
  readonly sampleNames: readonly string[] | null;
  /** If names have splits: the split of each sample. */
  readonly splitNames: readonly string[] | null;
}

/** Samples that are one after the other, with the split that their name says. */
interface Part {
  readonly stack: Stack;
  readonly array: string;
  readonly where: string;
  readonly split: string | undefined;
}

/** The parts of a layer, or of all of them where the layers are an axis. */
interface Placed {
  readonly key: string | null;
  readonly parts: readonly Part[];
  readonly sampleNames: readonly string[] | null;
}

/** The layers that a layout finds in files. @throws Fault (input) for arrays that do not fit it, or each other. */
export const layersIn = async (
  files: RecordedFiles,
  layout: Layout,
  poolings: readonly TokenPooling[],
): Promise<RecordedLayers> => {
  const named = filesOf(files, layout);
  const placed = layout.files?.placeholders.includes('sample')
    ? await fileOfEachSample(files, layout, named)
    : await filesOfSamples(files, layout, named);
  const stacks = placed.map(({ key, parts }) => ({ key, where: parts[0].where, stack: joined(parts) }));
  const samples = stacks[0].stack.samples;
  for (const { where, stack } of stacks) {
    if (stack.samples === samples) continue;
    throw inputFault(
      `has ${stack.samples} samples beside ${samples} in ${stacks[0].where}`,
      where,
      'Record the same samples at every layer, or correct "layout"',
    );
  }
  const [first] = placed;
  const only = layout.axes.includes('layer') ? null : nameOfOnly(files, first);
  // One split for all samples splits nothing.
  const hasSplits = new Set(first.parts.map(({ split }) => split)).size > 1;
  return {
    samples,
    layers: stacks.flatMap(({ key, where, stack }) =>
      layersOfStack(namesOf(key ?? only, stack, layout), where, stack, poolings),
    ),
    sampleNames: first.sampleNames,
    splitNames: hasSplits
      ? first.parts.flatMap(({ stack, split }) => new Array<string>(stack.samples).fill(split!))
      : null,
  };
};

/** What a layer is called that nothing names: as its array, or as the file or folder where that says nothing. */
const nameOfOnly = ({ path }: RecordedFiles, { parts }: Placed): string =>
  parts.length === 1 && parts[0].array !== BARE ? parts[0].array : basename(path).replace(/\.\w+$/, '');

/** The name of an array that torch.save was given alone. */
const BARE = 'tensor';

/** The layers of a stack: one of this name, or those along its axis. */
const namesOf = (key: string | null, { layers }: Stack, { layerNames }: Layout): string[] => {
  if (key !== null) return [key];
  if (layerNames === undefined) return Array.from({ length: layers }, (_, at) => String(at));
  if (layerNames.length === layers) return [...layerNames];
  throw inputFault(
    `has ${layerNames.length} names of ${layers} layers`,
    '/layout/layerNames',
    'Name every layer along the axis, or leave the names out',
  );
};

const layersOfStack = (
  names: readonly string[],
  where: string,
  stack: Stack,
  poolings: readonly TokenPooling[],
): RecordedLayer[] => {
  const { dimensions, elementsPerSample, hasTokens } = stack;
  const used = hasTokens ? poolings : poolings.slice(0, 1);
  return names.flatMap((name, at) =>
    used.map(
      (pooling): RecordedLayer => ({
        name: used.length === 1 ? name : `${name}:${pooling}`,
        where: names.length === 1 ? where : `${where}, layer ${name}`,
        dimensions,
        pooling: hasTokens ? POOLING_WORDS[pooling] : 'none',
        elementsPerSample,
        rows: (begin, end) => stack.rows(at, pooling, begin, end),
        views: null,
        objects: null,
      }),
    ),
  );
};

/** How a layer was pooled, in the words of an analysis. */
export const POOLING_WORDS: Readonly<Record<TokenPooling, string>> = {
  mean: 'mean of the tokens',
  first: 'first token',
  last: 'last token',
  max: 'maximum of the tokens',
};

/** @throws Fault (input) for parts with other layers or dimensions than the first. */
const joined = (parts: readonly Part[]): Stack => {
  const [{ stack: first, where: firstPlace }] = parts;
  for (const { stack, where } of parts) {
    if (stack.layers === first.layers && stack.dimensions === first.dimensions) continue;
    throw inputFault(
      `has ${stack.layers} x ${stack.dimensions} layers and dimensions beside ${first.layers} x ${first.dimensions} in ${firstPlace}`,
      where,
      'Leave the file out, or correct "layout"',
    );
  }
  return chunkedStack(parts.map(({ stack }) => stack));
};

/** Where each sample has a file: the arrays are those of the first one. */
const fileOfEachSample = async (
  files: RecordedFiles,
  layout: Layout,
  named: readonly NamedFile[],
): Promise<Placed[]> => {
  const placed: Placed[] = [];
  for (const [fileLayer, own] of byLayer(named)) {
    const checkpoint = await files.open(own[0].name);
    for (const { name, parts } of arraysOf(checkpoint, layout)) {
      const first = arrayIn(files, own[0].name, checkpoint, name, layout);
      const stack = sampleStack(own.length, first, layout.axes, async (sample) => {
        const opened = await files.open(own[sample].name);
        const array = arrayIn(files, own[sample].name, opened, name, layout);
        const mask = await maskOf(files, own[sample].name, opened, layout);
        return { array, mask: mask === null ? null : await mask(0, 1) };
      });
      placed.push({
        key: fileLayer ?? parts.layer ?? null,
        parts: [{ stack, array: name, where: first.where, split: undefined }],
        sampleNames: own.map((file) => file.parts.sample!),
      });
    }
  }
  return placed;
};

/** Where a file has many samples: as an axis, an array each, or one after the other. */
const filesOfSamples = async (
  files: RecordedFiles,
  layout: Layout,
  named: readonly NamedFile[],
): Promise<Placed[]> => {
  const byKey = new Map<string | null, { parts: Part[]; sampleNames: string[] | null }>();
  for (const file of named) {
    const checkpoint = await files.open(file.name);
    const arrays = arraysOf(checkpoint, layout);
    const groups = layout.arrays.placeholders.includes('sample')
      ? [...byLayer(arrays)].map(([key, own]) => ({ key, own }))
      : arrays.map((array) => ({ key: array.parts.layer ?? null, own: [array] }));
    for (const { key, own } of groups) {
      const place = file.parts.layer ?? key;
      const known = byKey.get(place) ?? { parts: [], sampleNames: null };
      byKey.set(place, known);
      const stack = await stackOf(
        files,
        file,
        checkpoint,
        own.map(({ name }) => name),
        layout,
      );
      const split = file.parts.split ?? own[0].parts.split;
      const [{ name: array }] = own;
      known.parts.push({ stack, array, where: `${checkpoint.path}, array ${shown(array)}`, split });
      if (own[0].parts.sample !== undefined) {
        known.sampleNames = [...(known.sampleNames ?? []), ...own.map(({ parts }) => parts.sample!)];
      }
    }
  }
  const placed = [...byKey].map(([key, own]) => ({ key, ...own }));
  const [{ parts: first }] = placed;
  const odd = placed.find(({ parts }) => parts.length !== first.length);
  if (odd === undefined) return placed;
  throw inputFault(
    `layer ${shown(odd.key ?? '')} has ${odd.parts.length} files or arrays beside ${first.length} of layer ${shown(placed[0].key ?? '')}`,
    files.path,
    'Record every layer for all samples, or correct "layout"',
  );
};

/** The samples of a file: an array with an axis of them, an array each, or frames one after the other. */
const stackOf = async (
  files: RecordedFiles,
  file: NamedFile,
  checkpoint: Checkpoint,
  names: readonly string[],
  layout: Layout,
): Promise<Stack> => {
  const { axes } = layout;
  const first = arrayIn(files, file.name, checkpoint, names[0], layout);
  if (layout.lengths !== null) {
    return framesStack(first, await lengthsOf(files, file, layout.lengths, first));
  }
  if (axes.includes('sample')) {
    return arrayStack(first, axes, await maskOf(files, file.name, checkpoint, layout));
  }
  return sampleStack(names.length, first, axes, async (sample) => {
    const opened = await files.open(file.name);
    return { array: arrayIn(files, file.name, opened, names[sample], layout), mask: null };
  });
};

const byLayer = <T extends { readonly parts: { readonly layer?: string } }>(
  named: readonly T[],
): Map<string | null, T[]> => {
  const groups = new Map<string | null, T[]>();
  for (const each of named) {
    const key = each.parts.layer ?? null;
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [each]);
    else own.push(each);
  }
  return groups;
};

/** An array that has the axes of the layout. */
const arrayIn = (
  files: RecordedFiles,
  file: string,
  checkpoint: Checkpoint,
  name: string,
  { axes, bits }: Layout,
): RecordedArray => {
  const entry = checkpoint.tensors.get(name);
  if (entry === undefined) {
    throw inputFault(
      `has no array ${shown(name)}, which the first file has`,
      checkpoint.path,
      'Record the same arrays for every sample, or correct "layout"',
    );
  }
  const array = recordedArray(files.file(file), entry, bits);
  checkShape(array, entry, axes);
  return array;
};

const checkShape = ({ where }: RecordedArray, { shape }: TensorEntry, axes: readonly Axis[]): void => {
  if (shape.length === axes.length && shape.every((extent) => extent > 0)) return;
  throw inputFault(
    `has the shape [${shape.join(', ')}] in place of ${axes.join(' x ')}`,
    where,
    'Correct "layout", or record the array again',
  );
};
