import type { AugmentationSpec, DataSpec } from '../../experiment/index.ts';
import { drawUnit, randomBasis } from '../coordinates.ts';
import type { Factor } from '../dataSet.ts';
import { continuous } from '../factors.ts';
import { populationOf } from '../population.ts';
import { openStream } from '../random.ts';
import { type CoordinateStore, sharedDoubles } from '../sampleStore.ts';
import { type StoredDataSet, storedDataSet } from '../storedDataSet.ts';
import type { Splits } from './splits.ts';

type SyntheticSpec = Extract<DataSpec, { kind: 'synthetic' }>;

const directionsOf = (spec: SyntheticSpec, seed: number): Float64Array | null => {
  if (spec.directions === 'identity') return null;
  const features = spec.strengths.length;
  const shared = sharedDoubles(features * features);
  shared.set(randomBasis(features, openStream(seed, 'directions')));
  return shared;
};

const drawSplit = (
  name: 'train' | 'test',
  size: number,
  spec: SyntheticSpec,
  directions: Float64Array | null,
  seed: number,
): StoredDataSet => {
  const features = spec.strengths.length;
  const random = openStream(seed, `factors ${name}`);
  const factors = sharedDoubles(size * features);
  for (let at = 0; at < factors.length; at++) factors[at] = drawUnit(random, spec.factors);
  const store: CoordinateStore = {
    kind: 'coordinates',
    size,
    shape: [features],
    distribution: spec.factors,
    strengths: Float64Array.from(spec.strengths),
    directions,
    factors,
  };
  const columns = spec.strengths.map(
    (_, j): Factor =>
      continuous(
        `feature-${j + 1}`,
        Float64Array.from({ length: size }, (_, sample) => factors[sample * features + j]),
      ),
  );
  return storedDataSet(name, store, columns);
};

/**
 * x = sum_j phi_j h_j v_j with independent, zero-mean, unit-variance h_j; every h_j is the continuous factor
 * `feature-<j>`, counted from 1. With `sampling: population` the splits are empty and the exact moments of the views
 * replace them.
 */
export const loadSynthetic = (
  spec: SyntheticSpec,
  augmentation: readonly AugmentationSpec[],
  seed: number,
): Splits => {
  const directions = directionsOf(spec, seed);
  if (spec.sampling === 'population') {
    return {
      train: drawSplit('train', 0, spec, directions, seed),
      test: drawSplit('test', 0, spec, directions, seed),
      population: populationOf(spec, augmentation, directions),
    };
  }
  return {
    train: drawSplit('train', spec.train, spec, directions, seed),
    test: drawSplit('test', spec.test, spec, directions, seed),
  };
};
