import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, inputFault, shown } from '../../protocol/index.ts';
import { DCP } from './pieces.ts';

/** Files that weights are kept in, the preferred one first. */
const WEIGHTS = [
  /\.index\.json$/,
  /\.weights\.json$/,
  /\.safetensors$/,
  /\.(?:onnx|keras|gguf)$/,
  /\.(?:pt|pth|bin|ckpt|h5|hdf5|npz|npy)$/,
  /^model\.json$/,
];

/** Folders that are one checkpoint of an unsupported kind, recognised by a file in them. */
const KINDS: readonly (readonly [file: RegExp, what: string, remedy: string])[] = [
  [/^\.metadata$|\.distcp$/, 'a checkpoint of torch.distributed.checkpoint', DCP],
  [
    /^(?:_METADATA|_CHECKPOINT_METADATA|manifest\.ocdbt)$/,
    'an Orbax checkpoint',
    'Restore it with orbax.checkpoint, and save its arrays with numpy.savez or as safetensors',
  ],
  [
    /^saved_model\.pb$/,
    'a TensorFlow SavedModel',
    'Save the model as .keras, or convert it to ONNX with tf2onnx',
  ],
  [
    /\.ckpt-?\d*\.index$|^checkpoint$/,
    'a TensorFlow checkpoint',
    'Load it with tf.train.load_checkpoint, and save its variables with numpy.savez',
  ],
  [/^\.z(?:array|group)$|^zarr\.json$/, 'a Zarr store', 'Load it with zarr, and save it with numpy.savez'],
];

/** How many entries of a folder are checked. */
const MOST = 10_000;

/** The fault that tells what to open instead of a folder, or null for a path that is not a folder. */
export const folderFault = async (path: string): Promise<Fault | null> => {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return null;
  const names = (await readdir(path).catch(() => [])).slice(0, MOST).sort();
  const file = WEIGHTS.map((pattern) => names.find((name) => pattern.test(name))).find((name) => name);
  if (file !== undefined) {
    return inputFault('is a folder', path, `Use a file in it, such as ${shown(join(path, file))}`);
  }
  const kind = KINDS.find(([pattern]) => names.some((name) => pattern.test(name)));
  if (kind !== undefined) return inputFault(`is the folder of ${kind[1]}`, path, kind[2]);
  return inputFault('is a folder without a file of weights', path, 'Use a file of weights');
};
