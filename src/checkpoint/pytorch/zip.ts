import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { openZip, type ZipEntry } from '../bytes/zip.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { MAX_PICKLE, readPickleWithin } from '../pickle/pickle.ts';
import type { PickleReference } from '../pickle/value.ts';
import { type PytorchPart, pytorchCheckpoint } from './checkpoint.ts';
import { isSeveralPickles } from './several.ts';
import { storageId } from './storage.ts';
import type { PytorchType } from './types.ts';
import type { PytorchStorage } from './view.ts';

const REMEDY = 'The file is damaged or not saved by torch.save: fetch or save it again';
const PICKLE = 'data.pkl';
/** Limit of a compressed pickle, which has to be inflated into memory. PyTorch stores it uncompressed. */
const MAX_INFLATED = 2 ** 23;

/**
 * The pickles of an archive, the storages of each, and the prefix of its tensors' names. TorchScript stores
 * constants separately; they are all the weights of a frozen module, and its code calls them `CONSTANTS.c0`.
 */
const PARTS = [
  [PICKLE, 'data/', null],
  ['constants.pkl', 'constants/', 'CONSTANTS'],
] as const;

type Entries = ReadonlyMap<string, ZipEntry>;

/** The folder of an archive, with its slash, that contains the pickle: the file's stem, or `archive`. */
const folderOf = (entries: Entries): string | null => {
  const folders = [...entries.keys()]
    .filter((name) => name === PICKLE || name.endsWith(`/${PICKLE}`))
    .map((name) => name.slice(0, -PICKLE.length));
  const depth = (folder: string) => folder.split('/').length;
  return folders.length === 0 ? null : folders.reduce((a, b) => (depth(b) < depth(a) ? b : a));
};

const checkSize = (entry: ZipEntry, limit: number): void => {
  if (entry.size <= limit) return;
  throw inputFault(`takes ${entry.size} bytes, above the limit of ${limit}`, entry.where(), REMEDY);
};

const isLittle = async (entry: ZipEntry | undefined): Promise<boolean> => {
  if (entry === undefined) return true;
  checkSize(entry, 64);
  const text = Buffer.from(await entry.read()).toString('latin1');
  if (text === 'little' || text === 'big') return text === 'little';
  throw inputFault(`names the byte order ${shown(text)}, not little or big`, entry.where(), REMEDY);
};

/** An entry as a storage. There may be tens of thousands, so it keeps little. */
class EntryStorage implements PytorchStorage {
  readonly compressed?: number;
  readonly inflated?: number;
  readonly bytes: number;

  readonly key: string;
  readonly type: PytorchType;

  constructor(
    { key, type, count }: ReturnType<typeof storageId>,
    readonly little: boolean,
    private readonly source: ByteSource,
    private readonly entry: ZipEntry,
  ) {
    this.key = key;
    this.type = type;
    this.bytes = count * type.bytes;
    if (!entry.stored) {
      this.compressed = entry.compressedSize;
      this.inflated = entry.size;
    }
    if (this.bytes <= entry.size) return;
    const what = `is ${entry.size} bytes long where its storage takes ${this.bytes}`;
    throw inputFault(what, entry.where(), REMEDY);
  }

  locate(byte: number): string {
    return `${this.entry.where()}, byte ${byte}`;
  }

  /** From the file if the entry is stored, else from its inflated contents. */
  async read(begin: number, length: number): Promise<Uint8Array> {
    const { source, entry } = this;
    if (entry.stored) return source.read((await entry.begin()) + begin, length);
    return (await entry.read()).subarray(begin, begin + length);
  }
}

/** `folder` contains the storages, each an entry named after its key. */
const storages = (source: ByteSource, entries: Entries, folder: string, little: boolean, where: string) => {
  const known = new Map<PickleReference, PytorchStorage>();
  const find = (reference: PickleReference): PytorchStorage => {
    const id = storageId(reference, where);
    const entry = entries.get(`${folder}${id.key}`);
    if (entry !== undefined) return new EntryStorage(id, little, source, entry);
    throw inputFault(`has no entry for storage ${shown(id.key)}`, where, REMEDY);
  };
  return (reference: PickleReference): PytorchStorage => {
    const storage = known.get(reference) ?? find(reference);
    known.set(reference, storage);
    return storage;
  };
};

const openEntries = async (source: ByteSource, allowance: Allowance): Promise<Checkpoint> => {
  const entries = await openZip(source, allowance);
  const folder = folderOf(entries);
  if (folder === null) throw inputFault('has no entry data.pkl', source.name, REMEDY);
  const little = await isLittle(entries.get(`${folder}byteorder`));
  const parts: PytorchPart[] = [];
  for (const [pickle, records, prefix] of PARTS) {
    const entry = entries.get(`${folder}${pickle}`);
    if (entry === undefined) continue;
    const where = entry.where();
    checkSize(entry, MAX_PICKLE);
    const read = await readPickleWithin(await entry.contents(MAX_INFLATED), 0, entry.size, allowance);
    if (read === null) throw inputFault('ends inside its pickle', where, REMEDY);
    const storage = storages(source, entries, `${folder}${records}`, little, where);
    parts.push({ value: read.value, references: { storage }, where, prefix });
  }
  return pytorchCheckpoint(source, parts, allowance);
};

const hasPickle = async (head: Uint8Array, source: ByteSource): Promise<boolean> => {
  const entries = await openZip(source).catch(() => null);
  if (entries !== null) return folderOf(entries) !== null;
  // A damaged one counts as PyTorch's if it begins like one: PyTorch writes the pickle as the first entry.
  const begins = Buffer.from(head.buffer, head.byteOffset, head.length).includes(`/${PICKLE}`);
  return begins && !(await isSeveralPickles(source));
};

/**
 * What torch.save writes since version 1.6, and TorchScript archives: a zip with a pickle of the objects and an entry
 * for each storage. Nothing in the pickle is executed. Source: torch/serialization.py, torch/_utils.py.
 */
export const PYTORCH_ZIP: CheckpointFormat = {
  name: 'PyTorch',
  isMine: (head, source) => {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
    if (!bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return false;
    return hasPickle(head, source);
  },
  open: async (source, _, allowance = new Allowance()) => {
    try {
      return await openEntries(source, allowance);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};
