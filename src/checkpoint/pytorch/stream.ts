import { inputFault, shown } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readAhead } from '../bytes/readAhead.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { type Pickle, readPickleAt } from '../pickle/pickle.ts';
import type { PickleReference, PickleValue } from '../pickle/value.ts';
import { pytorchCheckpoint } from './checkpoint.ts';
import { partOf, readNaturals, storageAt } from './legacy.ts';
import { type StorageId, storageId, storageKey } from './storage.ts';
import type { PytorchStorage } from './view.ts';

const REMEDY = 'The file is damaged or not saved by torch.save: fetch or save it again';

/** LONG1 of ten bytes, 0x1950a86a20f9469cfc6c, and STOP: a separate pickle, after two bytes of protocol. */
const MAGIC = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex');
const PROTOCOL = 1001;
/** Memory of a storage besides its key, which is in the pickle too. */
const STORAGE_BYTES = 5 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;

const refuse = (source: ByteSource, what: string, byte: number): never => {
  throw inputFault(what, `${source.name}, byte ${byte}`, REMEDY);
};

/** Persistent ids that name a storage; the others name the source text of a class, which is not needed. */
const isStorage = ({ id }: PickleReference): boolean => Array.isArray(id) && id.length >= 5;

/** What the pickle says about each storage that it names, by key. */
const idsOf = (references: readonly PickleReference[], where: string): Map<string, StorageId> => {
  const ids = new Map<string, StorageId>();
  for (const reference of references) {
    if (!isStorage(reference)) continue;
    const id = storageId(reference, where);
    if (!ids.has(id.key)) ids.set(id.key, id);
  }
  return ids;
};

/** The storages follow the list of their keys, each preceded by its number of elements. */
const placeStorages = async (
  source: ByteSource,
  keys: Pickle,
  ids: ReadonlyMap<string, StorageId>,
  little: boolean,
  allowance: Allowance,
): Promise<Map<string, PytorchStorage>> => {
  const where = `${source.name}, byte ${keys.end}`;
  const list = Array.isArray(keys.value) ? keys.value : [];
  if (!(8 * list.length <= source.size - keys.end)) {
    refuse(source, `lists ${list.length} storages in ${source.size - keys.end} bytes`, keys.end);
  }
  const storages = new Map<string, PytorchStorage>();
  const near = readAhead(source);
  let at = keys.end;
  for (const item of list) {
    const key = storageKey(item, where);
    const id = ids.get(key);
    if (id === undefined) throw inputFault(`has a storage ${shown(key)} that no tensor names`, where, REMEDY);
    const [count] = await readNaturals(near, at, 1, source.size, little);
    const storage = storageAt(source, at + 8, source.size, { key, type: id.type, count, little });
    allowance.spend(STORAGE_BYTES, (what) => inputFault(what, where, REMEDY));
    storages.set(key, storage);
    at += 8 + storage.bytes;
  }
  return storages;
};

const isLittle = (info: PickleValue): boolean =>
  !(info instanceof Map) || info.get('little_endian') !== false;

const openStream = async (source: ByteSource, allowance: Allowance): Promise<Checkpoint> => {
  const magic = await readPickleAt(source, 0, allowance);
  const protocol = await readPickleAt(source, magic.end, allowance);
  if (protocol.value !== PROTOCOL) refuse(source, 'is of another protocol than 1001', magic.end);
  const info = await readPickleAt(source, protocol.end, allowance);
  const where = `${source.name}, byte ${info.end}`;
  const object = await readPickleAt(source, info.end, allowance);
  const ids = idsOf(object.references, where);
  const keys = await readPickleAt(source, object.end, allowance);
  const storages = await placeStorages(source, keys, ids, isLittle(info.value), allowance);
  const storage = (reference: PickleReference): PytorchStorage => {
    const { key, part, type } = storageId(reference, where);
    const whole = storages.get(key);
    if (whole === undefined) throw inputFault(`has no storage ${shown(key)}`, where, REMEDY);
    const typed = { ...whole, type };
    return part === null ? typed : partOf(typed, part.begin, part.count, where);
  };
  return pytorchCheckpoint(
    source,
    [{ value: object.value, references: { storage }, where, prefix: null }],
    allowance,
  );
};

/**
 * What torch.save wrote until version 1.5: pickles of a magic number, of facts about the machine, of the objects and
 * of the storages' keys, and then the storages. Source: torch/serialization.py (_legacy_load).
 */
export const PYTORCH_STREAM: CheckpointFormat = {
  name: 'PyTorch (before 1.6)',
  isMine: (head) => head[0] === 0x80 && MAGIC.equals(head.subarray(2, 2 + MAGIC.length)),
  open: async (source, _, allowance = new Allowance()) => {
    try {
      return await openStream(source, allowance);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};
