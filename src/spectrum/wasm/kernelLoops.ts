import { type Code, i32, join, type Local, repeatWhile, type ValueType } from './assembler.ts';

/** Columns that the kernels take together, so that each vector is fetched once for all of them. */
export const TOGETHER = 4;

const EACH = [0, 1, 2, 3] as const;
/** Their addresses. */
export const columns = { a0: 'i32', a1: 'i32', a2: 'i32', a3: 'i32' } satisfies Record<string, ValueType>;
/** Two float64 for each of them, as locals of the names `name0` to `name3`. */
export const pairs = <P extends string>(name: P) =>
  Object.fromEntries(EACH.map((c) => [`${name}${c}`, 'v128'])) as Record<`${P}${0 | 1 | 2 | 3}`, 'v128'>;

export const forEachColumn = (write: (c: 0 | 1 | 2 | 3) => Code): Code => EACH.flatMap(write);

/** Walks i from 0 to `length` in steps of two float64. */
export const alongColumns = (i: Local, length: Local, ...body: readonly Code[]): Code =>
  join(
    i.set(i32.constant(0)),
    repeatWhile(i32.lessThan(i.value, length.value), ...body, i.set(i32.add(i.value, i32.constant(16)))),
  );

/** Points a0..a3 at four columns from `a`, and finally moves `a` past them. */
export const nextColumns = (a: Local, stride: Local, each: readonly Local[]): Code =>
  each.flatMap((column) => join(column.set(a.value), a.set(i32.add(a.value, stride.value))));

/** Advances a pointer to per-column numbers to the next columns. */
export const advance = (pointer: Local): Code =>
  pointer.set(i32.add(pointer.value, i32.constant(8 * TOGETHER)));
