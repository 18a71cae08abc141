import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeSafetensors, openSafetensors, type StoredTensor } from '../../../src/checkpoint/index.ts';
import { measureTall } from '../../../src/layers/measureTall.ts';
import { type RowBlocks, rowBlocksOf } from '../../../src/layers/rowBlocks.ts';
import { plannedLayer } from './atOnce.ts';

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
  readonly scale?: readonly number[];
  readonly equal?: readonly [number, number];
  /** Computed by numpy. */
  readonly values: readonly number[];
}
const CASES = JSON.parse(readFileSync(new URL('./fixtures/tall.json', import.meta.url), 'utf8')) as Record<
  string,
  Case
>;

/** As in make_tall.py. */
const tallValues = ({ rows, columns, seed, scale, equal }: Case): Float32Array => {
  let state = seed;
  const values = Float32Array.from({ length: rows * columns }, (_, k) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(state / 2 ** 32 - 0.5) * (scale?.[k % columns] ?? 1);
  });
  if (equal !== undefined) {
    for (let i = 0; i < rows; i++) values[i * columns + equal[1]] = values[i * columns + equal[0]];
  }
  return values;
};

const transposed = (values: Float32Array, rows: number, columns: number): Float32Array =>
  Float32Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]);

/** The blocks of one layer of a file of these tensors. */
const blocksIn = async (
  tensors: Record<string, StoredTensor>,
  layer: string,
  use: (blocks: RowBlocks) => Promise<void>,
): Promise<void> => {
  const bytes = encodeSafetensors(new Map(Object.entries(tensors)));
  const checkpoint = await openSafetensors(bytes, 'bytes');
  try {
    const blocks = rowBlocksOf(checkpoint, await plannedLayer(checkpoint, layer, 'reshape'));
    expect(blocks).not.toBeNull();
    await use(blocks!);
  } finally {
    await checkpoint.close();
  }
};

const all = async (blocks: RowBlocks): Promise<number[]> => {
  const values: number[] = [];
  for await (const block of blocks.blocks()) values.push(...block);
  return values;
};

/** The same blocks, with so few rows that there are several. */
const inSmallBlocks = (blocks: RowBlocks, blockRows: number): RowBlocks => ({
  ...blocks,
  blockRows,
  async *blocks() {
    for await (const block of blocks.blocks()) {
      const step = blockRows * blocks.columns;
      for (let at = 0; at < block.length; at += step) yield block.slice(at, at + step);
    }
  },
});

const float32 = (data: Float32Array, ...shape: number[]): StoredTensor => ({ dtype: 'float32', shape, data });

describe.each(Object.entries(CASES))('a matrix summed by blocks of rows, %s', (_, tall) => {
  const { rows, columns, values: numpy } = tall;
  const data = tallValues(tall);

  it.each(['tall', 'wide'])("has numpy's singular values when it lies %s", async (lies) => {
    const isTall = lies === 'tall';
    const tensor = isTall
      ? float32(data, rows, columns)
      : float32(transposed(data, rows, columns), columns, rows);
    await blocksIn({ 'a.weight': tensor }, 'a.weight', async (blocks) => {
      const size = isTall ? ([rows, columns] as const) : ([columns, rows] as const);
      const { method, singularValues, shuffled, metrics, statistics } = await measureTall(
        inSmallBlocks(blocks, 256),
        { name: 'a.weight', dtype: 'F32', matrix: size },
      );
      expect(method).toBe('exact');
      expect(singularValues).toHaveLength(columns);
      singularValues.forEach((sigma, k) => {
        expect(Math.abs(sigma - numpy[k]) / numpy[0]).toBeLessThan(1e-10);
      });
      const squares = data.reduce((sum, value) => sum + value * value, 0);
      expect(shuffled!.reduce((sum, sigma) => sum + sigma * sigma, 0)).toBeCloseTo(squares, 8);
      expect(shuffled![0]).not.toBeCloseTo(numpy[0], 6);
      expect(metrics.shuffledSpectralNorm?.note).toBe(
        `shuffled within blocks of 256 ${isTall ? 'rows' : 'columns'}`,
      );
      expect(statistics).toMatchObject({ count: rows * columns, nan: 0, infinite: 0, zero: 0 });
      expect(statistics.max).toBe(data.reduce((most, value) => Math.max(most, value)));
      expect(statistics.min).toBe(data.reduce((least, value) => Math.min(least, value)));
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      expect(statistics.mean).toBeCloseTo(mean, 12);
      expect(statistics.standardDeviation! ** 2).toBeCloseTo(squares / data.length - mean ** 2, 12);
    });
  });
});

describe('where the singular values of a tall matrix come from', () => {
  const noteOf = async (name: string): Promise<string | undefined> => {
    const tall = CASES[name];
    let note: string | undefined;
    const { rows, columns } = tall;
    await blocksIn({ 'a.weight': float32(tallValues(tall), rows, columns) }, 'a.weight', async (blocks) => {
      note = (await measureTall(blocks, { name: 'a.weight', dtype: 'F32', matrix: [rows, columns] })).metrics
        .spectralNorm?.note;
    });
    return note;
  };

  it('is the Gram matrix, with the bound of every value, where that is small', async () => {
    const note = await noteOf('1000 x 37 even');
    const bound =
      /^from the Gram matrix, summed by blocks of rows: every singular value within (\S+) of the largest$/.exec(
        note ?? '',
      );
    expect(Number(bound?.[1])).toBeLessThan(1e-10);
  });

  it('is a QR decomposition where the Gram matrix would lose a value', async () => {
    expect(await noteOf('1000 x 37 deficient')).toMatch(/^from a QR decomposition by blocks of rows/);
  });

  it('is a QR decomposition where the squares would overflow', async () => {
    const data = Float64Array.from({ length: 300 * 2 }, (_, k) => (k % 2 === 0 ? 1e200 : 0));
    await blocksIn(
      { 'a.weight': { dtype: 'float64', shape: [300, 2], data } },
      'a.weight',
      async (blocks) => {
        const { singularValues } = await measureTall(blocks, {
          name: 'a.weight',
          dtype: 'F32',
          matrix: [300, 2],
        });
        expect(singularValues[0] / (1e200 * Math.sqrt(300))).toBeCloseTo(1, 12);
        expect(singularValues[1]).toBe(0);
      },
    );
  });

  it('is nowhere when values are not finite, and all of them are counted', async () => {
    const data = new Float32Array(600 * 2).fill(1);
    data[3] = Number.NaN;
    data[1199] = Number.POSITIVE_INFINITY;
    await blocksIn({ 'a.weight': float32(data, 600, 2) }, 'a.weight', async (blocks) => {
      const spectrum = await measureTall(inSmallBlocks(blocks, 128), {
        name: 'a.weight',
        dtype: 'F32',
        matrix: [600, 2],
      });
      expect(spectrum.singularValues).toEqual([]);
      expect(spectrum.metrics.spectralNorm?.note).toBe('the weights contain 1 NaN and 1 infinite value');
      expect(spectrum.statistics).toMatchObject({ count: 1200, nan: 1, infinite: 1, max: 1 });
    });
  });
});

describe('blocks of rows', () => {
  const numbered = (rows: number, columns: number): StoredTensor =>
    float32(
      Float32Array.from({ length: rows * columns }, (_, k) => k),
      rows,
      columns,
    );

  it('of a part are its own rows, and columns of it where it is wide', async () => {
    // Query, key and value side by side, as in GPT-2: 4 x 12.
    await blocksIn(
      { 'h.0.attn.c_attn.weight': numbered(4, 12) },
      'h.0.attn.c_attn.weight[k]',
      async (blocks) => {
        expect([blocks.rows, blocks.columns]).toEqual([4, 4]);
        expect(await all(blocks)).toEqual([4, 5, 6, 7, 16, 17, 18, 19, 28, 29, 30, 31, 40, 41, 42, 43]);
      },
    );
    await blocksIn({ 'a.weight': numbered(2, 5) }, 'a.weight', async (blocks) => {
      expect([blocks.rows, blocks.columns]).toEqual([5, 2]);
      expect(await all(blocks)).toEqual([0, 5, 1, 6, 2, 7, 3, 8, 4, 9]);
    });
  });
});
