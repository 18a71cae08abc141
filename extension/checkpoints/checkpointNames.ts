/** Endings that only checkpoints have: they open in our editor. */
const OWN = ['safetensors', 'gguf', 'npz', 'npy'];
/** Endings that other programs also claim. */
const SHARED = ['pt', 'pth', 'ckpt', 'bin', 'onnx', 'h5', 'hdf5', 'keras'];
/** Endings that name data more often than models. */
const DATA: ReadonlySet<string> = new Set(['npz', 'npy', 'bin', 'hdf5']);
/** Whole endings of JSON files that describe a checkpoint in parts. */
const INDEXES = ['.safetensors.index.json', '.bin.index.json', 'weights_manifest.json'];

/** Endings of checkpoints in code. */
export const CHECKPOINT_ENDINGS: readonly string[] = [...OWN, ...SHARED];

/** VS Code does not support nested braces. */
const globOf = (names: readonly string[]): string => `**/{${names.join(',')}}`;
const isData = (ending: string): boolean => DATA.has(ending);
const anyOf = (endings: readonly string[]): string[] => endings.map((ending) => `*.${ending}`);
const MODELS = [
  ...anyOf(CHECKPOINT_ENDINGS.filter((ending) => !isData(ending))),
  '*.index.json',
  'model.json',
  '*weights_manifest.json',
];

/** Files that may be checkpoints. Their content decides when they are opened. */
export const CHECKPOINT_GLOB = globOf([...MODELS, ...anyOf([...DATA])]);
/**
 * The same as two globs that are searched separately: a folder of arrays must not displace models from a
 * limited list.
 */
export const CHECKPOINT_GLOBS: readonly string[] = [globOf(MODELS), globOf(anyOf([...DATA]))];

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

/**
 * The paths of models, without shards whose index is among them, and without files in a run's folder, which lists
 * its own. Sorted alphabetically.
 */
export const modelPaths = (paths: Iterable<string>): string[] => {
  const all = new Set(paths);
  const isShard = (path: string): boolean => {
    const [, model, ending] = SHARD.exec(path) ?? [];
    return model !== undefined && all.has(`${model}${ending}.index.json`);
  };
  const isModel = (path: string): boolean =>
    isIndex(path) || (isCheckpointName(path) && !isData(path.slice(path.lastIndexOf('.') + 1).toLowerCase()));
  return [...all]
    .filter((path) => isModel(path) && !isShard(path) && !path.includes('/.pentimento/'))
    .sort((a, b) => a.localeCompare(b));
};
