import { runFault } from '../../protocol/index.ts';
import type { Bidiagonal } from './bidiagonal.ts';

/** Transforms per value that are allowed on average; about four are needed. */
const MAX_TRANSFORMS = 100;

/**
 * Part of a bidiagonal matrix B: the squares q of its diagonal and e of its superdiagonal (e[i] to the right
 * of q[i]) from `start` to `last`, after `shift` (and its rounding, `rest`) was subtracted from the squared
 * singular values.
 */
interface Segment {
  readonly start: number;
  last: number;
  shift: number;
  rest: number;
}

/**
 * Singular values of an upper bidiagonal matrix B of a norm near 1, descending, each within a small multiple
 * of 2.2e-16 ||B||: the differential quotient-difference transform with Newton's shift, a lower bound of the
 * smallest squared value that is left. `check` is called before each pass and throws to stop.
 * Source: Fernando and Parlett 1994; the shift: Iwasaki and Nakamura 2006, with p = 1.
 */
export function bidiagonalSingularValues(
  { diagonal, superdiagonal }: Bidiagonal,
  check: () => void,
): Float64Array {
  const n = diagonal.length;
  const q = diagonal.map((value) => value * value);
  const e = superdiagonal.subarray(1).map((value) => value * value);
  const largest = q.reduce((most, value, i) => Math.max(most, value, e[i] ?? 0), 0);
  // Leaving out an entry of B changes no singular value by more than that entry.
  const negligible = (Number.EPSILON / 16) ** 2 * largest;
  const values = new Float64Array(n);
  const segments: Segment[] = n > 0 ? [{ start: 0, last: n - 1, shift: 0, rest: 0 }] : [];
  let transforms = 0;
  for (let part = segments.pop(); part !== undefined; part = segments.pop()) {
    turnSmallToEnd(q, e, part);
    while (part.last >= part.start) {
      const split = lastNegligible(e, part, negligible);
      if (split === part.last - 1 || part.last === part.start) {
        values[part.last] = Math.sqrt(part.shift + (part.rest + q[part.last]));
        part.last--;
        turnSmallToEnd(q, e, part);
        continue;
      }
      if (split >= part.start) {
        segments.push({ ...part, start: split + 1 });
        part.last = split;
        continue;
      }
      check();
      if (transforms++ > MAX_TRANSFORMS * n) {
        throw runFault(
          `Singular value ${part.last + 1} of ${n} did not converge`,
          '',
          'Report this matrix as a defect',
        );
      }
      step(q, e, part);
    }
  }
  return values.sort().reverse();
}

/** The last index of a negligible e in the segment, or one before its start. */
function lastNegligible(e: Float64Array, { start, last }: Segment, negligible: number): number {
  let i = last - 1;
  while (i >= start && e[i] > negligible) i--;
  return i;
}

/** Reflects the segment about its antidiagonal, which changes no value: the smallest is found at the end. */
function turnSmallToEnd(q: Float64Array, e: Float64Array, { start, last }: Segment): void {
  if (last <= start || 1.5 * q[start] >= q[last]) return;
  q.subarray(start, last + 1).reverse();
  e.subarray(start, last).reverse();
}

/** One transform with the largest shift that succeeds. */
function step(q: Float64Array, e: Float64Array, part: Segment): void {
  const { start, last } = part;
  const kept = { q: q.slice(start, last + 1), e: e.slice(start, last) };
  for (const shiftOf of [residualGuess, newtonBound, () => 0]) {
    const shift = shiftOf(q, e, start, last);
    if (shift === null) continue;
    if (transform(q, e, start, last, shift)) {
      addShift(part, shift);
      return;
    }
    q.set(kept.q, start);
    e.set(kept.e, start);
  }
}

/**
 * Once the end begins to separate: q_last minus the norm of its residual as an eigenvalue of B B^T. There is
 * an eigenvalue above it, usually the smallest.
 */
function residualGuess(q: Float64Array, e: Float64Array, _start: number, last: number): number | null {
  const residual = Math.sqrt(e[last - 1] * q[last]);
  return residual < q[last] / 2 ? q[last] - residual : null;
}

/** 1 / tr (B B^T)^-1, below the smallest squared singular value of the part; 0 when one of them is 0. */
function newtonBound(q: Float64Array, e: Float64Array, start: number, last: number): number {
  let entry = 1 / q[start];
  let trace = entry;
  for (let i = start + 1; i <= last; i++) {
    entry = (1 + e[i - 1] * entry) / q[i];
    trace += entry;
  }
  return (1 - 8 * (last - start) * Number.EPSILON) / trace;
}

/** Replaces B by the factor of B B^T - shift I = B'^T B', or returns false if it has none. */
function transform(q: Float64Array, e: Float64Array, start: number, last: number, shift: number): boolean {
  let d = q[start] - shift;
  for (let i = start; i < last; i++) {
    if (!(d >= 0)) return false;
    q[i] = d + e[i];
    const ratio = q[i + 1] / q[i];
    e[i] *= ratio;
    d = d * ratio - shift;
  }
  q[last] = d;
  return d >= 0;
}

/** Adds to the shift, with the rounding of the sum (Knuth's two-sum). */
function addShift(part: Segment, shift: number): void {
  const sum = part.shift + shift;
  const added = sum - part.shift;
  part.rest += part.shift - (sum - added) + (shift - added);
  part.shift = sum;
}
