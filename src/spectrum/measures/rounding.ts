import type { EntryNorms } from './entryNorms.ts';

/** The precision with which a file stores a number. */
export interface StoredType {
  /** As the file writes it, such as `BF16`. */
  readonly name: string;
  /** Largest relative error of rounding to the type: 2^-p for p bits of significand. */
  readonly unit: number;
  /** Largest absolute error near zero: half of the smallest number above zero. */
  readonly floor: number;
}

/** Numbers that were never rounded to anything narrower than a JavaScript number. */
export const FLOAT64: StoredType = { name: 'float64', unit: 2 ** -53, floor: 2 ** -1075 };

export interface RoundingSize {
  readonly rows: number;
  readonly columns: number;
}

/** sigma_1 max(rows, columns) 2.2e-16: what computing in float64 can make of a singular value that is 0 (numpy). */
export const computingLevel = (largest: number, { rows, columns }: RoundingSize): number =>
  largest * Math.max(rows, columns) * Number.EPSILON;

/**
 * The size up to which a singular value of a rows x columns matrix can result from rounding its entries to the stored
 * type alone: (u (r + c) + f (sqrt(rows) + sqrt(columns))) / sqrt(3), u the type's unit, f its floor, r and c the
 * largest norms of a row and a column; never below the level of computing in float64. In the units of the entries.
 *
 * The error of an entry a is uniform in at most +-(u |a| + f), of deviation at most (u |a| + f) / sqrt(3); the norm of a
 * matrix of independent entries is at most about the largest row norm plus the largest column norm of their deviations;
 * and no singular value moves by more than the norm of the error (Weyl). Rows and columns of different scale are
 * covered, because the largest of each counts. Errors are assumed to be independent, as they are for different entries.
 * Source: Bandeira and van Handel 2016 for the norm; validated by test/unit/spectrum/fixtures/make_stored.py.
 */
export function roundingLevel(
  largest: number,
  size: RoundingSize,
  { unit, floor }: StoredType,
  { largestRow, largestColumn }: Pick<EntryNorms, 'largestRow' | 'largestColumn'>,
): number {
  const relative = unit * (largestRow + largestColumn);
  const absolute = floor * (Math.sqrt(size.rows) + Math.sqrt(size.columns));
  return Math.max(computingLevel(largest, size), (relative + absolute) / Math.sqrt(3));
}

/** Weights are computed in float32 as a rule, whatever type they are stored in afterwards. */
const FLOAT32_EPSILON = 2 ** -23;

/**
 * Singular values nearer to each other than this are equal: twice the rounding level, plus the error of computing an
 * orthogonal matrix, max(rows, columns) eps sigma_1, with eps of float32, or of float64 for matrices stored in it.
 */
export function equalityLevel(
  largest: number,
  size: RoundingSize,
  type: StoredType,
  rounding: number,
): number {
  const epsilon = type.unit < FLOAT32_EPSILON / 2 ? Number.EPSILON : FLOAT32_EPSILON;
  return 2 * rounding + Math.max(size.rows, size.columns) * epsilon * largest;
}
