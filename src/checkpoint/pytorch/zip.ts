import { inputFault } from '../../protocol/index.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../bytes/zip.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { MAX_PICKLE, readPickle } from '../pickle/pickle.ts';
import type { PickleReference } from '../pickle/value.ts';
import { shown } from '../shown.ts';
import { pytorchCheckpoint } from './checkpoint.ts';
import { storageId } from './storage.ts';
import type { PytorchStorage } from './view.ts';

const REMEDY = 'The file is damaged or not saved by torch.save: fetch or save it again';
const PICKLE = 'data.pkl';

type Entries = ReadonlyMap<string, ZipEntry>;

/** The folder of an archive, with its slash, that holds the pickle: the file's stem, or `archive`. */
const folderOf = (entries: Entries): string | null => {
  const folders = [...entries.keys()]
    .filter((name) => name === PICKLE || name.endsWith(`/${PICKLE}`))
    .map((name) => name.slice(0, -PICKLE.length));
  const depth = (folder: string) => folder.split('/').length;
  return folders.length === 0 ? null : folders.reduce((a, b) => (depth(b) < depth(a) ? b : a));
};

const readSmall = async (source: ByteSource, entry: ZipEntry, limit: number): Promise<Uint8Array> => {
  if (entry.size <= limit) return entry.read();
  const where = `${source.name}, entry ${shown(entry.name)}`;
  throw inputFault(`takes ${entry.size} bytes, above the limit of ${limit}`, where, REMEDY);
};

const isLittle = async (source: ByteSource, entry: ZipEntry | undefined): Promise<boolean> => {
  if (entry === undefined) return true;
  const text = Buffer.from(await readSmall(source, entry, 64)).toString('latin1');
  if (text === 'little' || text === 'big') return text === 'little';
  const where = `${source.name}, entry ${shown(entry.name)}`;
  throw inputFault(`names the byte order ${shown(text)}, not little or big`, where, REMEDY);
};

/** A range of an entry: from the file where the entry is stored, else out of the whole of it. */
const rangeReader = (source: ByteSource, entry: ZipEntry) => async (begin: number, length: number) => {
  if (entry.stored) return source.read((await entry.begin()) + begin, length);
  return (await entry.read()).subarray(begin, begin + length);
};

const storages = (source: ByteSource, entries: Entries, folder: string, little: boolean, where: string) => {
  const known = new Map<PickleReference, PytorchStorage>();
  const find = (reference: PickleReference): PytorchStorage => {
    const { key, type, count } = storageId(reference, where);
    const entry = entries.get(`${folder}data/${key}`);
    if (entry === undefined) {
      throw inputFault(`has no entry for storage ${shown(key)}`, where, REMEDY);
    }
    const bytes = count * type.bytes;
    const place = `${source.name}, entry ${shown(entry.name)}`;
    if (!(bytes <= entry.size)) {
      throw inputFault(`is ${entry.size} bytes long where its storage takes ${bytes}`, place, REMEDY);
    }
    return {
      key,
      type,
      bytes,
      little,
      ...(entry.stored ? {} : { compressed: entry.compressedSize }),
      locate: (byte) => `${place}, byte ${byte}`,
      read: rangeReader(source, entry),
    };
  };
  return (reference: PickleReference): PytorchStorage => {
    const storage = known.get(reference) ?? find(reference);
    known.set(reference, storage);
    return storage;
  };
};

const openEntries = async (source: ByteSource): Promise<Checkpoint> => {
  const entries = await openZip(source);
  const folder = folderOf(entries);
  if (folder === null) throw inputFault('has no entry data.pkl', source.name, REMEDY);
  const entry = entries.get(`${folder}${PICKLE}`) as ZipEntry;
  const where = `${source.name}, entry ${shown(entry.name)}`;
  const pickle = readPickle(
    await readSmall(source, entry, MAX_PICKLE),
    0,
    (byte) => `${where}, byte ${byte}`,
  );
  if (pickle === null) throw inputFault('ends inside its pickle', where, REMEDY);
  const little = await isLittle(source, entries.get(`${folder}byteorder`));
  const storage = storages(source, entries, folder, little, where);
  return pytorchCheckpoint(source, pickle.value, { storage }, where);
};

const hasPickle = async (source: ByteSource): Promise<boolean> => {
  try {
    return folderOf(await openZip(source)) !== null;
  } catch {
    return false;
  }
};

/**
 * What torch.save writes since version 1.6, and TorchScript archives: a zip with a pickle of the objects and an entry
 * for each storage. Nothing of the pickle is executed. Source: torch/serialization.py, torch/_utils.py.
 */
export const PYTORCH_ZIP: CheckpointFormat = {
  name: 'PyTorch',
  isMine: (head, source) => {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
    if (!bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return false;
    // The pickle is the first entry of what PyTorch writes; elsewhere it is found in the directory.
    return bytes.includes(`/${PICKLE}`) || hasPickle(source);
  },
  open: async (source) => {
    try {
      return await openEntries(source);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};
