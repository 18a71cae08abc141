import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { EncoderSpec, HeadSpec } from '../../../src/experiment/index.ts';
import { buildModel, forwardFunction, variablesFor } from '../../../src/model/index.ts';
import { reweightingFactors } from '../../../src/model/reweighting.ts';
import { wave } from './pytorchFixture.ts';

const built = (head: HeadSpec, width: number, encoder?: EncoderSpec) => {
  const model = buildModel(
    {
      encoder: encoder ?? {
        kind: 'diagonal',
        depth: 1,
        threshold: 0,
        trainThreshold: false,
        initialScale: 1,
      },
      head,
      loss: { kind: 'spectral' },
    },
    { sampleShape: [width], classes: 0, seed: 5, normalisation: null },
  );
  const variables = Object.fromEntries(
    model.variables.map(({ name, shape, initial }) => [name, tf.tensor(initial, [...shape])]),
  );
  return { model, variables };
};

describe('symmetric-relu head', () => {
  it('is exactly the identity at the start', () => {
    const { model, variables } = built(
      { kind: 'symmetric-relu', weights: 'full', threshold: 0, trainThreshold: true, initialScale: 1 },
      4,
    );
    const x = wave([3, 4], 0.1);
    const { layers } = model.forward(x, variables, 'train');
    for (const name of ['head.1', 'head.2', 'head.3']) expect(layers[name].dataSync()).toEqual(x.dataSync());
  });

  it('is the soft threshold for b > 0', () => {
    const { model, variables } = built(
      { kind: 'symmetric-relu', weights: 'diagonal', threshold: 0.5, trainThreshold: false, initialScale: 2 },
      5,
    );
    const x = tf.tensor2d([-2, -0.5, 0.25, 0.75, 3], [1, 5]);
    expect([...model.forward(x, variables, 'train').output.dataSync()]).toEqual([-3, 0, 0, 0.5, 5]);
    expect(Object.keys(variables)).toEqual(['encoder.1.weight', 'head.1.weight']);
  });
});

describe('reweighting head', () => {
  it('has no parameters and is the identity for kappa = 1', () => {
    const { model, variables } = built({ kind: 'reweighting', kappa: 1 }, 6);
    const x = wave([3, 6], 0.1);
    expect(model.forward(x, variables, 'train').output.dataSync()).toEqual(x.dataSync());
    expect(model.variables.filter(({ layer }) => layer === 'head.1')).toEqual([]);
  });

  it('underflows to zeros, with zero and never NaN gradients, for kappa 1.5 and 2048 dimensions', () => {
    const { model, variables } = built({ kind: 'reweighting', kappa: 1.5 }, 2048);
    const x = wave([2, 2048], 0.1);
    const { value, grad } = tf.valueAndGrad((input) =>
      tf.sum(tf.square(model.forward(input, variables, 'train').output)),
    )(x);
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    const gradients = [...grad.dataSync()];
    expect(gradients.every(Number.isFinite)).toBe(true);
    expect(gradients.slice(257, 2048).every((slope) => slope === 0)).toBe(true);
  });

  it('weighs by kappa^-i up to the documented index', () => {
    // Exact powers: 2^-149 is the smallest subnormal number of float32.
    const halves = reweightingFactors(2, 160);
    expect(halves[149]).toBe(2 ** -149);
    // 2^-150 is half of it, and rounds to it or to 0.
    expect([150, 151]).toContain(halves.indexOf(0));
    for (const [kappa, index] of [
      [1.5, 257],
      [1.2, 571],
      [1.1, 1091],
      [1.05, 2132],
    ]) {
      const factors = reweightingFactors(kappa, 2200);
      expect(factors[index]).toBe(0);
      expect(factors[index - 1]).toBeGreaterThan(0);
      expect(factors[7] / kappa ** -7).toBeCloseTo(1, 6);
    }
  });
});

describe('linear chain', () => {
  const gram = (weight: tf.Tensor, inner: boolean) =>
    tf.matMul(weight as tf.Tensor2D, weight as tf.Tensor2D, inner, !inner);

  it('starts balanced through encoder and head, whatever the widths', () => {
    const { variables } = built({ kind: 'linear', width: 3 }, 6, {
      kind: 'linear',
      widths: [8, 5],
      initialScale: 0.7,
    });
    const [first, second, third] = ['encoder.1', 'encoder.2', 'head.1'].map(
      (name) => variables[`${name}.weight`],
    );
    const difference = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
    expect(difference(gram(first, false), gram(second, true))).toBeLessThan(1e-6);
    expect(difference(gram(second, false), gram(third, true))).toBeLessThan(1e-6);
    expect(difference(gram(third, false), tf.mul(tf.eye(3), 0.49))).toBeLessThan(1e-6);
  });

  it('is orthogonal times 0.5 for equal widths, and another one for another seed', () => {
    const encoder: EncoderSpec = { kind: 'linear', widths: [4] };
    const { variables } = built({ kind: 'none' }, 4, encoder);
    const quarter = tf.mul(tf.eye(4), 0.25);
    expect(
      tf.max(tf.abs(tf.sub(gram(variables['encoder.1.weight'], true), quarter))).dataSync()[0],
    ).toBeLessThan(1e-6);
    const weightsOf = (seed: number) =>
      buildModel(
        { encoder, head: { kind: 'none' }, loss: { kind: 'spectral' } },
        { sampleShape: [4], classes: 0, seed, normalisation: null },
      ).variables[0].initial;
    expect(weightsOf(5)).toEqual(variables['encoder.1.weight'].dataSync());
    expect(weightsOf(6)).not.toEqual(weightsOf(5));
  });
});

describe('initial values', () => {
  it('are He normal: mean 0, variance 2 / fan-in, normal kurtosis, independent of other layers', () => {
    const { model } = built({ kind: 'none' }, 300, { kind: 'mlp', widths: [400], batchNorm: false });
    const values = model.variables[0].initial;
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(2 / 300 / values.length));
    expect(moment(2) / (2 / 300)).toBeCloseTo(1, 1);
    expect(moment(4) / moment(2) ** 2).toBeCloseTo(3, 0);
    const deeper = built({ kind: 'linear', width: 2 }, 300, {
      kind: 'mlp',
      widths: [400, 3],
      batchNorm: false,
    });
    expect(deeper.model.variables[0].initial).toEqual(values);
  });
});

describe('forward function', () => {
  const encoder: EncoderSpec = { kind: 'mlp', widths: [3, 2], batchNorm: false };

  it('needs only the variables up to the layer', () => {
    const { model, variables } = built({ kind: 'linear', width: 2 }, 4, encoder);
    const needed = variablesFor(model, ['encoder.1']).map(({ name }) => name);
    expect(needed).toEqual(['encoder.1.weight', 'encoder.1.bias']);
    const given = Object.fromEntries(needed.map((name) => [name, variables[name]]));
    const outputs = forwardFunction(model, ['encoder.1'], { pooling: 'mean' })({
      ...given,
      x: wave([5, 4], 1),
    });
    expect(outputs['encoder.1'].shape).toEqual([5, 3]);
  });

  it('reads the normalised sample, flat, as the input layer', () => {
    const model = buildModel(
      { encoder, head: { kind: 'none' }, loss: { kind: 'spectral' } },
      { sampleShape: [1, 2, 2], classes: 0, seed: 0, normalisation: { mean: [1, 2], std: [2, 4] } },
    );
    const variables = Object.fromEntries(
      variablesFor(model, ['input']).map(({ name, initial }) => [name, tf.tensor(initial)]),
    );
    const x = tf.tensor([3, 10, 5, 2], [1, 1, 2, 2]);
    const { input } = forwardFunction(model, ['input'], { pooling: 'mean' })({ ...variables, x });
    expect(input.shape).toEqual([1, 4]);
    expect([...input.dataSync()]).toEqual([1, 2, 2, 0]);
  });

  it('says which layers there are', () => {
    const { model } = built({ kind: 'none' }, 4, encoder);
    expect(() => forwardFunction(model, ['encoder.9'], { pooling: 'mean' })).toThrow(
      'layers: there is no layer encoder.9. Choose from input, encoder.1, encoder.2.',
    );
  });
});
