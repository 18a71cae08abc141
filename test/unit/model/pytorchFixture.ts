import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { LossSpec, OptimiserSpec, ScheduleSpec } from '../../../src/experiment/index.ts';

interface Listed {
  readonly shape: number[];
  readonly data: number[];
}
type Layers = Record<string, Listed>;

interface Fixture {
  readonly losses: {
    readonly labels: number[];
    readonly cases: {
      readonly name: string;
      readonly spec: LossSpec;
      readonly shape: [number, number];
      readonly batchSize: number;
      readonly value: number;
      readonly gradient: Listed;
    }[];
  };
  readonly batchNorm: {
    readonly shape: number[];
    readonly evaluated: Listed;
    readonly trained: Listed;
    readonly runningMean: Listed;
    readonly runningVariance: Listed;
    readonly dx: Listed;
    readonly dscale: Listed;
    readonly dshift: Listed;
  }[];
  readonly cnn: { readonly evaluate: Layers; readonly train: Layers };
  readonly resnet: { readonly evaluate: Layers; readonly train: Layers };
  readonly optimisers: {
    readonly labels: number[];
    readonly cases: {
      readonly spec: OptimiserSpec;
      readonly losses: number[];
      readonly after: Record<string, Listed>;
    }[];
  };
  readonly schedules: { readonly spec: ScheduleSpec; readonly rates: number[] }[];
}

/** Written by fixtures/pytorch.py. */
export const pytorch: Fixture = JSON.parse(
  readFileSync(new URL('./fixtures/pytorch.json', import.meta.url), 'utf8'),
);

/** The deterministic values of fixtures/pytorch.py: amplitude * sin(0.37 i^2 + phase) + offset. */
export const wave = (shape: readonly number[], phase: number, amplitude = 1, offset = 0): tf.Tensor => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from(
    { length: size },
    (_, i) => amplitude * Math.sin(0.37 * i * i + phase) + offset,
  );
  return tf.tensor(values, [...shape]);
};

/** Same shape, and no value further off than `tolerance` times the largest expected magnitude (at least 1). */
export const expectClose = (actual: tf.Tensor, expected: Listed, tolerance = 1e-5): void => {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.dataSync();
  const largest = Math.max(1, ...expected.data.map(Math.abs));
  const worst = Math.max(...expected.data.map((value, i) => Math.abs(value - values[i]) / largest));
  expect(worst).toBeLessThan(tolerance);
};
