import { type Analysis, analysisSchema, type LayerAnalysis } from '../../../src/protocol/index.ts';

/** Made-up analyses of a size that no small training produces, to see whether the figures are fast enough. */

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
const uniform = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const numbered = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${kind}${String(index + 1).padStart(3, '0')}`);

/** Values that decrease exponentially, faster for later layers. */
const decaying = (count: number, rate: number, random: () => number): number[] =>
  Array.from(
    { length: count },
    (_, index) => 40 * Math.exp((-rate * index) / count) * (0.9 + 0.1 * random()),
  ).sort((a, b) => b - a);

const roleOf = (index: number, layers: number): Pick<LayerAnalysis, 'part' | 'role'> => {
  const lastOfEncoder = Math.floor(layers * 0.9);
  if (index === 0) return { part: 'input', role: 'input' };
  if (index === lastOfEncoder) return { part: 'encoder', role: 'pre-projection' };
  if (index === layers - 1) return { part: 'head', role: 'post-projection' };
  return { part: index < lastOfEncoder ? 'encoder' : 'head', role: 'inner' };
};

/**
 * An analysis with `layers` layers, and `features` singular values and features in each. Everything else (measures,
 * probes, definitions) is that of `model`, a real analysis, whose layers are used in turn.
 */
export const largeAnalysis = (model: Analysis, layers: number, features: number, seed: number): Analysis => {
  const random = uniform(seed);
  const featureNames = numbered('feature', features);
  const layerOf = (name: string, index: number): LayerAnalysis => ({
    ...model.layers[index % model.layers.length],
    name,
    ...roleOf(index, layers),
    dimensions: features,
    singularValues: decaying(features, 2 + (10 * index) / layers, random),
    centredSingularValues: decaying(features, 3 + (10 * index) / layers, random),
    featureWeights: featureNames.map((feature) => {
      const weight = random();
      return { feature, weight, absent: weight < 0.05, source: 'coordinate' };
    }),
  });
  const all = numbered('layer', layers).map(layerOf);
  const cka = (row: number, column: number): number => Math.exp((-6 * Math.abs(row - column)) / layers);
  return analysisSchema.parse({
    ...model,
    experiment: 'large',
    layers: all,
    similarity: {
      samples: model.similarity.samples,
      cka: all.map((_, row) => all.map((_, column) => cka(row, column))),
    },
    absent: {
      threshold: model.absent.threshold,
      byLayer: Object.fromEntries(
        all.map(({ name, featureWeights }) => [
          name,
          featureWeights.filter(({ absent }) => absent).map(({ feature }) => feature),
        ]),
      ),
    },
    theory: null,
  });
};
