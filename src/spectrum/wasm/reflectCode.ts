import { f64, f64x2, functionOf, i32, join, type Local, repeatWhile } from './assembler.ts';
import { advance, alongColumns, columns, forEachColumn, nextColumns, pairs } from './kernelLoops.ts';

const { add, subtract, multiply } = f64x2;

/** See `ReflectionKernel.reflect`. */
export const reflect = functionOf(
  {
    ...{ a: 'i32', end: 'i32', stride: 'i32', length: 'i32', v: 'i32', top: 'i32' },
    ...{ factor: 'f64', first: 'f64' },
  },
  { ...columns, ...pairs('sum'), i: 'i32', next: 'v128', reach: 'f64' },
  (m) => {
    const column = [m.a0, m.a1, m.a2, m.a3];
    const at = (base: Local) => i32.add(base.value, m.i.value);
    return repeatWhile(
      i32.lessThan(m.a.value, m.end.value),
      nextColumns(m.a, m.stride, column),
      forEachColumn((c) => m[`sum${c}`].set(f64x2.zero)),
      alongColumns(
        m.i,
        m.length,
        m.next.set(f64x2.load(at(m.v))),
        forEachColumn((c) =>
          m[`sum${c}`].set(add(m[`sum${c}`].value, multiply(f64x2.load(at(column[c])), m.next.value))),
        ),
      ),
      forEachColumn((c) =>
        join(
          m.reach.set(
            f64.multiply(
              m.factor.value,
              f64.add(f64.multiply(m.first.value, f64.load(m.top.value, 8 * c)), f64x2.total(m[`sum${c}`])),
            ),
          ),
          f64.store(
            m.top.value,
            f64.subtract(f64.load(m.top.value, 8 * c), f64.multiply(m.reach.value, m.first.value)),
            8 * c,
          ),
          m[`sum${c}`].set(f64x2.twice(m.reach.value)),
        ),
      ),
      alongColumns(
        m.i,
        m.length,
        m.next.set(f64x2.load(at(m.v))),
        forEachColumn((c) =>
          f64x2.store(
            at(column[c]),
            subtract(f64x2.load(at(column[c])), multiply(m[`sum${c}`].value, m.next.value)),
          ),
        ),
      ),
      advance(m.top),
    );
  },
);
