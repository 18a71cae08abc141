import { inputFault } from '../../protocol/index.ts';
import { Allowance } from '../bytes/allowance.ts';
import { type ByteSource, memorySource } from '../bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../bytes/zip.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { hdf5Checkpoint } from '../hdf5/checkpoint.ts';
import { Hdf5File } from '../hdf5/file.ts';
import { layersByPath, modelFacts } from './config.ts';
import { readModelJson } from './json.ts';
import { nameNumbered } from './names.ts';

const REMEDY = 'The file is damaged or not a Keras model: fetch or save it again';
/**
 * Limit of compressed entries, which have to be inflated into memory: a configuration (the largest have some two
 * million bytes), and weights, which Keras itself stores uncompressed.
 */
const MAX_JSON = 2 ** 24;
const MAX_INFLATED = 2 ** 25;
/** Keras writes three, plus what layers store beside their weights. */
const MAX_ENTRIES = 10_000;

const WEIGHTS = 'model.weights.h5';
const SHARDED = 'model.weights.json';

const isKerasZip = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') !== 'PK\x03\x04') return false;
  // A damaged archive cannot be recognised as Keras's.
  const entries = await openZip(source).catch(() => null);
  if (!entries?.has('config.json') || !entries.has('metadata.json')) return false;
  return [...entries.keys()].some((name) => /^model.*\.weights\.(?:h5|json|npz)$/.test(name));
};

const factsOf = (metadata: unknown): [string, string][] =>
  Object.entries(metadata ?? {}).filter(
    (fact): fact is [string, string] =>
      ['keras_version', 'date_saved'].includes(fact[0]) && typeof fact[1] === 'string',
  );

/** The weights inside the archive: a range of the archive if they are stored, else inflated. */
const weightsSource = async (source: ByteSource, entry: ZipEntry): Promise<ByteSource> => {
  const name = entry.where();
  if (!entry.stored && entry.size > MAX_INFLATED) {
    const what = `is compressed and takes ${entry.size} bytes, above the limit of ${MAX_INFLATED} for inflating it`;
    throw inputFault(what, name, 'Unpack the archive, and open what it holds; or save the model again');
  }
  if (!entry.stored) return memorySource(await entry.read(), name);
  const begin = await entry.begin();
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

const openFrom = async (source: ByteSource, allowance: Allowance): Promise<Checkpoint> => {
  const entries = await openZip(source, allowance);
  if (entries.size > MAX_ENTRIES) {
    throw inputFault(`has ${entries.size} entries, above the limit of ${MAX_ENTRIES}`, source.name, REMEDY);
  }
  const entryAt = (name: string): ZipEntry => {
    const entry = entries.get(name);
    if (entry !== undefined) return entry;
    throw name === WEIGHTS
      ? noWeights(entries, source.name)
      : inputFault(`has no ${name}`, source.name, REMEDY);
  };
  const readJson = async (name: string) =>
    readModelJson(await entryAt(name).contents(MAX_JSON), allowance, REMEDY);
  const weights = entryAt(WEIGHTS);
  const config = await readJson('config.json');
  const facts = factsOf(await readJson('metadata.json'));
  const inner = await weightsSource(source, weights);
  const file = new Hdf5File(inner);
  try {
    const named = nameNumbered(await file.list(allowance), layersByPath(config));
    const about = { format: 'Keras', metadata: new Map([...facts, ...modelFacts(config)]) };
    const place = { path: source.name, inside: inner.name, size: inner.size };
    return hdf5Checkpoint(file, place, named, about, () => source.close());
  } catch (error) {
    await file.close();
    throw error;
  }
};

const open = async (source: ByteSource, allowance = new Allowance()): Promise<Checkpoint> => {
  try {
    return await openFrom(source, allowance);
  } catch (error) {
    await source.close();
    throw error;
  }
};

/** A model that Keras 3 saved as .keras: a zip archive with its configuration and its weights as HDF5. */
export const KERAS_ZIP: CheckpointFormat = {
  name: 'Keras .keras',
  isMine: isKerasZip,
  open: (source, _, allowance) => open(source, allowance),
};
