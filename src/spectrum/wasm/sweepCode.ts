import { f64, f64x2, functionOf, i32, join, type Local, repeatWhile } from './assembler.ts';
import { advance, alongColumns, columns, forEachColumn, nextColumns, pairs } from './kernelLoops.ts';

const { add, subtract, multiply } = f64x2;

/** See `ReflectionKernel.sweep`. */
export const sweep = functionOf(
  {
    ...{ a: 'i32', end: 'i32', stride: 'i32', length: 'i32' },
    ...{ u: 'i32', x: 'i32', y: 'i32', v: 'i32' },
    ...{ newU: 'i32', newX: 'i32', newY: 'i32', newV: 'i32' },
    ...{ head: 'i32', factor: 'f64', first: 'f64' },
  },
  {
    ...columns,
    ...pairs('y'),
    ...pairs('v'),
    ...pairs('sum'),
    ...{ i: 'i32', left: 'v128', right: 'v128', next: 'v128', entry: 'v128', product: 'f64' },
  },
  (m) => {
    const column = [m.a0, m.a1, m.a2, m.a3];
    const at = (base: Local) => i32.add(base.value, m.i.value);
    return repeatWhile(
      i32.lessThan(m.a.value, m.end.value),
      nextColumns(m.a, m.stride, column),
      forEachColumn((c) =>
        join(
          m[`y${c}`].set(f64x2.loadTwice(m.y.value, 8 * c)),
          m[`v${c}`].set(f64x2.loadTwice(m.v.value, 8 * c)),
          m[`sum${c}`].set(f64x2.zero),
        ),
      ),
      alongColumns(
        m.i,
        m.length,
        m.left.set(f64x2.load(at(m.u))),
        m.right.set(f64x2.load(at(m.x))),
        m.next.set(f64x2.load(at(m.newU))),
        forEachColumn((c) =>
          join(
            m.entry.set(
              subtract(
                subtract(f64x2.load(at(column[c])), multiply(m.left.value, m[`y${c}`].value)),
                multiply(m.right.value, m[`v${c}`].value),
              ),
            ),
            f64x2.store(at(column[c]), m.entry.value),
            m[`sum${c}`].set(add(m[`sum${c}`].value, multiply(m.entry.value, m.next.value))),
          ),
        ),
      ),
      forEachColumn((c) =>
        join(
          m.product.set(f64.multiply(m.factor.value, f64x2.total(m[`sum${c}`]))),
          f64.store(m.newY.value, m.product.value, 8 * c),
          m.product.set(
            f64.subtract(
              f64.load(i32.add(column[c].value, m.head.value)),
              f64.multiply(m.product.value, m.first.value),
            ),
          ),
          f64.store(m.newV.value, m.product.value, 8 * c),
          m[`v${c}`].set(f64x2.twice(m.product.value)),
        ),
      ),
      alongColumns(
        m.i,
        m.length,
        m.entry.set(f64x2.load(at(m.newX))),
        forEachColumn((c) =>
          m.entry.set(add(m.entry.value, multiply(f64x2.load(at(column[c])), m[`v${c}`].value))),
        ),
        f64x2.store(at(m.newX), m.entry.value),
      ),
      [m.y, m.v, m.newY, m.newV].flatMap(advance),
    );
  },
);
