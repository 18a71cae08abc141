import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  balancedScales,
  layerWeights,
  outputWeights,
  pairMoments,
  postWeight,
  retainedFeatures,
  viewMoments,
} from '../../../src/theory/index.ts';

const STRENGTHS = [0.3, 0.6, 1, 1.5, 2.5];
const NOISE = [1, 0.5, 1, 0.5, 0.3];

/** Additive noise in both views. */
const additiveMoments = (phi: number, sigma: number) => {
  const view = viewMoments(phi, [{ kind: 'additive', sigma }]);
  return pairMoments(view, view);
};

type Matrix = number[][];
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const transpose = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));
const add = (a: Matrix, b: Matrix, scale: number): Matrix =>
  a.map((row, i) => row.map((value, j) => value + scale * b[i][j]));
const diagonal = (values: number[]): Matrix => values.map((v, i) => values.map((_, j) => (i === j ? v : 0)));
const product = (matrices: Matrix[], size: number): Matrix =>
  matrices.reduce((below, matrix) => multiply(matrix, below), diagonal(Array(size).fill(1)));

/** 0.5 times a product of plane rotations: a balanced start that is not diagonal. */
function rotated(size: number, angle: number): Matrix {
  let q = diagonal(Array(size).fill(0.5));
  for (let p = 0; p + 1 < size; p += 1) {
    const plane = diagonal(Array(size).fill(1));
    plane[p][p] = plane[p + 1][p + 1] = Math.cos(angle + p);
    plane[p][p + 1] = -Math.sin(angle + p);
    plane[p + 1][p] = Math.sin(angle + p);
    q = multiply(plane, q);
  }
  return q;
}

/** Plain gradient descent on L = -2 tr(MA) + tr(MBMB), M = F^T F, F = W_L ... W_1, on full matrices. */
function trainedWeights(strengths: number[], noise: number[], layers: number): number[][] {
  const size = strengths.length;
  const a = diagonal(strengths.map((phi) => phi ** 2));
  const b = diagonal(strengths.map((phi, j) => phi ** 2 + noise[j] ** 2));
  let w = Array.from({ length: layers }, (_, l) => rotated(size, l));
  for (let step = 0; step < 4_000; step += 1) {
    const f = product(w, size);
    const m = multiply(transpose(f), f);
    const slope = multiply(f, add(multiply(multiply(b, m), b), a, -1));
    const gradients = w.map((_, l) =>
      multiply(
        multiply(transpose(product(w.slice(l + 1), size)), slope),
        transpose(product(w.slice(0, l), size)),
      ),
    );
    w = w.map((matrix, l) => add(matrix, gradients[l], -0.02));
  }
  return w.map((_, l) => transpose(product(w.slice(0, l + 1), size)).map((column) => Math.hypot(...column)));
}

describe('weights of the linear network', () => {
  it.each([2, 3, 4])('are what gradient descent reaches, s^(l/L), with %i layers', (layers) => {
    const strengths = [0.9, 1, 1.5];
    const noise = [0.4, 1, 0.5];
    const trained = trainedWeights(strengths, noise, layers);
    const moments = strengths.map((phi, j) => additiveMoments(phi, noise[j]));
    layerWeights(outputWeights(moments), balancedScales(layers)).forEach((weights, l) => {
      weights.forEach((weight, j) => {
        expect(Math.abs(trained[l][j] - weight)).toBeLessThan(1e-3 * weight);
      });
    });
  });

  it('agree with the checked values of the derivation', () => {
    const moments = STRENGTHS.map((phi, j) => additiveMoments(phi, NOISE[j]));
    const [pre, post] = layerWeights(outputWeights(moments), [1, 1]);
    expect(pre!.map((w) => w.toFixed(4))).toEqual(['0.5246', '0.9918', '0.7071', '0.7746', '0.6280']);
    expect(post!.map((w) => w.toFixed(4))).toEqual(['0.2752', '0.9836', '0.5000', '0.6000', '0.3943']);
  });

  it('are highest where the strength equals the noise', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (sigma, phi) => postWeight(additiveMoments(phi, sigma)) <= (1 / (2 * sigma)) * (1 + 1e-12),
      ),
    );
    expect(postWeight(additiveMoments(0.7, 0.7))).toBeCloseTo(1 / 1.4, 12);
  });

  it('keep the most correlated features when the output is narrow', () => {
    const moments = STRENGTHS.map((phi, j) => additiveMoments(phi, NOISE[j]));
    // rho = .0826, .5902, .5, .9, .9858
    expect(retainedFeatures(moments, 3)).toEqual([1, 3, 4]);
    expect(outputWeights(moments, { capacity: 3 }).map((w) => w > 0)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });
});
