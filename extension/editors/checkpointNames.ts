/** Endings that belong to checkpoints alone: they open in our editor. */
const OWN = ['safetensors', 'gguf', 'npz', 'npy'];
/** Endings that others claim too. */
const SHARED = ['pt', 'pth', 'ckpt', 'bin', 'onnx', 'h5', 'hdf5', 'keras'];
/** Whole endings of JSON files that describe a checkpoint in parts. */
const INDEXES = ['.safetensors.index.json', '.bin.index.json', 'weights_manifest.json'];

/** Endings by which code names a checkpoint. */
export const CHECKPOINT_ENDINGS: readonly string[] = [...OWN, ...SHARED];

/** Files that may be checkpoints, as a glob. What a file is, its content decides when it is opened. */
export const CHECKPOINT_GLOB = `**/{${[
  // Braces within braces VS Code does not take.
  ...CHECKPOINT_ENDINGS.map((ending) => `*.${ending}`),
  '*.index.json',
  'model.json',
  '*weights_manifest.json',
].join(',')}}`;

/** Whether a file may be a checkpoint by its name. `.bin`, `.npy` and `model.json` name many other things as well. */
export const isCheckpointName = (name: string): boolean => {
  const lower = name.toLowerCase();
  if (INDEXES.some((end) => lower.endsWith(end))) return true;
  return CHECKPOINT_ENDINGS.some((ending) => lower.endsWith(`.${ending}`));
};
