import { describe, expect, it } from 'vitest';
import {
  ClassMoments,
  centred,
  classScatterOf,
  type Matrix,
  matrix,
  transpose,
} from '../../../src/spectrum/index.ts';
import { Moments } from '../../../src/spectrum/measures/moments.ts';
import { multiply } from '../../../src/spectrum/product.ts';
import { lcg } from '../../golden/generator.ts';
import { momentsOf } from '../../reference/moments.ts';

const random = (seed: number, rows: number, columns: number): Matrix =>
  matrix(rows, columns, lcg(seed, rows * columns));

/** Entrywise, relative to the largest expected entry. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-13): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs), Number.MIN_VALUE);
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(actual[k] - expected[k]) / largest, `entry ${k}`).toBeLessThanOrEqual(tolerance);
  }
}

function* chunks(a: Matrix, size: number): Generator<{ data: Float64Array; from: number; to: number }> {
  for (let from = 0; from < a.rows; from += size) {
    const to = Math.min(from + size, a.rows);
    yield { data: a.data.subarray(from * a.columns, to * a.columns), from, to };
  }
}

describe('moments', () => {
  it.each([1, 7, 64, 65, 200])('do not depend on chunks of %i samples', (size) => {
    const z = random(3, 150, 7);
    const moments = new Moments(7);
    for (const { data } of chunks(z, size)) moments.add(data);
    expect(moments.count).toBe(150);
    expectClose(moments.gram().data, multiply(transpose(z), z).data);
    const c = centred(z);
    expectClose(moments.scatter().data, multiply(transpose(c), c).data);
  });

  it('keep a small spread about a large mean', () => {
    const z = random(5, 100, 3);
    const moved = matrix(
      100,
      3,
      z.data.map((value, k) => value * 2 ** -20 + 2 ** (k % 3 === 0 ? 20 : 0)),
    );
    const shifted = matrix(
      100,
      3,
      moved.data.map((value, k) => value - 2 ** (k % 3 === 0 ? 20 : 0)),
    );
    const c = centred(shifted);
    expectClose(momentsOf(moved).scatter().data, multiply(transpose(c), c).data, 1e-9);
  });

  it('of a constant representation have no scatter at all', () => {
    const z = matrix(
      33,
      2,
      new Float64Array(66).map((_, k) => (k % 2 === 0 ? 0.1 : 1 / 3)),
    );
    expect([...momentsOf(z).scatter().data]).toEqual([0, 0, 0, 0]);
    expect([...momentsOf(z).mean()]).toEqual([0.1, 1 / 3]);
  });

  it('take float32 samples and refuse a part of one', () => {
    const moments = new Moments(2);
    moments.add(Float32Array.of(1, 2, 3, 4));
    expect([...moments.gram().data]).toEqual([10, 14, 14, 20]);
    expect(() => moments.add(Float32Array.of(1, 2, 3))).toThrow('no whole number of 2-dimensional samples');
  });
});

describe('class scatter', () => {
  const z = random(9, 90, 4);
  const labels = Array.from({ length: 90 }, (_, i) => (i * i) % 5);

  it('is the scatter about the class means', () => {
    const moments = new ClassMoments(4, 7);
    for (const { data, from, to } of chunks(z, 32)) moments.add(data, labels.slice(from, to));
    const { counts, means, within, samples } = moments.scatter();
    const present = [0, 1, 4];
    expect(samples).toBe(90);
    expect([...counts]).toEqual(present.map((c) => labels.filter((label) => label === c).length));
    const residual = matrix(90, 4, z.data.slice());
    for (const [k, c] of present.entries()) {
      const members = labels.flatMap((label, i) => (label === c ? [i] : []));
      for (let j = 0; j < 4; j++) {
        const mean = members.reduce((sum, i) => sum + z.data[i * 4 + j], 0) / members.length;
        expect(means.data[k * 4 + j]).toBeCloseTo(mean, 13);
        for (const i of members) residual.data[i * 4 + j] -= mean;
      }
    }
    expectClose(within.data, multiply(transpose(residual), residual).data);
  });

  it('refuses labels that do not fit', () => {
    const moments = new ClassMoments(4, 3);
    expect(() => moments.add(z.data, labels)).toThrow('label 4 is not below 3');
    expect(() => moments.add(z.data, [0])).toThrow('1 labels for 90 samples');
    expect(classScatterOf(z, labels).counts.length).toBe(3);
  });
});
