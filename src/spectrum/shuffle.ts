import { type Matrix, matrix } from './matrix.ts';
import { seededRandom } from './random.ts';

/**
 * A copy of A with its entries in a uniformly random order (Fisher and Yates), the same for the same seed (an
 * integer below 2^53). Rows and columns that hold nothing but zeros keep them, so that what was pruned away stays
 * away. What is left of a spectrum under it comes from the sizes of the weights alone, not from their arrangement.
 */
export function shuffledEntries(a: Matrix, seed: number): Matrix {
  const places = usedPlaces(a);
  const data = a.data.slice();
  const random = seededRandom(seed);
  for (let last = (places?.length ?? data.length) - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    const [from, to] = places === null ? [last, other] : [places[last], places[other]];
    const kept = data[from];
    data[from] = data[to];
    data[to] = kept;
  }
  return matrix(a.rows, a.columns, data);
}

/** Where rows and columns cross that are not all zero; null when that is everywhere. */
function usedPlaces({ rows, columns, data }: Matrix): Float64Array | null {
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
