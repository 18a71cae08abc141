import { inputFault } from '../../protocol/index.ts';
import { Allowance, MAP_PLACE_BYTES, OBJECT_BYTES } from '../bytes/allowance.ts';
import type { ByteSource } from '../bytes/byteSource.ts';
import { readAhead } from '../bytes/readAhead.ts';
import type { Checkpoint, CheckpointFormat } from '../checkpoint.ts';
import { readPickleAt } from '../pickle/pickle.ts';
import { PickleGlobal, PickleObject, PickleReference, type PickleValue } from '../pickle/value.ts';
import { pytorchCheckpoint } from './checkpoint.ts';
import { partOf, readNaturals, storageAt } from './legacy.ts';
import { rebuildTensor } from './rebuild.ts';
import { needStorageType, storageKey } from './storage.ts';
import { readTarMembers, type TarMember, tarHeader } from './tarMembers.ts';
import type { PytorchStorage, PytorchView } from './view.ts';

const REMEDY = 'The file is damaged or not saved by torch.save: fetch or save it again';
const NAMES = ['sys_info', 'pickle', 'tensors', 'storages'];
const REBUILD = new PickleGlobal('torch._utils', '_rebuild_tensor');

/** Memory of a storage or a tensor, besides the values that describe it. */
const PART_BYTES = 4 * OBJECT_BYTES + 2 * MAP_PLACE_BYTES;

type Storages = Map<string, PytorchStorage>;
type Tensors = Map<string, PytorchView>;

/** The count at the start of a list of storages or tensors: each takes at least a few bytes. */
const readCount = async (source: ByteSource, { begin, end }: TarMember, allowance: Allowance) => {
  const { value, end: after } = await readPickleAt(source, begin, allowance, end);
  if (typeof value === 'number' && value >= 0 && value <= end - after) return { count: value, at: after };
  throw inputFault('has no valid count of its parts', `${source.name}, byte ${begin}`, REMEDY);
};

/** The three values at the start of each storage and each tensor. */
const readTriple = async (source: ByteSource, at: number, limit: number, allowance: Allowance) => {
  const { value, end } = await readPickleAt(source, at, allowance, limit);
  const where = `${source.name}, byte ${at}`;
  allowance.spend(PART_BYTES, (what) => inputFault(what, where, REMEDY));
  if (!Array.isArray(value) || value.length !== 3)
    throw inputFault('has no valid description of its part', where, REMEDY);
  return { value, end, where };
};

/** Parts of storages that are used as storages: (new key, key, begin, count), in elements. */
const addParts = (roots: Storages, parts: PickleValue, where: string, allowance: Allowance): Storages => {
  const storages = new Map(roots);
  for (const part of Array.isArray(parts) ? parts : []) {
    const [target, root, begin, count] = Array.isArray(part) ? part : [];
    const whole = roots.get(storageKey(root, where));
    if (whole === undefined || !isNatural(begin) || !isNatural(count)) {
      throw inputFault('has a view of a missing storage', where, REMEDY);
    }
    allowance.spend(PART_BYTES, (what) => inputFault(what, where, REMEDY));
    storages.set(storageKey(target, where), partOf(whole, begin, count, where));
  }
  return storages;
};

const isNatural = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const readStorages = async (
  source: ByteSource,
  member: TarMember,
  allowance: Allowance,
): Promise<Storages> => {
  const near = readAhead(source);
  const storages: Storages = new Map();
  let { count, at } = await readCount(near, member, allowance);
  for (; count > 0; count--) {
    const { value, end, where } = await readTriple(near, at, member.end, allowance);
    const key = storageKey(value[0], where);
    const type = needStorageType(value[2], where);
    const [length] = await readNaturals(near, end, 1, member.end, true);
    const storage = storageAt(source, end + 8, member.end, { key, type, count: length, little: true });
    storages.set(key, storage);
    at = end + 8 + storage.bytes;
  }
  const parts = await readPickleAt(near, at, allowance, member.end);
  return addParts(storages, parts.value, `${source.name}, byte ${at}`, allowance);
};

/** Each tensor: key, storage and class; count of axes (4 bytes, 4 unused), shape, strides and offset in elements. */
const readTensors = async (
  source: ByteSource,
  member: TarMember,
  storages: Storages,
  allowance: Allowance,
): Promise<Tensors> => {
  const tensors: Tensors = new Map();
  const storage = ({ id }: PickleReference): PytorchStorage => {
    const found = storages.get(storageKey(id, source.name));
    if (found === undefined) throw inputFault('has a tensor whose storage is missing', source.name, REMEDY);
    return found;
  };
  let { count, at } = await readCount(source, member, allowance);
  for (; count > 0; count--) {
    const { value, end, where } = await readTriple(source, at, member.end, allowance);
    if (!(end + 8 <= member.end)) throw inputFault('ends inside a tensor', where, REMEDY);
    const head = await source.read(end, 4);
    const axes = new DataView(head.buffer, head.byteOffset, 4).getInt32(0, true);
    if (axes < 0) throw inputFault(`has a tensor of ${axes} axes`, where, REMEDY);
    const numbers = await readNaturals(source, end + 8, 2 * axes + 1, member.end, true);
    const reference = new PickleReference(value[1]);
    const args = [reference, numbers[2 * axes], numbers.slice(0, axes), numbers.slice(axes, 2 * axes)];
    const view = rebuildTensor(new PickleObject(REBUILD, args), { storage }, where);
    if (view !== null) tensors.set(storageKey(value[0], where), view);
    at = end + 8 + 8 * numbers.length;
  }
  return tensors;
};

const openTar = async (source: ByteSource, allowance: Allowance): Promise<Checkpoint> => {
  const members = await readTarMembers(source);
  const need = (name: string): TarMember => {
    const member = members.get(name);
    if (member === undefined) throw inputFault(`has no member ${name}`, source.name, REMEDY);
    return member;
  };
  const storages = await readStorages(source, need('storages'), allowance);
  const tensors = await readTensors(readAhead(source), need('tensors'), storages, allowance);
  const { begin, end } = need('pickle');
  const where = `${source.name}, byte ${begin}`;
  const { value } = await readPickleAt(source, begin, allowance, end);
  const references = {
    storage: () => {
      throw inputFault('rebuilds a tensor where one is named', where, REMEDY);
    },
    // The other persistent ids name the source text of a class.
    tensor: ({ id }: PickleReference) => (typeof id === 'object' ? undefined : tensors.get(String(id))),
  };
  return pytorchCheckpoint(source, [{ value, references, where, prefix: null }], allowance);
};

/** What torch.save wrote until version 0.1: a tar of storages, tensors and a pickle that names the tensors. */
export const PYTORCH_TAR: CheckpointFormat = {
  name: 'PyTorch (0.1)',
  isMine: (head) => NAMES.includes(tarHeader(head)?.name ?? ''),
  open: async (source, _, allowance = new Allowance()) => {
    try {
      return await openTar(source, allowance);
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};
