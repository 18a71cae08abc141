import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  encodeSafetensors,
  openCheckpoint,
  openSafetensors,
  type StoredTensor,
} from '../../../src/checkpoint/index.ts';
import { measureLayers, openSpectrumPool, summarise } from '../../../src/layers/index.ts';
import { memoryBudget } from '../../../src/layers/memoryBudget.ts';
import { MemoryGate } from '../../../src/layers/memoryGate.ts';
import { matricesOf } from '../../../src/layers/view.ts';
import { type Method, wayOf } from '../../../src/layers/way.ts';
import { faultOf, scratchFolder } from '../checkpoint/scratch.ts';
import { layerSpectrum, plannedLayer } from './atOnce.ts';
import { type Described, headerOnly } from './checkpoints.ts';

const scratch = scratchFolder();

const refuse = (limit: number) => new Error(`more than ${limit}`);
const ones = (...shape: number[]): StoredTensor => ({
  dtype: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});

describe('the memory gate', () => {
  it('refuses what never fits, before it starts', async () => {
    const gate = new MemoryGate(100);
    let begun = false;
    const work = gate.run(101, undefined, refuse, async () => {
      begun = true;
    });
    await expect(work).rejects.toThrow('more than 100');
    expect(begun).toBe(false);
  });

  it('lets in what fits together, and the rest in the order of asking', async () => {
    const gate = new MemoryGate(100);
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const ask = (name: string, bytes: number) =>
      gate.run(bytes, undefined, refuse, () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      });
    const [a, b, c] = [ask('a', 60), ask('b', 60), ask('c', 40)];
    await Promise.resolve();
    expect(begun).toEqual(['a']);
    ends.get('a')!();
    await a;
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('b')!();
    ends.get('c')!();
    await Promise.all([b, c]);
  });

  it('leaves the queue when it is aborted, so that others move up', async () => {
    const gate = new MemoryGate(100);
    let end = () => {};
    const first = gate.run(60, undefined, refuse, () => new Promise<void>((resolve) => (end = resolve)));
    const stop = new AbortController();
    const second = gate.run(60, stop.signal, refuse, async () => {});
    const third = gate.run(40, undefined, refuse, async () => 'in');
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    expect(await third).toBe('in');
    end();
    await first;
  });
});

describe('the budget', () => {
  it('is what the variable names, or half of the memory here', () => {
    expect(memoryBudget('2000')).toBe(2e9);
    expect(memoryBudget('nonsense')).toBe(memoryBudget(undefined));
    expect(memoryBudget(undefined)).toBeGreaterThan(1e8);
  });
});

const bytesFor = async (
  entry: Described,
  asked: Method | 'auto',
  ranges = false,
  layer = entry.name,
): Promise<number> => {
  const read = async () => new Float32Array(0);
  const checkpoint: Checkpoint = { ...headerOnly([entry]), ...(ranges ? { ranges: () => read } : {}) };
  return wayOf(checkpoint, await plannedLayer(checkpoint, layer, 'slices'), asked).bytes;
};

describe('what a layer takes', () => {
  it('counts the values that a compressed array inflates to', async () => {
    const name = 'a.weight';
    const shape = [16_000, 16_000];
    const stored = { name, shape, bytes: 2_600_000, inflated: 4 * 16_000 ** 2 };
    expect(await bytesFor(stored, 'estimate')).toBeGreaterThan(8 * 16_000 ** 2);
    // When reading in parts, only the values are in memory.
    expect(await bytesFor(stored, 'estimate', true)).toBeLessThan(1.6 * 4 * 16_000 ** 2);
    // The matrix, its shuffled copy and the workspace, in float64.
    expect(await bytesFor(stored, 'exact')).toBeGreaterThan(3 * 8 * 16_000 ** 2);
  });

  it('is that of one slice, whatever their number', async () => {
    const kernel = (side: number) => ({ name: 'conv.weight', shape: [64, 64, side, side], bytes: 0 });
    const growth = (await bytesFor(kernel(40), 'exact')) / (await bytesFor(kernel(20), 'exact'));
    expect(growth).toBeLessThan(4.1);
    expect(await bytesFor(kernel(40), 'exact')).toBeLessThan(4 * 64 * 64 * 1600 + 120 * 64 * 1600 + 2 ** 20);
  });

  it('does not grow with the rows of a tall matrix that is read in parts', async () => {
    const embedding = (rows: number) => ({
      name: 'embed.weight',
      shape: [rows, 2048],
      bytes: 2 * rows * 2048,
    });
    for (const method of ['auto', 'exact', 'estimate'] as const) {
      const [small, large] = [
        await bytesFor(embedding(50_000), method, true),
        await bytesFor(embedding(500_000), method, true),
      ];
      expect(large).toBe(small);
      expect(large).toBeLessThan(5e8);
    }
    expect(await bytesFor(embedding(500_000), 'exact')).toBeGreaterThan(1e10);
  });
});

describe('a layer that does not fit', () => {
  const file = join(scratch, 'two.safetensors');
  writeFileSync(
    file,
    encodeSafetensors(
      new Map([
        ['small.weight', ones(8, 8)],
        ['large.weight', ones(600, 600)],
      ]),
    ),
  );
  const question = { file, convolution: 'reshape', method: 'exact' } as const;

  it('is refused with the numbers, and where it is', async () => {
    const pool = openSpectrumPool(1e6);
    try {
      const fault = await faultOf(pool.measure({ ...question, layer: 'large.weight' }));
      expect(fault.kind).toBe('run');
      expect(fault.message).toMatch(
        /^\S+two\.safetensors: layer "large\.weight" of 600 x 600 would take \d+(?:\.\d+)? MB of memory, more than the 1 MB that layers may take here\. Take an estimate, or allow more with PENTIMENTO_MEMORY_MB, or use a machine with more memory\.$/,
      );
    } finally {
      await pool.close();
    }
  });

  it('does not end the others: its cells say why', async () => {
    const pool = openSpectrumPool(1e6);
    try {
      const { layers } = await pool.use(file, (checkpoint) => summarise(checkpoint, 'reshape'));
      const signal = new AbortController().signal;
      const measured = await measureLayers(pool, layers, question, () => {}, signal);
      const cells = measured.map(({ layer, spectrum: { metrics, statistics } }) => [
        layer.name,
        metrics.spectralNorm,
        statistics.count,
      ]);
      expect(cells).toContainEqual(
        ['small.weight', { value: expect.closeTo(8, 10), note: undefined }, 64].filter(Boolean),
      );
      const [, norm, count] = cells.find(([name]) => name === 'large.weight')!;
      expect(norm).toEqual({
        value: null,
        note: expect.stringMatching(/^layer "large\.weight" .* MB of memory/),
      });
      expect(count).toBe(0);
    } finally {
      await pool.close();
    }
  });

  it('is a fault where no other layer was measured', async () => {
    const pool = openSpectrumPool(1e3);
    try {
      const { layers } = await pool.use(file, (checkpoint) => summarise(checkpoint, 'reshape'));
      const signal = new AbortController().signal;
      const fault = await faultOf(measureLayers(pool, layers, question, () => {}, signal));
      expect(fault.what).toMatch(/ [kM]B of memory, more than the 1 kB /);
    } finally {
      await pool.close();
    }
  });
});

describe('slices', () => {
  it('come one at a time', () => {
    const values = new Float32Array(4 * 6).map((_, k) => k);
    const [rows, columns, slices] = [4, 3, 2].map((extent) => [{ extent, stride: 1 }]);
    const view = {
      offset: 0,
      rows: [{ ...rows[0], stride: 6 }],
      columns: [{ ...columns[0], stride: 2 }],
      slices: [{ ...slices[0], stride: 1 }],
    };
    const each = matricesOf(values, view).each()[Symbol.iterator]();
    const first = each.next().value;
    const second = each.next().value;
    expect([...first!.data.subarray(0, 3), ...second!.data.subarray(0, 3)]).toEqual([0, 2, 4, 1, 3, 5]);
    expect(first!.data.buffer.byteLength + second!.data.buffer.byteLength).toBe(2 * 8 * 12);
  });

  it('may be more than a call takes arguments', async () => {
    const side = 380;
    const data = Float32Array.from({ length: side * side }, (_, k) => (k % 5) + 1);
    const kernel: StoredTensor = { dtype: 'float32', shape: [1, 1, side, side], data };
    const checkpoint = await openSafetensors(encodeSafetensors(new Map([['conv.weight', kernel]])), 'bytes');
    const question = { layer: 'conv.weight', convolution: 'slices' } as const;
    for (const method of ['exact', 'estimate'] as const) {
      const { singularValues, statistics } = await layerSpectrum(checkpoint, { ...question, method });
      expect(singularValues).toHaveLength(side * side);
      expect([singularValues[0], singularValues.at(-1)]).toEqual([5, 1]);
      expect(statistics).toMatchObject({ count: side * side, min: 1, max: 5 });
      expect(statistics.mean).toBeCloseTo(3, 12);
      expect(statistics.standardDeviation).toBeCloseTo(Math.SQRT2, 12);
    }
    await checkpoint.close();
  });
});

describe('a compressed archive of arrays', () => {
  it('says what each array inflates to', async () => {
    const archive = new URL('../../corpus/numpy/deflated.npz', import.meta.url);
    const checkpoint = await openCheckpoint(fileURLToPath(archive));
    try {
      const found = ['float32', 'half', 'int64'].map((name) => checkpoint.tensors.get(name)?.inflated);
      // As in Python's zipfile.
      expect(found).toEqual([176, 3326, 144]);
    } finally {
      await checkpoint.close();
    }
  });
});
