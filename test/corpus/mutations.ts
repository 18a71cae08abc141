import { oneOf, type Random } from './random.ts';

/** A changed copy of `bytes`, which are not empty. `donor` is another file of the same format. */
type Mutation = (bytes: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

/** Most formats describe their contents at the beginning, some at the end: half of all places are near one of these. */
const placeIn = (size: number, random: Random): number => {
  const near = random(Math.min(size, 256));
  return [random(size), random(size), near, size - 1 - near][random(4)];
};

/** Short blocks more often than long ones. */
const lengthWithin = (room: number, random: Random): number =>
  Math.min(room, 1 + random(2 ** (1 + random(10))));

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const copyAnd = (bytes: Uint8Array, change: (copy: Buffer) => void): Uint8Array => {
  const copy = Buffer.from(bytes);
  change(copy);
  return new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
};

const noise = (length: number, random: Random) => Uint8Array.from({ length }, () => random(256));

const flipBit: Mutation = (bytes, random) =>
  copyAnd(bytes, (copy) => {
    copy[placeIn(copy.length, random)] ^= 1 << random(8);
  });

const setByte: Mutation = (bytes, random) =>
  copyAnd(bytes, (copy) => {
    copy[placeIn(copy.length, random)] = oneOf([0, 0xff, 0x7f, 0x80, random(256)], random);
  });

const truncate: Mutation = (bytes, random) => bytes.slice(0, placeIn(bytes.length, random));

const insert: Mutation = (bytes, random) => {
  const at = placeIn(bytes.length, random);
  const length = lengthWithin(4096, random);
  const block = oneOf([noise, (n: number) => new Uint8Array(n).fill(random(256))], random);
  return joined(bytes.subarray(0, at), block(length, random), bytes.subarray(at));
};

const remove: Mutation = (bytes, random) => {
  const at = placeIn(bytes.length, random);
  return joined(bytes.subarray(0, at), bytes.subarray(at + lengthWithin(bytes.length - at, random)));
};

const copyBlock: Mutation = (bytes, random) =>
  copyAnd(bytes, (copy) => {
    const [from, to] = [placeIn(copy.length, random), placeIn(copy.length, random)];
    copy.copyWithin(to, from, from + lengthWithin(copy.length - from, random));
  });

const swapBlocks: Mutation = (bytes, random) =>
  copyAnd(bytes, (copy) => {
    const [first, second] = [placeIn(copy.length, random), placeIn(copy.length, random)].sort(
      (a, b) => a - b,
    );
    const length = lengthWithin(Math.min(second - first, copy.length - second), random);
    copy.set(bytes.subarray(second, second + length), first);
    copy.set(bytes.subarray(first, first + length), second);
  });

/** Bad values of a length, a count or an offset: huge, negative, off by a little, the file's own size. */
const LENGTHS = (old: bigint, size: number): bigint[] => [
  old + 1n,
  old - 1n,
  old * 2n,
  -old,
  0n,
  -1n,
  BigInt(size),
  BigInt(size) + 1n,
  2n ** 16n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
];

const lengthField: Mutation = (bytes, random) =>
  copyAnd(bytes, (copy) => {
    const width = Math.min(oneOf([1, 2, 4, 8], random), copy.length);
    const at = Math.min(placeIn(copy.length, random), copy.length - width);
    const field = copy.subarray(at, at + width);
    const isBig = random(2) === 1;
    const digits = isBig ? field : Buffer.from(field).reverse();
    const value = oneOf(LENGTHS(BigInt(`0x${digits.toString('hex')}`), bytes.length), random);
    const wide = BigInt.asUintN(8 * width, value).toString(16);
    const written = Buffer.from(wide.padStart(2 * width, '0'), 'hex');
    field.set(isBig ? written : written.reverse());
  });

/** The same for numbers written as text: JSON, headers of NumPy, tar (octal), early pickles. */
const numberInText: Mutation = (bytes, random) => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const numbers = [...text.matchAll(/-?\d+/g)].filter(({ 0: digits }) => digits.length < 30);
  if (numbers.length === 0) return flipBit(bytes, random, bytes);
  const { 0: digits, index } = oneOf(numbers, random);
  const values = [...LENGTHS(BigInt(digits), bytes.length), '1e400', '0.5', 'null', '[]', '""', '{}', '٣'];
  const value = Buffer.from(String(oneOf(values, random)));
  return joined(bytes.subarray(0, index), value, bytes.subarray(index + digits.length));
};

const splice: Mutation = (bytes, random, donor) => {
  const cut = placeIn(bytes.length, random);
  const from = random(2) === 0 ? cut : placeIn(donor.length, random);
  return joined(bytes.subarray(0, cut), donor.subarray(Math.min(from, donor.length)));
};

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  truncate,
  insert,
  remove,
  copyBlock,
  swapBlocks,
  lengthField,
  lengthField,
  numberInText,
  splice,
];

/** `bytes` with one to four mutations, usually one; the copy may be unchanged, or empty. */
export const mutate: Mutation = (bytes, random, donor) => {
  const times = oneOf([1, 1, 1, 2, 4], random);
  let changed = bytes;
  for (let i = 0; i < times && changed.length > 0; i++)
    changed = oneOf(MUTATIONS, random)(changed, random, donor);
  return changed;
};
