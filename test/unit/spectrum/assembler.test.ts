import { expect, it } from 'vitest';
import {
  f64,
  f64x2,
  functionOf,
  i32,
  join,
  moduleOf,
  repeatWhile,
} from '../../../src/spectrum/wasm/assembler.ts';

type Exports = Record<string, (...numbers: number[]) => void> & { memory: { buffer: ArrayBuffer } };

const load = (functions: Parameters<typeof moduleOf>[0]): Exports => {
  const api = (globalThis as unknown as { WebAssembly: Record<string, new (argument: object) => object> })
    .WebAssembly;
  const instance = new api.Instance(new api.Module(moduleOf(functions))) as { exports: Exports };
  return instance.exports;
};

it('writes constants and offsets of every length', () => {
  const shift = functionOf({ from: 'i32', to: 'i32' }, {}, ({ from, to }) =>
    f64.store(
      i32.add(to.value, i32.constant(-8)),
      f64.add(f64.load(from.value, 16_384), f64.load(i32.constant(64))),
      128,
    ),
  );
  const { copy, memory } = load({ copy: shift });
  const data = new Float64Array(memory.buffer);
  data[2048 + 1] = 5;
  data[8] = 0.25;
  copy(8, 160);
  expect(data[(160 - 8 + 128) / 8]).toBe(5.25);
});

it('runs a loop over pairs until its end', () => {
  const sum = functionOf(
    { at: 'i32', end: 'i32', target: 'i32' },
    { total: 'v128', number: 'f64' },
    ({ at, end, target, total, number }) =>
      join(
        total.set(f64x2.zero),
        repeatWhile(
          i32.lessThan(at.value, end.value),
          total.set(f64x2.add(total.value, f64x2.load(at.value))),
          at.set(i32.add(at.value, i32.constant(16))),
        ),
        number.set(f64x2.total(total)),
        f64.store(target.value, number.value),
      ),
  );
  const { run, memory } = load({ run: sum });
  const data = new Float64Array(memory.buffer);
  for (let k = 0; k < 10; k++) data[k] = k;
  run(0, 80, 800);
  expect(data[100]).toBe(45);
});
