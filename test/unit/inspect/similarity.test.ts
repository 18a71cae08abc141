import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { generalisedEigenvalues, pivotedCholesky } from '../../../src/inspect/algebra/generalisedEigen.ts';
import { Products } from '../../../src/inspect/algebra/products.ts';
import { collapseMeasures } from '../../../src/inspect/measures/collapse.ts';
import { similarityOf } from '../../../src/inspect/measures/similarity.ts';
import { viewCorrelation } from '../../../src/inspect/views/viewCorrelation.ts';
import { viewLidar } from '../../../src/inspect/views/viewLidar.ts';
import { openBackend } from '../../../src/runtime/index.ts';
import { classScatterOf, type Matrix, matrix, matrixOfRows } from '../../../src/spectrum/index.ts';
import { multiply } from '../../../src/spectrum/product.ts';
import { lcg } from '../../golden/generator.ts';
import { debiasedCka } from '../../reference/cka.ts';
import { lidar } from '../../reference/lidar.ts';

const golden = JSON.parse(readFileSync(new URL('../../golden/metrics.json', import.meta.url), 'utf8'));
const { views } = JSON.parse(
  readFileSync(new URL('../spectrum/fixtures/spectra.json', import.meta.url), 'utf8'),
);
const random = (seed: number, rows: number, columns: number): Matrix =>
  matrix(rows, columns, lcg(seed, rows * columns));
const mapped = (a: Matrix, map: (value: number, at: number) => number): Matrix =>
  matrix(a.rows, a.columns, a.data.map(map));
const products = new Products(await openBackend('native', { threads: 1 }));
afterAll(() => products.dispose());

/** X 40x8 and Y 40x6 by the recipe of the golden file. */
const goldenInputs = (): { x: Matrix; y: Matrix } => {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const x = Float64Array.from({ length: 320 }, next);
  const y = Float64Array.from({ length: 240 }, next);
  const scale = [3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2];
  const shift = [0.4, 0, -0.2, 0, 0, 0.1, 0, 0];
  for (let at = 0; at < 320; at++) x[at] = x[at] * scale[at % 8] + shift[at % 8];
  for (let i = 0; i < 40; i++) for (let j = 0; j < 3; j++) y[i * 6 + j] += x[i * 8 + j];
  return { x: matrix(40, 8, x), y: matrix(40, 6, y) };
};

describe('similarityOf', () => {
  it('is the debiased linear CKA of the golden file', async () => {
    const { x, y } = goldenInputs();
    expect(x.data[0]).toBeCloseTo(golden.X00, 12);
    const { cka, samples } = await similarityOf(products, [x, y]);
    expect(samples).toBe(40);
    expect(cka[0][1]).toBeCloseTo(golden.cka_linear_debiased_feature_form, 9);
    expect(cka[1][0]).toBe(cka[0][1]);
    expect(cka[0][0]).toBeCloseTo(1, 12);
  });

  it('is what whole kernels give, for every pair', async () => {
    const x = random(11, 130, 6);
    const y = multiply(x, random(12, 6, 9));
    const noise = random(13, 130, 9).data;
    const layers = [x, mapped(y, (value, at) => value + noise[at] + 3), random(14, 130, 3)];
    const { cka } = await similarityOf(products, layers);
    for (const [l, row] of cka.entries()) {
      for (const [m, cell] of row.entries()) expect(cell).toBeCloseTo(debiasedCka(layers[l], layers[m]), 11);
    }
  });

  it('does not change under rotation, scaling and translation', async () => {
    const [x, y] = [random(11, 130, 2), random(12, 130, 5)];
    const rotation = matrix(2, 2, Float64Array.of(0.6, -0.8, 0.8, 0.6));
    const moved = mapped(multiply(x, rotation), (value) => 5 * value - 2);
    const { cka } = await similarityOf(products, [x, y, moved]);
    expect(cka[2][1]).toBeCloseTo(cka[0][1]!, 12);
    expect(cka[2][0]).toBeCloseTo(1, 12);
  });

  it('is near 0 for unrelated data of more dimensions than samples', async () => {
    const { cka } = await similarityOf(products, [random(21, 12, 3000), random(22, 12, 3000)]);
    expect(Math.abs(cka[0][1]!)).toBeLessThan(0.2);
  });

  it('has no value for a constant representation or fewer than 4 samples', async () => {
    const { x, y } = goldenInputs();
    const constant = matrix(40, 2, new Float64Array(80).fill(3));
    expect((await similarityOf(products, [x, constant])).cka[0][1]).toBeNull();
    const three = [x, y].map((m) => matrix(3, m.columns, Float64Array.from(m.data.slice(0, 3 * m.columns))));
    expect((await similarityOf(products, three)).cka).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});

describe('generalisedEigenvalues', () => {
  it('has the view correlations, and leaves dependent dimensions out', async () => {
    // Two features with B = 2, 5 and A = 1, 4; a third dimension copies the first, a fourth is constant zero.
    const map = [
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 0],
    ];
    const through = ([first, second]: number[]) =>
      matrix(
        4,
        4,
        Float64Array.from(map.flatMap((a) => map.map((b) => a[0] * b[0] * first + a[1] * b[1] * second))),
      );
    const values = await generalisedEigenvalues(products, through([1, 4]), through([2, 5]));
    expect([...values]).toEqual([expect.closeTo(4 / 5, 12), expect.closeTo(1 / 2, 12)]);
  });

  it('takes the largest dimension first', async () => {
    const { chosen } = await pivotedCholesky(products, matrix(2, 2, Float64Array.of(1, 0, 0, 9)), 1e-10);
    expect(chosen).toEqual([1, 0]);
  });

  it('factors more dimensions than one block holds, and stops at the rank', async () => {
    // min(i, j) of Brownian motion is positive definite; the last 50 dimensions copy the first.
    const n = 350;
    const index = (i: number) => (i < 300 ? i : i - 300) + 1;
    const entries = Float64Array.from({ length: n * n }, (_, at) =>
      Math.min(index(Math.floor(at / n)), index(at % n)),
    );
    const { chosen, factor } = await pivotedCholesky(products, matrix(n, n, entries), 1e-10);
    expect(chosen.length).toBe(300);
    expect(new Set(chosen.map(index)).size).toBe(300);
    const product = await products.inner(factor, factor);
    chosen.forEach((i, a) => {
      chosen.forEach((j, b) => {
        expect(Math.abs(product.data[a * 300 + b] - Math.min(index(i), index(j)))).toBeLessThan(1e-9);
      });
    });
  });
});

describe('viewCorrelation', () => {
  const of = (first: Matrix, second: Matrix) =>
    viewCorrelation(products, { first, second, objects: first, viewsPerObject: 1 });

  it('is the generalised spectrum that scipy finds', async () => {
    const [first, second] = [views.first, views.second].map(({ rows, columns, data }) =>
      matrix(rows, columns, Float64Array.from(data)),
    );
    const { values: rho } = await of(first, second);
    expect([...rho]).toEqual(views.rho.map((value: number) => expect.closeTo(value, 12)));
  });

  it('is 1 for equal views, and leaves out a dimension that no view has', async () => {
    const z = mapped(random(2, 40, 4), (value, at) => (at % 4 === 3 ? 0 : value));
    expect([...(await of(z, z)).values]).toEqual([1, 1, 1].map((value) => expect.closeTo(value, 12)));
  });

  it('of a representation that is zero is empty', async () => {
    expect([...(await of(matrix(4, 2), matrix(4, 2))).values]).toEqual([]);
  });
});

describe('viewLidar', () => {
  it('counts the directions in which objects differ alike', async () => {
    // Objects at +-e_j in 3 of 4 dimensions; views at +-0.1 along every dimension: Sw is isotropic.
    const rows = Array.from({ length: 48 }, (_, at) => {
      const [object, view] = [Math.floor(at / 8), at % 8];
      const z = [0, 0, 0, 0];
      z[object >> 1] = object % 2 === 0 ? 1 : -1;
      z[view >> 1] += view % 2 === 0 ? 0.1 : -0.1;
      return z;
    });
    const { value } = await viewLidar(products, { objects: matrixOfRows(rows), viewsPerObject: 8 });
    expect(value).toBeCloseTo(3, 5);
  });

  it('is what an inverse square root gives', async () => {
    const objects = random(5, 60, 7);
    const scatter = classScatterOf(
      objects,
      Array.from({ length: 60 }, (_, i) => Math.floor(i / 4)),
    );
    const { value } = await viewLidar(products, { objects, viewsPerObject: 4 });
    expect(value).toBeCloseTo(lidar(scatter).value!, 9);
  });

  it('needs two objects that differ', async () => {
    const two = matrix(2, 1, Float64Array.of(1, 2));
    expect((await viewLidar(products, { objects: two, viewsPerObject: 2 })).note).toBe('1 objects');
    const same = matrix(4, 1, Float64Array.of(1, 2, 1, 2));
    const { value, note } = await viewLidar(products, { objects: same, viewsPerObject: 2 });
    expect({ value, note }).toEqual({ value: null, note: 'all values are zero' });
  });

  it('is the LiDAR of the golden file: 10 objects with 4 views each', async () => {
    const { x } = goldenInputs();
    const { value, note } = await viewLidar(products, { objects: x, viewsPerObject: 4 });
    expect(value).toBeCloseTo(golden['lidar_div_n_paper_eq_eps_after_norm_1e-8'], 8);
    expect(note).toBe('10 objects x 4 views');
  });
});

describe('collapseMeasures', () => {
  let state = 777;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const weights = matrix(3, 8, Float64Array.from({ length: 24 }, next));
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 3);
  const samples = goldenInputs().x;

  it('are NC1 to NC4 of the golden file below a classifier', () => {
    const classifier = { weights, bias: new Float64Array(3) };
    const found = collapseMeasures(samples, { labels, classes: 3, classifier });
    expect(found.nc1.value).toBeCloseTo(golden.nc1_trSwPinvSb_over_K_global_sample_mean, 9);
    expect(found.nc2Norms.value).toBeCloseTo(golden.nc2_equinorm_cov_ddof1, 9);
    expect(found.nc2Angles.value).toBeCloseTo(golden.nc2_coherence_papyan, 9);
    expect(found.nc3?.value).toBeCloseTo(golden.nc3_unsquared, 9);
    expect(found.nc4?.value).toBeCloseTo(golden.nc4_agreement_no_bias, 9);
  });

  it('leave NC3 and NC4 out elsewhere, and without value where a class has no samples', () => {
    expect(Object.keys(collapseMeasures(samples, { labels, classes: 3, classifier: null }))).toEqual([
      'nc1',
      'nc2Norms',
      'nc2Angles',
    ]);
    const classifier = { weights: matrix(4, 8, new Float64Array(32)), bias: new Float64Array(4) };
    const { nc3 } = collapseMeasures(samples, { labels, classes: 4, classifier });
    expect(nc3).toEqual({ value: null, note: '3 of 4 classes have samples' });
  });
});
