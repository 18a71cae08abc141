import type { CategoricalFactor, DataSet } from '../../data/index.ts';
import type { FeatureWeight, Probe } from '../../protocol/index.ts';
import { meanOfRows } from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Representation } from '../representation.ts';
import { shuffled } from '../shuffle.ts';
import { CHANCE, makeDesign, responses } from './response.ts';
import { betweenTrace, classTraces } from './scatter.ts';

/** A feature whose weight is below this share of the layer's largest is absent there. */
const ABSENT_SHARE = 1e-3;
const SHUFFLES = 20;

export const absentThreshold = (sampled: boolean): string => {
  const share = `weight below ${ABSENT_SHARE} of the layer's largest`;
  if (!sampled) return share;
  return `${share}, or not told from chance: between-class scatter within that of ${SHUFFLES} shuffles of the labels (coordinates and directions: squared response within ${CHANCE} times its expectation without an effect); and no probe of it on the test split better than on shuffled labels (95 % intervals apart)`;
};

type Source = FeatureWeight['source'];

/** A weight before it is compared with the others of its layer. */
interface Gain {
  readonly feature: string;
  readonly source: Source;
  readonly gain: number;
  readonly significant: boolean;
  readonly note?: string;
}

/** Measures the weight of every feature in a representation of the samples that it was made for. */
export type FeatureGauge = (layer: Representation) => Promise<Gain[]>;

/** Marks what is absent. Gains must be those of one layer. */
export const featureWeights = (gains: readonly Gain[]): FeatureWeight[] => {
  const largest = gains.reduce((max, { gain }) => Math.max(max, gain), 0);
  return gains.map(({ feature, source, gain, significant, note }) => ({
    feature,
    weight: gain,
    absent: gain <= ABSENT_SHARE * largest || !significant,
    source,
    ...(note === undefined ? {} : { note }),
  }));
};

/** Whether the probe's accuracy on the test split is above that on shuffled labels, with disjoint intervals. */
const beatsChance = ({ evaluations, shuffledNull }: Probe): boolean => {
  const found = evaluations.find(({ on }) => on === 'test')?.interval ?? null;
  return found !== null && shuffledNull.interval !== null && found[0] > shuffledNull.interval[1];
};

/**
 * Revokes `absent` if a probe can read the factor nevertheless: scatter along few dimensions can be hidden by the
 * scatter of everything else, and a feature that can be read is not absent.
 */
export const confirmedByProbes = (
  weights: readonly FeatureWeight[],
  probes: readonly Probe[],
): FeatureWeight[] =>
  weights.map((weight) => {
    const read = probes.some((probe) => probe.factor === weight.feature && beatsChance(probe));
    return weight.absent && read ? { ...weight, absent: false } : weight;
  });

/** Every factor of the split: the categorical ones, then the continuous ones. */
export const gaugeFactors = async (
  products: Products,
  { factors }: DataSet,
  input: Representation,
  seed: number,
  source: Source,
): Promise<FeatureGauge> => {
  const classes = factors.flatMap((factor) =>
    factor.kind === 'categorical' ? [gaugeClasses(factor, input, seed)] : [],
  );
  const coordinates = await gaugeCoordinates(
    products,
    factors.flatMap((factor) => (factor.kind === 'continuous' ? [factor] : [])),
    input,
    source,
  );
  return async (layer) => [...classes.map((gauge) => gauge(layer)), ...(await coordinates(layer))];
};

/** A gain of 0, and why. */
const unmeasurable = (note: string) => ({ gain: 0, significant: false, note });

const NO_SIGNAL = unmeasurable('the input shows no signal of this factor');

/**
 * A categorical factor: w = sqrt(tr Sigma_B(layer) / tr Sigma_B(input)), both debiased: the gain of a multi-class factor,
 * relative to its strength in the input.
 */
const gaugeClasses = (
  { name, values, classes }: CategoricalFactor,
  input: Representation,
  seed: number,
): ((layer: Representation) => Gain) => {
  const head = { feature: name, source: 'factor' } as const;
  const unit = classTraces(input, values, classes.length).debiased;
  if (unit === 0) return () => ({ ...head, ...NO_SIGNAL });
  const shuffles = Array.from({ length: SHUFFLES }, (_, k) => shuffled(values, seed, 1 + k));
  return (layer) => {
    const { between, debiased } = classTraces(layer, values, classes.length);
    const mean = meanOfRows(layer.data, layer.columns);
    const chance = shuffles.map((labels) => betweenTrace(layer, labels, classes.length, mean).between);
    return {
      ...head,
      gain: Math.sqrt(debiased / unit),
      significant: chance.every((value) => between > value),
    };
  };
};

/** A continuous factor: w = ||beta_j(layer)|| / ||beta_j(input)||; for x = sum_j phi_j h_j v_j the divisor is phi_j. */
export const gaugeCoordinates = async (
  products: Products,
  factors: readonly { readonly name: string; readonly values: Float64Array }[],
  input: Representation,
  source: Source,
): Promise<FeatureGauge> => {
  if (factors.length === 0) return async () => [];
  const design = await makeDesign(
    products,
    factors.map(({ values }) => values),
  );
  if (design === null) {
    const failed = unmeasurable('too few samples, or factors that depend on each other');
    return async () => factors.map(({ name }) => ({ feature: name, source, ...failed }));
  }
  const units = await responses(products, design, input);
  return async (layer) => {
    const found = await responses(products, design, layer);
    return factors.map(({ name }, j) => {
      const { gain, significant } = found[j];
      const unit = units[j].gain;
      return { feature: name, source, ...(unit === 0 ? NO_SIGNAL : { gain: gain / unit, significant }) };
    });
  };
};
