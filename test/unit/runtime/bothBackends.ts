import { beforeAll, expect } from 'vitest';
import { openEagerBackend } from '../../../src/runtime/eager.ts';
import {
  type Arrays,
  type Backend,
  type CompileOptions,
  float32,
  openBackend,
  type TensorData,
  type TensorFunction,
} from '../../../src/runtime/index.ts';

export let native: Backend;
const eager = await openEagerBackend();
beforeAll(async () => {
  native = await openBackend('native', { threads: 1 });
});

/** A fixed, irregular sequence in (-1, 1). */
export function numbers(shape: readonly number[], seed = 1): TensorData {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(12.9898 * (i + 1) * seed + seed),
  );
  return float32(shape, data);
}

const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

export const relativeDifference = (expected: ArrayLike<number>, actual: ArrayLike<number>): number =>
  norm(Array.from(expected, (value, index) => value - actual[index])) / norm(expected);

/** Runs a function eagerly, and recorded in ONNX Runtime: both give the same. */
export async function bothAgree(
  fn: TensorFunction,
  arrays: Arrays,
  options: CompileOptions = {},
): Promise<Arrays> {
  const tolerance = 1e-5;
  const specs = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, dtype }]) => [
      name,
      { shape, dtype: dtype as 'float32' | 'int32' },
    ]),
  );
  const results: Arrays[] = [];
  for (const backend of [eager, native]) {
    const program = await backend.compile(fn, specs, options);
    results.push(await program.run(arrays));
    await program.dispose();
  }
  const [expected, actual] = results;
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) {
    expect(actual[name].shape, name).toEqual(expected[name].shape);
    const scale = Math.max(1e-3, ...expected[name].data.map(Math.abs));
    expected[name].data.forEach((value, index) => {
      expect(Math.abs(actual[name].data[index] - value), `${name}[${index}]`).toBeLessThanOrEqual(
        tolerance * scale,
      );
    });
  }
  return actual;
}
