import type { Checkpoint, TensorEntry } from '../../checkpoint/index.ts';
import type { LayoutSpec } from '../../experiment/index.ts';
import { LAYER_NAMES_KEY } from './containers/saev.ts';

/** What is recognised: the names of the files, and the arrays of one of them. */
export interface Looked {
  /** Relative to the folder; one name for a recording in one file. */
  readonly names: readonly string[];
  readonly isFolder: boolean;
  /** The file that was opened. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly format: Checkpoint['format'];
}

/** A layout that a program writes, and that its names give away. */
export interface KnownLayout {
  /** The program, as its users call it. */
  readonly writer: string;
  readonly layout: LayoutSpec;
}

type Recognise = (looked: Looked) => KnownLayout | null;

const numberOfAxes = (entry: TensorEntry | undefined): number => entry?.shape.length ?? 0;

/** `{request}.safetensors`: token_ids [T], and hidden_states with the tokens first or second. */
const vllm: Recognise = ({ tensors, isFolder }) => {
  const states = tensors.get('hidden_states');
  const tokens = tensors.get('token_ids');
  if (states === undefined || numberOfAxes(states) !== 3 || numberOfAxes(tokens) !== 1) return null;
  const [count] = tokens!.shape;
  const [first, second] = states.shape;
  if ((first === count) === (second === count)) return null;
  return {
    writer: 'vLLM',
    layout: {
      ...(isFolder ? { files: '{sample}.safetensors' } : {}),
      arrays: 'hidden_states',
      axes: first === count ? ['token', 'layer', 'dimension'] : ['layer', 'token', 'dimension'],
    },
  };
};

/** `feats` [N, L, D] beside the number of parameters, the loss or the mask. */
const platonic: Recognise = ({ tensors, metadata }) => {
  const isOurs = ['num_params', 'bpb', 'loss', 'mask'].some(
    (name) => tensors.has(name) || metadata.has(name),
  );
  if (numberOfAxes(tensors.get('feats')) !== 3 || !isOurs) return null;
  return { writer: 'platonic-rep', layout: { arrays: 'feats', axes: ['sample', 'layer', 'dimension'] } };
};

/** `NAME_layer_wise.npy` [N, L, D]. */
const honestLlama: Recognise = ({ name, tensors, isFolder }) => {
  if (isFolder || !/_layer_wise\.npy$/.test(name) || numberOfAxes([...tensors.values()][0]) !== 3)
    return null;
  return { writer: 'honest_llama', layout: { arrays: '*', axes: ['sample', 'layer', 'dimension'] } };
};

/** `{label}.pt`, one a sequence, with means, first tokens or all tokens by the number of the layer. */
const esm: Recognise = ({ tensors, metadata, isFolder }) => {
  if (!metadata.has('label')) return null;
  const kind = ['mean_representations', 'bos_representations', 'representations'].find((prefix) =>
    [...tensors.keys()].some((name) => name.startsWith(`${prefix}.`)),
  );
  if (kind === undefined || !isFolder) return null;
  return {
    writer: 'ESM extract.py',
    layout: {
      files: '{sample}.pt',
      arrays: `${kind}.{layer}`,
      axes: kind === 'representations' ? ['token', 'dimension'] : ['dimension'],
    },
  };
};

/** JSON lines; or data sets "0", "1", ... [L, T, D] beside the index of the sentences. */
const neurox: Recognise = ({ tensors, metadata, isFolder, format }) => {
  if (format === 'NeuroX' && !isFolder) {
    const layerNames = JSON.parse(metadata.get(LAYER_NAMES_KEY)!) as string[];
    return {
      writer: 'NeuroX',
      layout: { arrays: '{sample}', axes: ['layer', 'token', 'dimension'], layerNames },
    };
  }
  const hasIndex = tensors.has('sentence_to_index') || tensors.has('sentence_to_idx');
  if (!hasIndex || isFolder || numberOfAxes(tensors.get('0')) !== 3) return null;
  return { writer: 'NeuroX', layout: { arrays: '{sample}', axes: ['layer', 'token', 'dimension'] } };
};

/** `layer_{l}_{i}.pt`, parts of [N, D]. */
const geometryOfTruth: Recognise = ({ names, tensors, isFolder }) => {
  const own = names.filter((name) => /(?:^|\/)layer_\d+_\d+\.pt$/.test(name));
  if (!isFolder || own.length === 0 || numberOfAxes([...tensors.values()][0]) !== 2) return null;
  const [folder] = /^(?:.*\/)?/.exec(own[0])!;
  return {
    writer: 'geometry-of-truth',
    layout: { files: `${folder}layer_{layer}_{chunk}.pt`, arrays: '*', axes: ['sample', 'dimension'] },
  };
};

/** `consolidated_{layer}.npz`, an array for each stimulus. */
const net2brain: Recognise = ({ names, tensors, isFolder }) => {
  const own = names.filter((name) => /(?:^|\/)consolidated_/.test(name) && name.endsWith('.npz'));
  const [first] = tensors.values();
  if (!isFolder || own.length === 0 || first === undefined) return null;
  const [folder] = /^(?:.*\/)?/.exec(own[0])!;
  // An axis of extent 1 is the batch that each stimulus was.
  const shape = first.shape[0] === 1 && first.shape.length > 1 ? first.shape.slice(1) : first.shape;
  const batch = shape.length < first.shape.length ? (['token'] as const) : [];
  if (shape.length === 1) {
    return {
      writer: 'Net2Brain',
      layout: {
        files: `${folder}consolidated_{layer}.npz`,
        arrays: '{sample}',
        axes: [...batch, 'dimension'],
      },
    };
  }
  if (shape.length !== 3) return null;
  return {
    writer: 'Net2Brain',
    layout: {
      files: `${folder}consolidated_{layer}.npz`,
      arrays: '{sample}',
      axes: [...batch, 'dimension', 'token', 'token'],
    },
  };
};

/** `features_train.pt` [N, D], one for each split. */
const clipBenchmark: Recognise = ({ names, tensors, isFolder }) => {
  const own = names.find((name) => /(?:^|\/)features_(?:train|val|test)\.pt$/.test(name));
  if (!isFolder || own === undefined || numberOfAxes([...tensors.values()][0]) !== 2) return null;
  const [folder] = /^(?:.*\/)?/.exec(own)!;
  return {
    writer: 'CLIP_benchmark',
    layout: { files: `${folder}features_{split}.pt`, arrays: '*', axes: ['sample', 'dimension'] },
  };
};

/** `{split}_{rank}_{shards}.npy` with all frames, beside `.len` with those of each sample. */
const fairseq: Recognise = ({ names, name, tensors, isFolder }) => {
  const [shards, rank, split] = name
    .replace(/\.npy$/, '')
    .split('_')
    .reverse();
  const isNumbered = /^\d+$/.test(shards) && /^\d+$/.test(rank ?? '') && /[a-z]$/.test(split ?? '');
  if (!isNumbered || numberOfAxes([...tensors.values()][0]) !== 2) return null;
  if (!isFolder || !names.includes(name.replace(/\.npy$/, '.len'))) return null;
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  return {
    writer: 'fairseq',
    layout: {
      files: `${folder}{split}_{chunk}_${shards}.npy`,
      lengths: `${folder}{split}_{chunk}_${shards}.len`,
      arrays: '*',
      axes: ['token', 'dimension'],
    },
  };
};

/** Columns `hidden_{layer}`, variants of a prompt x dimensions, as the bits of float16. */
const elk: Recognise = ({ names, tensors, isFolder }) => {
  const columns = [...tensors.values()].filter(({ name }) => /^hidden_\d+$/.test(name));
  const isBits = columns.every(({ dtype, shape }) => dtype === 'int16' && shape.length === 3);
  if (columns.length === 0 || !isBits) return null;
  const files = isFolder ? splitFiles(names) : {};
  if (files === null) return null;
  return {
    writer: 'elk',
    layout: { ...files, arrays: 'hidden_{layer}', axes: ['sample', 'token', 'dimension'], bits: 'float16' },
  };
};

/** The Arrow files of a saved data set, in a folder for each split or without. */
const splitFiles = (names: readonly string[]): Pick<LayoutSpec, 'files'> | null => {
  const own = names.filter((name) => name.endsWith('.arrow'));
  const [count] = /-of-\d+\.arrow$/.exec(own[0] ?? '') ?? [];
  if (count === undefined || own.some((name) => !/(?:^|\/)data-\d+-of-\d+\.arrow$/.test(name))) return null;
  const isSplit = own.every((name) => name.includes('/'));
  if (isSplit) return { files: '{split}/data-{chunk}-of-*' };
  return own.every((name) => !name.includes('/')) ? { files: `data-{chunk}${count}` } : null;
};

/** One array [samples, layers, tokens, dimensions], with the names of the layers. */
const saev: Recognise = ({ tensors, metadata, format }) => {
  const names = metadata.get(LAYER_NAMES_KEY);
  if (format !== 'saev' || names === undefined || tensors.size !== 1) return null;
  return {
    writer: 'saev',
    layout: {
      arrays: 'activations',
      axes: ['sample', 'layer', 'token', 'dimension'],
      layerNames: JSON.parse(names) as string[],
    },
  };
};

const KNOWN: readonly Recognise[] = [
  elk,
  saev,
  vllm,
  platonic,
  honestLlama,
  esm,
  neurox,
  geometryOfTruth,
  net2brain,
  clipBenchmark,
  fairseq,
];

/** The layout of the program that wrote a recording, if its names give that away. */
export const knownLayout = (looked: Looked): KnownLayout | null => {
  for (const recognise of KNOWN) {
    const known = recognise(looked);
    if (known !== null) return known;
  }
  return null;
};
