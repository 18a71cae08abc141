import { Allowance } from '../bytes/allowance.ts';
import { type ByteSource, memorySource } from '../bytes/byteSource.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { hdf5Checkpoint, type NamedDataset } from '../hdf5/checkpoint.ts';
import { Hdf5File } from '../hdf5/file.ts';
import type { Hdf5Group, Hdf5Object } from '../hdf5/messages.ts';
import { layersByPath, modelFacts } from './config.ts';
import { readModelJson } from './json.ts';
import { type AnyDataset, datasetsOf, isNumbered, nameNumbered } from './names.ts';
import { nameListed } from './weightNames.ts';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
/** Where a superblock may be: at the start, or after a user block of 512 bytes, 1024, 2048, ... */
const FIRST_BLOCK = 512;

const isHdf5 = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  const length = SIGNATURE.length;
  for (let at = 0; at + length <= source.size; at = at === 0 ? FIRST_BLOCK : at * 2) {
    const isNear = at + length <= head.length;
    const found = isNear ? head.subarray(at, at + length) : await source.read(at, length);
    if (SIGNATURE.equals(found)) return true;
  }
  return false;
};

const REMEDY = 'The file is damaged or not a checkpoint: fetch or save it again';

/** A configuration from an attribute: if it cannot be read, it names no layers. */
const parsed = (text: string | undefined, where: string, allowance: Allowance): Promise<unknown> => {
  if (text === undefined) return Promise.resolve(null);
  const source = memorySource(Buffer.from(text), `${where}, model_config`);
  return readModelJson(source, allowance, REMEDY).catch(() => null);
};

const NONE: ReadonlyMap<string, readonly string[]> = new Map();

interface Contents {
  readonly format: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly named: readonly NamedDataset[];
}

/** What MATLAB writes before the HDF5 contents of a version 7.3 file. */
const MATLAB = Buffer.from('MATLAB 7.3 MAT-file', 'latin1');

const isMatlab = async (source: ByteSource): Promise<boolean> =>
  source.size >= MATLAB.length && MATLAB.equals(await source.read(0, MATLAB.length));

/** Where MATLAB keeps what cells, structures and objects refer to, under generated names. */
const REFERRED = /^#(?:refs|subsystem)#\//;
const BY_REFERENCE = 'is part of a MATLAB cell, structure or object, which its name does not tell';

const byPath = (dataset: AnyDataset, matlab: boolean): NamedDataset => {
  const name = dataset.path;
  return matlab && REFERRED.test(name) ? { name, dataset, belongsTo: BY_REFERENCE } : { name, dataset };
};

const contentsOf = async (
  objects: readonly Hdf5Object[],
  where: string,
  matlab: boolean,
  allowance: Allowance,
): Promise<Contents> => {
  const groups = objects.filter((object): object is Hdf5Group => object.kind === 'group');
  const attributesOf = (path: string) => groups.find((group) => group.path === path)?.attributes ?? NONE;
  const root = attributesOf('');
  const weights = groups.some(({ path }) => path === 'model_weights') ? attributesOf('model_weights') : root;
  const model = await parsed(root.get('model_config')?.[0], where, allowance);
  const facts = ['keras_version', 'backend'].flatMap((key): [string, string][] => {
    const value = (root.get(key) ?? weights.get(key))?.[0];
    return value === undefined ? [] : [[key, value]];
  });
  const metadata = new Map([...facts, ...modelFacts(model)]);
  if (isNumbered(objects)) {
    return { format: 'Keras', metadata, named: nameNumbered(objects, layersByPath(model)) };
  }
  if (weights.has('layer_names') || weights.has('layer_names0') || root.has('model_config')) {
    return { format: 'Keras', metadata, named: nameListed(objects, layersByPath(model).values(), where) };
  }
  const named = datasetsOf(objects).map((dataset) => byPath(dataset, matlab));
  return { format: matlab ? 'MATLAB 7.3 (HDF5)' : 'HDF5', metadata, named };
};

const open = async (source: ByteSource, allowance = new Allowance()): Promise<Checkpoint> => {
  const file = new Hdf5File(source);
  try {
    const matlab = await isMatlab(source);
    const objects = await file.list(allowance);
    const { format, metadata, named } = await contentsOf(objects, source.name, matlab, allowance);
    const place = { path: source.name, inside: source.name, size: source.size };
    return hdf5Checkpoint(file, place, named, { format, metadata }, () => source.close());
  } catch (error) {
    await file.close();
    await source.close();
    throw error;
  }
};

/**
 * HDF5: a model or weights that Keras saved as .h5 (`weight_names` name the tensors), weights of Keras 3
 * (`.weights.h5`), or any other HDF5 file, whose datasets are listed by path.
 */
export const KERAS_H5: CheckpointFormat = {
  name: 'HDF5 (Keras .h5)',
  isMine: isHdf5,
  open: (source, _, allowance) => open(source, allowance),
};
