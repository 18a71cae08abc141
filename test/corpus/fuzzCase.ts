import { posix } from 'node:path';
import { ensure } from '../hostile/contract.ts';
import { exercise } from '../hostile/exercise.ts';
import { type Member, membersOf, mutateMember } from './archive.ts';
import type { GoodFile } from './goodFiles.ts';
import { mutate } from './mutations.ts';
import { oneOf, randomOf } from './random.ts';

/** A good file with everything that its mutations use. */
export interface Subject {
  readonly file: GoodFile;
  /** Other good files of its format, or itself. */
  readonly donors: readonly GoodFile[];
  /** Of a zip archive; otherwise empty. */
  readonly members: readonly Member[];
  /** Siblings that it reads. */
  readonly used: readonly string[];
}

/** Opens the file as it is, which must succeed, to find out what it reads. */
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

/** One case, which depends only on the number, on every machine. */
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
