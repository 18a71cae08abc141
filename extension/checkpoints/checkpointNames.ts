/** Endings of models: these files open in our editor. */
export const MODEL_ENDINGS: readonly string[] = [
  'safetensors',
  'gguf',
  'pt',
  'pth',
  'ckpt',
  'onnx',
  'h5',
  'keras',
];
/** Endings that name data more often than models: for these files our editor is an option. */
export const DATA_ENDINGS: readonly string[] = ['npz', 'npy', 'bin', 'hdf5'];
/** Whole endings of JSON files that describe a checkpoint in parts. */
const INDEXES = ['.safetensors.index.json', '.bin.index.json', 'weights_manifest.json'];

/** Endings of checkpoints in code. */
const CHECKPOINT_ENDINGS: readonly string[] = [...MODEL_ENDINGS, ...DATA_ENDINGS];

/** VS Code does not support nested braces. */
const globOf = (names: readonly string[]): string => `**/{${names.join(',')}}`;
const anyOf = (endings: readonly string[]): string[] => endings.map((ending) => `*.${ending}`);
const MODELS = [...anyOf(MODEL_ENDINGS), '*.index.json', 'model.json', '*weights_manifest.json'];

/** Files that may be checkpoints. Their content decides when they are opened. */
export const CHECKPOINT_GLOB = globOf([...MODELS, ...anyOf(DATA_ENDINGS)]);
/**
 * The same as two globs that are searched separately: a folder of arrays must not displace models from a
 * limited list.
 */
export const CHECKPOINT_GLOBS: readonly string[] = [globOf(MODELS), globOf(anyOf(DATA_ENDINGS))];

const isIndex = (name: string): boolean => INDEXES.some((end) => name.toLowerCase().endsWith(end));

/**
 * Whether a file may be a checkpoint by its name. `.bin`, `.npy` and `model.json` are also used for many
 * other things.
 */
export const isCheckpointName = (name: string): boolean => {
  const lower = name.toLowerCase();
  return isIndex(name) || CHECKPOINT_ENDINGS.some((ending) => lower.endsWith(`.${ending}`));
};

/** `model-00001-of-00003.safetensors`, as Hugging Face names the shards of `model.safetensors.index.json`. */
const SHARD = /^(.*)[-_]\d{5,6}-of-\d{5,6}(\.\w+)$/;

const hasEnding = (path: string, endings: readonly string[]): boolean =>
  endings.some((ending) => path.toLowerCase().endsWith(`.${ending}`));

/** In the order of the alphabet, without shards whose index is among them, and without what is in a run's folder. */
const listed = (paths: Iterable<string>, isWanted: (path: string) => boolean): string[] => {
  const all = new Set(paths);
  const isShard = (path: string): boolean => {
    const [, model, ending] = SHARD.exec(path) ?? [];
    return model !== undefined && all.has(`${model}${ending}.index.json`);
  };
  return [...all]
    .filter((path) => isWanted(path) && !isShard(path) && !path.includes('/.pentimento/'))
    .sort((a, b) => a.localeCompare(b));
};

/** The paths that name a model. */
export const modelPaths = (paths: Iterable<string>): string[] =>
  listed(paths, (path) => isIndex(path) || hasEnding(path, MODEL_ENDINGS));

/** Whether the text of an experiment ends a path with this name of a file. */
const names = (experiment: string, file: string): boolean => {
  const end = JSON.stringify(file).slice(1);
  return ['"', '/', '\\'].some((before) => experiment.includes(`${before}${end}`));
};

/** The paths that may name a model or data, less the data that one of these texts of experiments names. */
export const arrayPaths = (paths: Iterable<string>, experiments: readonly string[]): string[] =>
  listed(
    paths,
    (path) =>
      hasEnding(path, DATA_ENDINGS) &&
      !experiments.some((text) => names(text, path.slice(path.lastIndexOf('/') + 1))),
  );
