import { posix } from 'node:path';
import { type ByteSource, openFault } from '../../src/checkpoint/bytes/byteSource.ts';
import { type Checkpoint, elementCount, openCheckpoint } from '../../src/checkpoint/index.ts';
import { Fault } from '../../src/protocol/index.ts';
import { type Member, membersOf, mutateMember } from './archive.ts';
import type { GoodFile } from './goodFiles.ts';
import { mutate } from './mutations.ts';
import { oneOf, type Random, randomOf } from './random.ts';

/** A good file with all that its mutations are made of. */
export interface Subject {
  readonly file: GoodFile;
  /** Other good files of its format, or itself. */
  readonly donors: readonly GoodFile[];
  /** Of a zip archive; else none. */
  readonly members: readonly Member[];
  /** Siblings that it asks for. */
  readonly used: readonly string[];
}

const TENSORS_READ = 4;
const MAX_MESSAGE = 600;
/** Control characters, which a terminal acts on, and separators, which some take for the end of a line. */
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const STACK = /\n\s*at |\.[cm]?[jt]s:\d+|node:internal/;

const ensure = (isTrue: boolean, what: string): void => {
  if (!isTrue) throw new Error(what);
};

/** Bytes in memory that hold the reader to its contract: only ranges within the file, nothing after the end. */
const strictSource = (bytes: Uint8Array, name: string, open: Set<string>): ByteSource => {
  open.add(name);
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      ensure(open.has(name), `reads ${name} after closing it`);
      ensure(
        Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= bytes.length,
        `reads ${length} bytes from byte ${offset} of the ${bytes.length} of ${name}`,
      );
      return bytes.slice(offset, offset + length);
    },
    close: async () => {
      open.delete(name);
    },
  };
};

const checkFault = (error: unknown): void => {
  if (!(error instanceof Fault)) throw error;
  const { message, where } = error;
  ensure(where !== '', `says no place: ${message}`);
  ensure(!NOT_PLAIN.test(message), `says control characters: ${JSON.stringify(message)}`);
  ensure(message.length < MAX_MESSAGE, `says ${message.length} characters: ${message}`);
  ensure(!STACK.test(message), `shows a stack: ${message}`);
};

const checkRead = async (checkpoint: Checkpoint, name: string): Promise<void> => {
  const entry = checkpoint.tensors.get(name);
  if (entry === undefined) return;
  ensure(entry.name === name, `lists ${JSON.stringify(name)} as ${JSON.stringify(entry.name)}`);
  ensure(Number.isFinite(entry.bytes) && entry.bytes >= 0, `says ${entry.bytes} bytes of ${name}`);
  const tensor = await checkpoint.read(name).catch(checkFault);
  if (tensor === undefined) return;
  ensure(entry.unreadable === undefined, `reads ${name}, which it says ${entry.unreadable}`);
  ensure(tensor.data.length === elementCount(tensor.shape), `reads ${tensor.data.length} of ${tensor.shape}`);
  ensure(`${tensor.shape}` === `${entry.shape}`, `reads ${tensor.shape} where it lists ${entry.shape}`);
};

const checkReads = async (checkpoint: Checkpoint, random: Random): Promise<void> => {
  const names = [...checkpoint.tensors.keys()];
  const last = names.slice(-1);
  const some = Array.from({ length: TENSORS_READ - 2 }, () => oneOf(names, random));
  for (const name of new Set([...names.slice(0, 1), ...some, ...last])) await checkRead(checkpoint, name);
};

/** Opens and reads bytes; throws whatever is wrong in how the readers take them. Resolves to whether they opened. */
const exercise = async (
  path: string,
  bytes: Uint8Array,
  siblings: ReadonlyMap<string, Uint8Array>,
  random: Random,
  onSibling: (name: string) => void = () => {},
): Promise<boolean> => {
  const open = new Set<string>();
  const openSibling = async (name: string) => {
    onSibling(name);
    const found = siblings.get(posix.normalize(name));
    if (found === undefined) throw openFault(name, Object.assign(new Error('no file'), { code: 'ENOENT' }));
    return strictSource(found, name, open);
  };
  const source = strictSource(bytes, path, open);
  const checkpoint = await openCheckpoint({ source, openSibling }).catch(checkFault);
  if (checkpoint !== undefined) {
    try {
      await checkReads(checkpoint, random);
    } finally {
      await checkpoint.close();
    }
  }
  ensure(open.size === 0, `leaves ${[...open].join(' and ')} open`);
  return checkpoint !== undefined;
};

/** Opens the file as it is, which must succeed, to learn what it asks for. */
export const subjectOf = async (file: GoodFile, all: readonly GoodFile[]): Promise<Subject> => {
  const used = new Set<string>();
  const random = randomOf(file.path);
  const note = (name: string) => used.add(posix.normalize(name));
  ensure(await exercise(file.path, file.bytes, file.siblings, random, note), `${file.path} does not open`);
  const others = all.filter(({ format, path }) => format === file.format && path !== file.path);
  const isZip = Buffer.from(file.bytes.subarray(0, 4)).toString('latin1') === 'PK\x03\x04';
  return {
    file,
    donors: others.length > 0 ? others : [file],
    members: isZip ? await membersOf(file.bytes) : [],
    used: [...used].filter((name) => file.siblings.has(name)),
  };
};

/** One case: the same for the same number, on every machine. */
export const fuzz = async ({ file, donors, members, used }: Subject, seed: number): Promise<boolean> => {
  const random = randomOf(`${file.path}:${seed}`);
  const siblings = new Map(file.siblings);
  const isSiblingHit = used.length > 0 && random(2) === 0;
  if (isSiblingHit) {
    const name = oneOf(used, random);
    siblings.set(name, mutate(siblings.get(name) as Uint8Array, random, oneOf(donors, random).bytes));
  }
  let bytes = file.bytes;
  if (members.length > 0 && random(2) === 0) bytes = mutateMember(members, random);
  else if (!isSiblingHit || random(4) === 0) bytes = mutate(bytes, random, oneOf(donors, random).bytes);
  return exercise(file.path, bytes, siblings, random);
};
