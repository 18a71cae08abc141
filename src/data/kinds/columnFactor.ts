import type { Factor } from '../dataSet.ts';
import { categorical, continuous } from '../factors.ts';

/** The values of one attribute, as text. */
export type TextColumn = readonly string[];

const isInteger = (text: string): boolean => /^[+-]?\d+$/.test(text);
const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Distinct values: integers by size, anything else by code point. */
export const classesOf = (column: TextColumn): string[] => {
  const distinct = [...new Set(column)];
  return distinct.every(isInteger) ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct.sort();
};

/** Whether every value is a number and at least one is not an integer. */
export const isContinuous = (column: TextColumn): boolean =>
  column.every(isNumber) && !column.every(isInteger);

export const continuousColumn = (name: string, column: TextColumn): Factor =>
  continuous(name, Float64Array.from(column, Number));

/** Every value must be among the classes; `unknown` says what happens when one is not. */
export const categoricalColumn = (
  name: string,
  column: TextColumn,
  classes: readonly string[],
  unknown: (value: string, row: number) => Error,
): Factor => {
  const index = new Map(classes.map((label, at) => [label, at]));
  const values = Int32Array.from(column, (value, row) => {
    const at = index.get(value);
    if (at === undefined) throw unknown(value, row);
    return at;
  });
  return categorical(name, values, classes);
};
