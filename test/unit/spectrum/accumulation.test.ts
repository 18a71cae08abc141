import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ClassMoments,
  centred,
  ckaMatrix,
  classScatterOf,
  linearCka,
  type Matrix,
  Moments,
  matrix,
  momentsOf,
  multiply,
  PairMoments,
  SimilarityMoments,
  transpose,
  viewCorrelation,
} from '../../../src/spectrum/index.ts';
import { lcg } from '../../golden/generator.ts';

const oracle = JSON.parse(readFileSync(new URL('./fixtures/spectra.json', import.meta.url), 'utf8'));
const unpack = (packed: { rows: number; columns: number; data: number[] }): Matrix =>
  matrix(packed.rows, packed.columns, Float64Array.from(packed.data));

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

describe('view correlation', () => {
  const first = unpack(oracle.views.first);
  const second = unpack(oracle.views.second);

  it('is the generalised spectrum that scipy finds, in chunks', () => {
    const moments = new PairMoments(5);
    const others = chunks(second, 17);
    for (const { data } of chunks(first, 17)) moments.add(data, others.next().value!.data);
    expectClose(viewCorrelation(moments.moments()).values, oracle.views.rho);
    expectClose(viewCorrelation(moments.moments(true)).values, oracle.views.rhoCentred);
  });

  it('is 1 for equal views, and leaves out directions that no view has', () => {
    const moments = new PairMoments(4);
    const z = random(2, 40, 4);
    for (let k = 3; k < z.data.length; k += 4) z.data[k] = 0;
    moments.add(z.data, z.data);
    const { values, dropped } = viewCorrelation(moments.moments());
    expectClose(values, [1, 1, 1]);
    expect(dropped).toBe(1);
  });

  it('of a representation that is zero is empty', () => {
    const moments = new PairMoments(2);
    moments.add(new Float64Array(8), new Float64Array(8));
    expect(viewCorrelation(moments.moments())).toEqual({ values: new Float64Array(0), dropped: 2 });
  });
});

describe('linear CKA', () => {
  const x = random(11, 130, 6);
  const y = multiply(x, random(12, 6, 9));
  const noise = random(13, 130, 9);
  const layers = [
    x,
    matrix(
      130,
      9,
      y.data.map((value, k) => value + noise.data[k] + 3),
    ),
    random(14, 130, 3),
  ];

  it.each(['biased', 'debiased'] as const)('%s: streamed as from whole matrices', (form) => {
    const moments = new SimilarityMoments([6, 9, 3]);
    const parts = layers.map((layer) => [...chunks(layer, 50)]);
    for (let k = 0; k < parts[0].length; k++) moments.add(parts.map((part) => part[k].data));
    const streamed = moments.cka(form);
    const whole = ckaMatrix(layers, form);
    for (let l = 0; l < 3; l++) {
      for (let m = 0; m < 3; m++) expect(streamed[l][m].value).toBeCloseTo(whole[l][m].value!, 12);
      expect(whole[l][l].value).toBeCloseTo(1, 14);
    }
  });

  it('does not change under rotation, scaling and translation', () => {
    const rotated = multiply(x, rotation(6, 0.7));
    const moved = matrix(
      130,
      6,
      rotated.data.map((value) => 5 * value - 2),
    );
    expect(linearCka(moved, layers[1]).value).toBeCloseTo(linearCka(x, layers[1]).value!, 12);
    expect(linearCka(x, moved).value).toBeCloseTo(1, 12);
  });

  it('is 1 when biased for more dimensions than samples, and near 0 debiased, for unrelated data', () => {
    const wide = [random(21, 12, 3000), random(22, 12, 3000)];
    expect(linearCka(wide[0], wide[1], 'biased').value).toBeGreaterThan(0.95);
    expect(Math.abs(linearCka(wide[0], wide[1]).value!)).toBeLessThan(0.2);
  });

  it('has no value for a constant representation or for three samples', () => {
    const constant = matrix(130, 2, new Float64Array(260).fill(0.1));
    expect(linearCka(x, constant).note).toBe('a representation does not vary over the samples');
    const streamed = new SimilarityMoments([6, 2]);
    streamed.add([x.data, constant.data]);
    expect(streamed.cka()[0][1].value).toBeNull();
    expect(linearCka(random(1, 3, 2), random(2, 3, 2)).note).toBe('3 samples; debiased CKA needs 4');
  });
});

/** Rotation by `angle` in every plane of neighbouring coordinates. */
function rotation(n: number, angle: number): Matrix {
  let result = matrix(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  for (let i = 0; i + 1 < n; i++) {
    const turn = matrix(n, n);
    for (let k = 0; k < n; k++) turn.data[k * n + k] = 1;
    turn.data[i * n + i] = Math.cos(angle);
    turn.data[(i + 1) * n + i + 1] = Math.cos(angle);
    turn.data[i * n + i + 1] = -Math.sin(angle);
    turn.data[(i + 1) * n + i] = Math.sin(angle);
    result = multiply(result, turn);
  }
  return result;
}
