import { f64x2, functionOf, i32, join, type Local, repeatWhile } from './assembler.ts';

const { add, multiply } = f64x2;

/** Columns in a tile. */
export const TILE = 4;
/** Bytes of one row of a tile, and of a square of two tiles' products. */
const ROW_BYTES = 8 * TILE;
export const SQUARE_BYTES = ROW_BYTES * TILE;

const ROWS = [0, 1, 2, 3] as const;
const HALVES = [0, 1] as const;
const SUMS = ROWS.flatMap((i) => HALVES.map((h) => `s${i}${h}` as const));
const sums = Object.fromEntries(SUMS.map((name) => [name, 'v128'])) as Record<(typeof SUMS)[number], 'v128'>;

/** See `TileKernel.multiplyTiles`: the sixteen sums stay in registers while the rows are read. */
export const multiplyTiles = functionOf(
  { sum: 'i32', x: 'i32', y: 'i32', yEnd: 'i32', length: 'i32' },
  { ...sums, left: 'v128', y0: 'v128', y1: 'v128', i: 'i32', from: 'i32' },
  (m) => {
    const each = (write: (sum: Local, i: number, h: 0 | 1) => readonly number[]) =>
      ROWS.flatMap((i) => HALVES.flatMap((h) => write(m[`s${i}${h}`], i, h)));
    const place = (i: number, h: number) => ROW_BYTES * i + 16 * h;
    return repeatWhile(
      i32.lessThan(m.y.value, m.yEnd.value),
      each((sum) => sum.set(f64x2.zero)),
      m.i.set(i32.constant(0)),
      repeatWhile(
        i32.lessThan(m.i.value, m.length.value),
        m.from.set(i32.add(m.x.value, m.i.value)),
        m.y0.set(f64x2.load(i32.add(m.y.value, m.i.value))),
        m.y1.set(f64x2.load(i32.add(m.y.value, m.i.value), 16)),
        ROWS.flatMap((i) =>
          join(
            m.left.set(f64x2.loadTwice(m.from.value, 8 * i)),
            m[`s${i}0`].set(add(m[`s${i}0`].value, multiply(m.left.value, m.y0.value))),
            m[`s${i}1`].set(add(m[`s${i}1`].value, multiply(m.left.value, m.y1.value))),
          ),
        ),
        m.i.set(i32.add(m.i.value, i32.constant(ROW_BYTES))),
      ),
      each((sum, i, h) =>
        f64x2.store(m.sum.value, add(f64x2.load(m.sum.value, place(i, h)), sum.value), place(i, h)),
      ),
      m.sum.set(i32.add(m.sum.value, i32.constant(SQUARE_BYTES))),
      m.y.set(i32.add(m.y.value, m.length.value)),
    );
  },
);
