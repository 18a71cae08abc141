import { readFileSync } from 'node:fs';
import { type Matrix, matrix } from '../../src/spectrum/index.ts';

/** The golden values, with the recipes of their inputs. */
export const golden = JSON.parse(readFileSync(new URL('./metrics.json', import.meta.url), 'utf8'));

/** `count` values u = x / 2^32 - 0.5 of the generator x = (1664525 x + 1013904223) mod 2^32. */
export function lcg(seed: number, count: number): Float64Array {
  let x = seed;
  return Float64Array.from({ length: count }, () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return x / 2 ** 32 - 0.5;
  });
}

const SCALE = [3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2];
const OFFSET = [0.4, 0, -0.2, 0, 0, 0.1, 0, 0];

/** X, 40 x 8, and Y, 40 x 6, of the recipe. */
export function goldenMatrices(): { x: Matrix; y: Matrix } {
  const values = lcg(12345, 40 * 14);
  const x = matrix(
    40,
    8,
    values.slice(0, 320).map((u, k) => u * SCALE[k % 8] + OFFSET[k % 8]),
  );
  const y = matrix(40, 6, values.slice(320));
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 3; j++) y.data[i * 6 + j] += x.data[i * 8 + j];
  }
  return { x, y };
}

/** W, 3 x 8, of the neural-collapse recipe; the labels there are i % 3. */
export const goldenWeights = (): Matrix => matrix(3, 8, lcg(777, 24));
export const goldenLabels = (): number[] => Array.from({ length: 40 }, (_, i) => i % 3);

/** Rows `from` up to `to`. */
export const rowsBetween = (a: Matrix, from: number, to: number): Matrix =>
  matrix(to - from, a.columns, a.data.slice(from * a.columns, to * a.columns));
