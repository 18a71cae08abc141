import { type Matrix, matrix } from './matrix.ts';
import { type SeededRandom, seededRandom } from './random.ts';
import type { Rows } from './wasm/gramKernel.ts';

/**
 * A copy of A with its entries in a uniformly random order, the same for the same seed (an integer below 2^53). Rows
 * and columns that are all zero stay so, so that pruned ones remain pruned. What remains of a spectrum after shuffling
 * is due to the sizes of the weights alone, not to their arrangement.
 */
export const shuffledEntries = ({ rows, columns, data }: Matrix, seed: number): Matrix =>
  matrix(rows, columns, shuffledRows(data, columns, seed));

/** The same for rows of n columns, row-major. */
export function shuffledRows<R extends Rows>(data: R, n: number, seed: number): R {
  const places = usedPlaces(data, n);
  const random = seededRandom(seed);
  if (places === null) return shuffledCopy(data, random);
  const entries = new Float64Array(places.length);
  for (let k = 0; k < places.length; k++) entries[k] = data[places[k]];
  const used = shuffledCopy(entries, random);
  const copy = data.slice() as R;
  for (let k = 0; k < places.length; k++) copy[places[k]] = used[k];
  return copy;
}

/** Up to this many entries are ordered in place: the lookups then stay in the first-level cache. */
const IN_CACHE = 2 ** 13;
/** A bin for each byte. */
const BINS = 256;
const WORDS = 2 ** 32;

/**
 * A copy in a uniformly random order. Few entries are swapped one by one (Fisher and Yates); many, which would all be
 * cache misses, are first distributed into bins at random, each of which is then put in order (Rao 1961, Sandelius
 * 1962).
 */
function shuffledCopy<R extends Rows>(data: R, random: SeededRandom): R {
  const copy = data.slice() as R;
  if (copy.length <= IN_CACHE) {
    swapAll(copy, random);
    return copy;
  }
  let from = 0;
  for (const to of dealIntoBins(data, copy, random)) {
    const bin = copy.subarray(from, to) as R;
    if (bin.length <= 2 * IN_CACHE) swapAll(bin, random);
    else bin.set(shuffledCopy(bin, random));
    from = to;
  }
  return copy;
}

function swapAll(data: Rows, random: SeededRandom): void {
  const words = new Uint32Array(data.length);
  random.fill(words);
  for (let last = data.length - 1; last > 0; last--) {
    const product = words[last] * (last + 1);
    let other = Math.floor(product / WORDS);
    // As in `SeededRandom.below`: some words would make the first places likelier.
    const rest = product - other * WORDS;
    if (rest <= last && rest < WORDS % (last + 1)) other = random.below(last + 1);
    const kept = data[last];
    data[last] = data[other];
    data[other] = kept;
  }
}

/** Puts each entry into one of the bins, which are consecutive. Returns where each ends. */
function dealIntoBins(data: Rows, into: Rows, random: SeededRandom): Uint32Array {
  const words = new Uint32Array(Math.ceil(data.length / 4));
  random.fill(words);
  const binOf = new Uint8Array(words.buffer);
  const ends = new Uint32Array(BINS);
  for (let k = 0; k < data.length; k++) ends[binOf[k]]++;
  for (let bin = 1; bin < BINS; bin++) ends[bin] += ends[bin - 1];
  const next = ends.map((_, bin) => (bin === 0 ? 0 : ends[bin - 1]));
  for (let k = 0; k < data.length; k++) into[next[binOf[k]]++] = data[k];
  return ends;
}

/** Positions in rows and columns that are not all zero; null if that is all positions. */
function usedPlaces(data: Rows, columns: number): Float64Array | null {
  const rows = columns === 0 ? 0 : data.length / columns;
  const rowUsed = new Uint8Array(rows);
  const columnUsed = new Uint8Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (data[i * columns + j] === 0) continue;
      rowUsed[i] = 1;
      columnUsed[j] = 1;
    }
  }
  const usedRows = indicesOf(rowUsed);
  const usedColumns = indicesOf(columnUsed);
  if (usedRows.length === rows && usedColumns.length === columns) return null;
  const places = new Float64Array(usedRows.length * usedColumns.length);
  let at = 0;
  for (const i of usedRows) for (const j of usedColumns) places[at++] = i * columns + j;
  return places;
}

const indicesOf = (used: Uint8Array): number[] => [...used.keys()].filter((i) => used[i] === 1);
