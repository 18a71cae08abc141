import { describe, expect, it } from 'vitest';
import type { ModelArray } from '../../../src/runtime/index.ts';
import { rawInput } from '../../../src/sources/model/rawInput.ts';

const port = (name: string, type = 'float32') => ({ name, type, shape: [null] });

const floats = (shape: readonly number[], valueAt: (at: number) => number): ModelArray => ({
  type: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => valueAt(at)),
});

const inputOf = (array: ModelArray, isChannelsFirst: boolean | null = null) =>
  rawInput(
    [port('x', array.type)],
    { images: isChannelsFirst === null ? null : ({ isChannelsFirst } as never) },
    { x: array },
  );

describe('the input of a model as a layer', () => {
  it.each([
    ['channels first', true],
    ['channels last', false],
    ['channels first, found from the shape', null],
  ] as const)('is the mean of each cell of a grid: %s', (_, isChannelsFirst) => {
    // Value of channel k at row i and column j: 1000 k + 100 i + j, on 48 x 32, so that a cell is 3 x 2.
    const [channels, height, width] = [3, 48, 32];
    const shape = isChannelsFirst === false ? [2, height, width, channels] : [2, channels, height, width];
    const array = floats(shape, (at) => {
      const own = at % (channels * height * width);
      const [k, i, j] =
        isChannelsFirst === false
          ? [own % channels, Math.floor(own / (channels * width)), Math.floor(own / channels) % width]
          : [Math.floor(own / (height * width)), Math.floor(own / width) % height, own % width];
      return 1000 * k + 100 * i + j + (at > own ? 7 : 0);
    });
    const input = inputOf(array, isChannelsFirst)!;
    expect([input.dimensions, input.pooling]).toEqual([3 * 256, 'positions averaged to 16 x 16']);
    const rows = input.rows(array);
    expect(rows).toHaveLength(2 * 768);
    for (let sample = 0; sample < 2; sample++) {
      for (const [k, y, x] of [
        [0, 0, 0],
        [1, 3, 9],
        [2, 15, 15],
      ]) {
        const mean = 1000 * k + 100 * (3 * y + 1) + 2 * x + 0.5 + (sample === 1 ? 7 : 0);
        expect(rows[sample * 768 + k * 256 + y * 16 + x]).toBeCloseTo(mean, 3);
      }
    }
  });

  it('has sides that no cell divides', () => {
    const array = floats([1, 1, 50, 17], () => 3);
    expect([...inputOf(array)!.rows(array)]).toEqual(new Array(256).fill(3));
  });

  it.each([
    [[4, 10], 10, 'none'],
    [[4, 3, 8, 8], 192, 'whole'],
    [[4, 20, 30], 600, 'whole'],
  ])('is an array as it is: %j', (shape, dimensions, pooling) => {
    const array = floats(shape, (at) => at);
    const input = inputOf(array)!;
    expect([input.dimensions, input.pooling]).toEqual([dimensions, pooling]);
    expect(input.rows(array)).toEqual(array.data);
  });

  it('is none for tokens, several inputs, and what is too wide', () => {
    expect(inputOf({ type: 'int64', shape: [2, 5], data: new BigInt64Array(10) })).toBe(null);
    expect(inputOf(floats([2, 80, 300], () => 0))).toBe(null);
    const two = { x: floats([2, 3], () => 0), y: floats([2, 3], () => 0) };
    expect(rawInput([port('x'), port('y')], { images: null }, two)).toBe(null);
  });
});
