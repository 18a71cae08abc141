import { inputFault } from '../../protocol/index.ts';
import { type ByteSource, memorySource } from '../bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../bytes/zip.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { hdf5Checkpoint } from '../hdf5/checkpoint.ts';
import { Hdf5File } from '../hdf5/file.ts';
import { shown } from '../shown.ts';
import { layersByPath, modelFacts } from './config.ts';
import { nameNumbered } from './names.ts';

const REMEDY = 'The file is damaged or not a Keras model: fetch or save it again';
/** Of a configuration in JSON; and of weights that are compressed, and so have to be inflated into memory. */
const MAX_JSON = 1 << 26;
const MAX_INFLATED = 1 << 29;

const WEIGHTS = 'model.weights.h5';
const SHARDED = 'model.weights.json';

const isKerasZip = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') !== 'PK\x03\x04') return false;
  // An archive that is not sound is not known to be Keras's.
  const entries = await openZip(source).catch(() => null);
  if (!entries?.has('config.json') || !entries.has('metadata.json')) return false;
  return [...entries.keys()].some((name) => /^model.*\.weights\.(?:h5|json|npz)$/.test(name));
};

const readJson = async (entry: ZipEntry, where: string): Promise<unknown> => {
  if (entry.size > MAX_JSON) {
    throw inputFault(`takes ${entry.size} bytes, above the limit of ${MAX_JSON}`, where, REMEDY);
  }
  const text = Buffer.from(await entry.read()).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw inputFault('is not JSON', where, REMEDY, error);
  }
};

const factsOf = (metadata: unknown): [string, string][] =>
  Object.entries(metadata ?? {}).filter(
    (fact): fact is [string, string] =>
      ['keras_version', 'date_saved'].includes(fact[0]) && typeof fact[1] === 'string',
  );

/** The weights inside the archive: where they lie if they are stored, inflated if they are not. */
const weightsSource = async (source: ByteSource, entry: ZipEntry, name: string): Promise<ByteSource> => {
  if (!entry.stored && entry.size > MAX_INFLATED) {
    const what = `is compressed and takes ${entry.size} bytes, above the limit of ${MAX_INFLATED} for inflating it`;
    throw inputFault(what, name, 'Save the model again: Keras stores weights as they are');
  }
  if (!entry.stored) return memorySource(await entry.read(), name);
  const begin = await entry.begin();
  if (begin + entry.size > source.size) throw inputFault('is cut off', name, REMEDY);
  const read = (offset: number, length: number) => source.read(begin + offset, length);
  return { name, size: entry.size, read, close: async () => {} };
};

const noWeights = (entries: ReadonlyMap<string, ZipEntry>, where: string) =>
  entries.has(SHARDED)
    ? inputFault(
        'keeps its weights in shards (model.weights.json), which are not read inside an archive',
        where,
        'Unpack it and open its .weights.h5 files',
      )
    : inputFault(`has no ${WEIGHTS}`, where, 'Save the model with Keras 3 and h5py');

const openFrom = async (source: ByteSource): Promise<Checkpoint> => {
  const entries = await openZip(source);
  const entryAt = (name: string): [ZipEntry, string] => {
    const entry = entries.get(name);
    if (entry === undefined) throw name === WEIGHTS ? noWeights(entries, source.name) : missing(name);
    return [entry, `${source.name}, entry ${shown(name)}`];
  };
  const missing = (name: string) => inputFault(`has no ${name}`, source.name, REMEDY);
  const [weights, inside] = entryAt(WEIGHTS);
  const config = await readJson(...entryAt('config.json'));
  const facts = factsOf(await readJson(...entryAt('metadata.json')));
  const inner = await weightsSource(source, weights, inside);
  const file = new Hdf5File(inner);
  try {
    const named = nameNumbered(await file.list(), layersByPath(config));
    const about = { format: 'Keras', metadata: new Map([...facts, ...modelFacts(config)]) };
    const place = { path: source.name, inside, size: inner.size };
    return hdf5Checkpoint(file, place, named, about, () => source.close());
  } catch (error) {
    await file.close();
    throw error;
  }
};

const open = async (source: ByteSource): Promise<Checkpoint> => {
  try {
    return await openFrom(source);
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** A model that Keras 3 saved as .keras: a zip archive with its configuration and its weights as HDF5. */
export const KERAS_ZIP: CheckpointFormat = { name: 'Keras .keras', isMine: isKerasZip, open };
