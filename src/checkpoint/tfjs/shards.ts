import { Fault, inputFault, shown } from '../../protocol/index.ts';
import type { OpenSibling } from '../checkpoint.ts';
import type { TfjsGroup } from './manifest.ts';

/** A shard, with its size or why that is unknown. */
export interface Shard {
  readonly path: string;
  readonly size: number | null;
  readonly problem: string;
}

/** A range of one shard. */
export interface Piece {
  readonly shard: Shard;
  readonly from: number;
  readonly length: number;
}

/** Where a tensor's bytes are, in order, or why they are unavailable. */
export type Place = { readonly pieces: readonly Piece[] } | { readonly reason: string };

const REMEDY = 'Fetch the shards again: one is cut off or belongs to another model';

/** Sizes of shards, each opened and closed again: a model may have more of them than files may be open. */
export const measureShards = async (
  paths: readonly string[],
  openSibling: OpenSibling,
): Promise<Map<string, Shard>> => {
  const shards = new Map<string, Shard>();
  for (const path of paths) {
    if (shards.has(path)) continue;
    try {
      const source = await openSibling(path);
      shards.set(path, { path, size: source.size, problem: '' });
      await source.close();
    } catch (error) {
      const problem = error instanceof Fault ? error.what : (error as Error).message;
      shards.set(path, { path, size: null, problem });
    }
  }
  return shards;
};

const sum = (sizes: readonly (number | null)[]): number =>
  sizes.reduce<number>((total, size) => total + (size ?? 0), 0);

/**
 * Offsets of concatenated parts: counted from the start up to the first part of unknown size, and from the end
 * (if known) after the last such part; null in between.
 */
const startsOf = (sizes: readonly (number | null)[], total: number | null): (number | null)[] => {
  const starts: (number | null)[] = new Array(sizes.length).fill(null);
  for (let i = 0, at: number | null = 0; i < sizes.length && at !== null; i++) {
    starts[i] = at;
    const size = sizes[i];
    at = size === null ? null : at + size;
  }
  for (let i = sizes.length - 1, end = total; i >= 0 && end !== null; i--) {
    const size = sizes[i];
    end = size === null ? null : end - size;
    starts[i] ??= end;
  }
  return starts;
};

const checkTotals = (held: number, hasAll: boolean, taken: number, isExact: boolean, where: string): void => {
  const isShort = hasAll && held < taken;
  const isLong = isExact && held > taken;
  if (isShort || isLong)
    throw inputFault(`has ${held} bytes of shards for tensors of ${taken} bytes`, where, REMEDY);
};

interface Stretch {
  readonly shard: Shard;
  readonly begin: number;
  readonly end: number;
}

/** Pieces of [begin, end), or null if no known shard covers it. `stretches` are in order and do not overlap. */
const piecesOf = (stretches: readonly Stretch[], begin: number, end: number): Piece[] | null => {
  const pieces: Piece[] = [];
  let low = 0;
  for (let high = stretches.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (stretches[middle].end > begin) high = middle;
    else low = middle + 1;
  }
  for (let at = begin; at < end; low++) {
    const stretch = stretches[low];
    if (stretch === undefined || stretch.begin > at) return null;
    const to = Math.min(end, stretch.end);
    pieces.push({ shard: stretch.shard, from: at - stretch.begin, length: to - at });
    at = to;
  }
  return pieces;
};

/**
 * Places of a group's tensors in its shards. A missing shard affects only the tensors in it, as far as the sizes of
 * the others and of the tensors show; a text has the length that the other tensors leave. Shards whose total length
 * differs from that of the tensors are refused, because no tensor's place is certain then.
 */
export const placeTensors = (group: TfjsGroup, shards: readonly Shard[], where: string): Place[] => {
  const sizes = shards.map(({ size }) => size);
  const lengths = group.weights.map(({ bytes }) => bytes);
  const [held, taken] = [sum(sizes), sum(lengths)];
  const [hasAll, isExact] = [!sizes.includes(null), !lengths.includes(null)];
  checkTotals(held, hasAll, taken, isExact, where);
  const total = hasAll ? held : isExact ? taken : null;
  const shardStarts = startsOf(sizes, total);
  const stretches: Stretch[] = [];
  shards.forEach((shard, i) => {
    const begin = shardStarts[i];
    if (begin !== null && shard.size) stretches.push({ shard, begin, end: begin + shard.size });
  });
  const lost = shards.find(({ size }) => size === null);
  const reason =
    lost === undefined
      ? 'is between texts, whose lengths the manifest does not give'
      : `is in the file ${shown(lost.path)}, which cannot be opened (${lost.problem})`;
  return startsOf(lengths, total).map((begin, i) => {
    const length = lengths[i];
    const pieces = begin === null || length === null ? null : piecesOf(stretches, begin, begin + length);
    return pieces === null ? { reason } : { pieces };
  });
};

/** The concatenated bytes of `pieces`; a shard whose size has changed is refused. */
export const readPieces = async (pieces: readonly Piece[], openSibling: OpenSibling): Promise<Uint8Array> => {
  const bytes = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const { shard, from, length } of pieces) {
    const source = await openSibling(shard.path);
    try {
      if (source.size !== shard.size) {
        throw inputFault('has changed since the model was opened', source.name, 'Open the model again');
      }
      bytes.set(await source.read(from, length), at);
      at += length;
    } finally {
      await source.close();
    }
  }
  return bytes;
};
