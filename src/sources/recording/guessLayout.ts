import type { LayoutSpec } from '../../experiment/index.ts';
import { inputFault, shown } from '../../protocol/index.ts';
import { LABEL, namesChunk, namesLayer, namesSample, roleOf } from './arrayRoles.ts';
import { guessAxes } from './guessAxes.ts';
import { knownLayout, type Looked } from './knownLayouts.ts';
import { namePattern, type Placeholder } from './namePattern.ts';
import { isSixteenBits } from './recordedArray.ts';
import { HOLDS_ARRAYS, type RecordedFiles } from './recordedFiles.ts';

/** A layout with nothing left out that matters. */
export type CompleteLayout = LayoutSpec & Required<Pick<LayoutSpec, 'arrays' | 'axes'>>;

/** A layout that was found, and what was assumed for it. */
export interface Guess {
  readonly layout: CompleteLayout;
  readonly assumed: readonly string[];
}

/** Arrays of a file that may be activations: how many axes they have, and how long these are. */
type Shapes = ReadonlyMap<string, readonly number[]>;

/** Files that are compared: the axes that differ between samples are found among as many. */
const COMPARED = 12;

/**
 * Completes a layout from the names and shapes of files and arrays.
 * @param samples how many there are, if labels say so; null if nothing does.
 * @throws Fault (input) for what names and shapes leave open, with the key that decides it.
 */
export const guessLayout = async (
  files: RecordedFiles,
  given: LayoutSpec,
  samples: number | null,
): Promise<Guess> => {
  const candidates = candidateFiles(files, given);
  const looked = await lookAt(files, candidates[0]);
  const known = Object.keys(given).length === 0 ? knownLayout(looked) : null;
  if (known !== null) {
    return { layout: known.layout as CompleteLayout, assumed: [`the layout is that of ${known.writer}`] };
  }
  const compared = await compare(files, candidates);
  const filePattern =
    given.files ?? (files.isFolder ? guessFiles(files, candidates, compared, samples) : undefined);
  const inFiles = filePattern === undefined ? [] : namePattern(filePattern, '/layout/files').placeholders;
  const arrays = given.arrays ?? guessArrays(looked, compared[0], inFiles, samples);
  checkBits(looked, compared[0], given);
  const named = [...inFiles, ...namePattern(arrays, '/layout/arrays').placeholders];
  const chosen = compared.map((shapes) => matching(shapes, arrays));
  const mask = given.mask ?? guessMask(looked);
  const counted = mask ?? tokensIn(looked);
  const maskShape = counted === undefined ? undefined : looked.tensors.get(counted)?.shape;
  const guessed =
    given.axes === undefined
      ? guessAxes({ shapes: chosen, named, samples, mask: maskShape, path: looked.path })
      : { axes: given.axes, assumed: [] };
  const hasTokens = guessed.axes.includes('token');
  return {
    layout: {
      ...given,
      ...(filePattern === undefined ? {} : { files: filePattern }),
      arrays,
      axes: [...guessed.axes],
      ...(hasTokens && mask !== undefined ? { mask } : {}),
    },
    assumed: [...guessed.assumed, ...(hasTokens && mask === undefined ? [PADDING] : [])],
  };
};

const PADDING = 'there is no mask: if tokens are padded, padding counts';

/** The files that may have activations: those of the pattern, or with arrays in them and no labels. */
const candidateFiles = (files: RecordedFiles, given: LayoutSpec): string[] => {
  if (!files.isFolder) return [...files.names];
  const pattern = given.files === undefined ? null : namePattern(given.files, '/layout/files');
  const found = files.names.filter((name) =>
    pattern === null
      ? HOLDS_ARRAYS.test(name) && !LABEL.test(name.replace(/\.\w+$/, ''))
      : pattern.match(name) !== null,
  );
  if (found.length > 0) return found;
  throw inputFault(
    pattern === null ? 'has no file with arrays' : `has no file with a name like ${shown(given.files!)}`,
    files.path,
    'Give a folder of .npy, .npz, .pt, .safetensors or .h5 files, or correct "files" of the layout',
  );
};

const lookAt = async (files: RecordedFiles, name: string): Promise<Looked & { readonly path: string }> => {
  const { path, tensors, metadata, format } = await files.open(name);
  return { path, names: files.names, isFolder: files.isFolder, name, tensors, metadata, format };
};

/** The shapes of activations in some of the files: the first and the last ones, and some between. */
const compare = async (files: RecordedFiles, names: readonly string[]): Promise<Shapes[]> => {
  const step = Math.max(1, Math.floor((names.length - 1) / (COMPARED - 1)));
  const chosen = names.filter((_, at) => at % step === 0 || at === names.length - 1);
  const compared: Shapes[] = [];
  for (const name of chosen) {
    const { tensors } = await files.open(name);
    compared.push(
      new Map(
        [...tensors.values()]
          .filter((entry) => roleOf(entry) === 'activations')
          .map((entry) => [entry.name, entry.shape]),
      ),
    );
  }
  if (compared.some((shapes) => shapes.size > 0)) return compared;
  throw inputFault(
    'has no array of activations: floating-point numbers with an axis of dimensions',
    files.path,
    'Save the activations of each layer, samples x dimensions',
  );
};

const matching = (shapes: Shapes, pattern: string): Shapes => {
  const { match } = namePattern(pattern, '/layout/arrays');
  return new Map([...shapes].filter(([name]) => match(name) !== null));
};

/** Sixteen-bit integers are bits of floating-point numbers, of a kind that nothing says. */
const checkBits = (
  { tensors, path }: Looked & { readonly path: string },
  shapes: Shapes,
  { bits }: LayoutSpec,
): void => {
  if (bits !== undefined) return;
  const name = [...shapes.keys()].find((each) => isSixteenBits(tensors.get(each)?.dtype ?? ''));
  if (name === undefined) return;
  throw inputFault(
    'holds 16-bit integers, which are the bits of floating-point numbers',
    `${path}, array ${shown(name)}`,
    'Set "bits" of the layout to float16 or bfloat16',
  );
};

/** A mask beside activations in the same file. */
const guessMask = ({ tensors }: Looked): string | undefined => {
  const masks = [...tensors.values()].filter((entry) => roleOf(entry) === 'mask');
  return masks.length === 1 ? masks[0].name : undefined;
};

/** The tokens themselves, samples x tokens, which tell the axes apart as a mask does. */
const tokensIn = ({ tensors }: Looked): string | undefined =>
  [...tensors.values()].find((entry) => roleOf(entry) === 'tokens' && entry.shape.length === 2)?.name;

/** A number, or what splits are called, in a name. */
const VARYING = /\d+|(?<=^|[._/-])(?:train|training|valid|validation|val|dev|test)(?=$|[._/-])/g;

/** The pieces of a name that may differ, and what is between them. */
interface Pieces {
  readonly literals: readonly string[];
  readonly varying: readonly string[];
}

const piecesOf = (name: string): Pieces => ({
  literals: name.split(VARYING),
  varying: [...name.matchAll(VARYING)].map(([piece]) => piece),
});

/** The pattern of names that differ in numbers and splits only, each of another meaning; null for others. */
const numbered = (
  names: readonly string[],
  roleOfGap: (before: string, values: readonly string[]) => Placeholder | null,
): string | null => {
  const all = names.map(piecesOf);
  const [{ literals }] = all;
  const fits = all.every((pieces) => pieces.literals.join('\0') === literals.join('\0'));
  if (!fits) return null;
  let text = literals[0];
  const used = new Set<Placeholder>();
  for (let at = 0; at < literals.length - 1; at++) {
    const values = all.map(({ varying }) => varying[at]);
    const isSame = values.every((value) => value === values[0]);
    const isSplit = values.every((value) => /^[a-z]/i.test(value));
    if (!isSame && /-of-$/.test(text)) {
      // How many parts there are, which differs between splits.
      text += `*${literals[at + 1]}`;
      continue;
    }
    const role = isSame ? null : isSplit ? 'split' : roleOfGap(text, values);
    if (!isSame && (role === null || used.has(role))) return null;
    if (role !== null) used.add(role);
    // Of conv1 and conv2, the layers are called that, not 1 and 2.
    if (role === 'layer') text = text.slice(0, startOfWord(text));
    text += `${role === null ? values[0] : `{${role}}`}${literals[at + 1]}`;
  }
  return text;
};

/** The pattern of names that share their beginning and end, up to a separator, around one placeholder. */
const around = (names: readonly string[], placeholder: Placeholder): string => {
  const first = names[0];
  const isShared = (length: number, part: (name: string) => string) =>
    names.every((name) => name.length > length && part(name) === part(first));
  let before = 0;
  for (let at = 1; at < first.length && isShared(at, (name) => name.slice(0, at)); at++) {
    if (/[._/:-]/.test(first[at - 1])) before = at;
  }
  let after = 0;
  for (let at = 1; before + at < first.length && isShared(before + at, (name) => name.slice(-at)); at++) {
    if (/[._/:-]/.test(first[first.length - at])) after = at;
  }
  return `${first.slice(0, before)}{${placeholder}}${after === 0 ? '' : first.slice(-after)}`;
};

const FILES_OPEN =
  'Set "files" of the layout, such as layer_{layer}.pt, with {layer}, {sample}, {chunk} or {split} where names differ';

/** What differs between the files of a folder. @throws Fault (input) if that could be several things. */
const guessFiles = (
  { path }: RecordedFiles,
  names: readonly string[],
  compared: readonly Shapes[],
  samples: number | null,
): string => {
  if (names.length === 1) return names[0];
  const role = roleOfFiles(names.length, compared, samples);
  const pattern = numbered(names, (before, values) => {
    if (namesLayer(lastWord(before))) return 'layer';
    if (namesChunk(before)) return 'chunk';
    if (namesSample(before)) return 'sample';
    return new Set(values).size === names.length || role === 'layer' ? role : null;
  });
  if (pattern !== null) return pattern;
  const isPlain = compared.every((shapes) => [...shapes.values()].every(({ length }) => length === 2));
  if (role === 'sample' || (role === 'layer' && isPlain)) return around(names, role);
  throw inputFault(
    `has ${names.length} files with arrays, such as ${shown(names[0])}, which may be layers, samples or parts of the samples`,
    path,
    FILES_OPEN,
  );
};

/** The letters before a number, with the separator between them. */
const lastWord = (before: string): string => {
  const end = /[._/-]$/.test(before) ? before.length - 1 : before.length;
  return before.slice(startOfWord(before.slice(0, end)));
};

/** Where the letters at the end of a text begin. */
const startOfWord = (text: string): number => {
  let at = text.length;
  while (at > 0 && /[a-z]/i.test(text[at - 1])) at--;
  return at;
};

/** What one file is, by the shapes in it; null if that is open. */
const roleOfFiles = (
  count: number,
  compared: readonly Shapes[],
  samples: number | null,
): 'layer' | 'sample' | 'chunk' | null => {
  const shapes = compared.flatMap((each) => [...each.values()]);
  if (shapes.every((shape) => shape.filter((extent) => extent > 1).length <= 1)) return 'sample';
  const singles = compared.every((each) => each.size === 1);
  const first = shapes.map(([extent]) => extent);
  const widths = new Set(shapes.map((shape) => shape[shape.length - 1]));
  const sameFirst = first.every((extent) => extent === first[0]);
  if (samples !== null) {
    if (sameFirst && first[0] === samples && samples !== count) return 'layer';
    if (samples === count && !(sameFirst && first[0] === samples)) return 'sample';
    return samples > first[0] ? 'chunk' : null;
  }
  return singles && sameFirst && widths.size > 1 ? 'layer' : null;
};

/** The arrays of a file with activations. @throws Fault (input) if their names could mean several things. */
const guessArrays = (
  { path, format, tensors }: Looked & { readonly path: string },
  shapes: Shapes,
  inFiles: readonly Placeholder[],
  samples: number | null,
): string => {
  const names = [...shapes.keys()];
  if (names.length === 1) return tensors.size === 1 ? '*' : names[0];
  const role = roleOfArrays(names, [...shapes.values()], { inFiles, samples, format });
  if (role === null) {
    throw inputFault(
      `has ${names.length} arrays, such as ${shown(names[0])}, which may be layers or samples`,
      path,
      'Set "arrays" of the layout, such as {layer} or {sample}',
    );
  }
  return numbered(names, () => role) ?? around(names, role);
};

const roleOfArrays = (
  names: readonly string[],
  shapes: readonly (readonly number[])[],
  known: {
    readonly inFiles: readonly Placeholder[];
    readonly samples: number | null;
    readonly format: string;
  },
): 'layer' | 'sample' | null => {
  const { inFiles, samples, format } = known;
  if (inFiles.includes('layer')) return 'sample';
  if (inFiles.includes('sample')) return 'layer';
  const first = shapes.map(([extent]) => extent);
  const sameFirst = first.every((extent) => extent === first[0]);
  if (samples !== null) {
    const mayBeLayers = first.every((extent) => extent === samples);
    const mayBeSamples = names.length === samples;
    if (mayBeLayers !== mayBeSamples) return mayBeLayers ? 'layer' : 'sample';
    if (mayBeLayers) return null;
  }
  if (shapes.every(({ length }) => length === 1)) return 'sample';
  if (!sameFirst) return null;
  // Samples have as many dimensions each.
  if (shapes.some((shape) => shape[shape.length - 1] !== shapes[0][shapes[0].length - 1])) return 'layer';
  const isNumbers = names.every((name) => /^\d+$/.test(name));
  // A tuple of PyTorch has the layers of one model; data sets of HDF5 are often one a sentence.
  return (isNumbers ? format === 'PyTorch' : names.some(namesLayer)) ? 'layer' : null;
};
