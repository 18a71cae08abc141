import type { DataSet } from '../data/index.ts';
import type { FeatureWeight } from '../protocol/index.ts';
import { columnMeans, type Matrix } from './matrix.ts';
import type { Products } from './products.ts';
import { CHANCE, type Design, makeDesign, type Response, responses } from './response.ts';
import { betweenTrace, classScatter } from './scatter.ts';
import { shuffled } from './shuffle.ts';

/** A feature whose weight is below this share of the layer's largest is absent there. */
export const ABSENT_SHARE = 1e-3;
const SHUFFLES = 20;

export const absentThreshold = (sampled: boolean): string => {
  const share = `weight below ${ABSENT_SHARE} of the layer's largest`;
  if (!sampled) return share;
  return `${share}, or not told from chance: between-class scatter within that of ${SHUFFLES} shuffles of the labels (coordinates and directions: squared response within ${CHANCE} times its expectation without an effect)`;
};

type Source = FeatureWeight['source'];

/** A weight before it is compared with the others of its layer. */
export interface Gain {
  readonly feature: string;
  readonly source: Source;
  readonly gain: number;
  readonly significant: boolean;
  readonly note?: string;
}

/** Measures the weight of every feature in a representation of the samples that it was made for. */
export type FeatureGauge = (representation: Matrix) => Promise<Gain[]>;

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

/** Every factor of the split, categorical and continuous, in their order. */
export const gaugeFactors = async (
  products: Products,
  dataSet: DataSet,
  input: Matrix,
  seed: number,
  source: Source,
): Promise<FeatureGauge> => {
  const classes = dataSet.factors.flatMap((factor) =>
    factor.kind === 'categorical' ? [gaugeClasses(factor, input, seed)] : [],
  );
  const coordinates = dataSet.factors.flatMap((factor) =>
    factor.kind === 'continuous' ? [{ name: factor.name, values: factor.values }] : [],
  );
  const continuous = await gaugeCoordinates(products, coordinates, input, source);
  return async (representation) => [
    ...classes.map((gauge) => gauge(representation)),
    ...(await continuous(representation)),
  ];
};

/**
 * A categorical factor: w = sqrt(tr Sigma_B(layer) / tr Sigma_B(input)), both debiased: the gain of a multi-class factor,
 * relative to how strongly it shows in the input.
 */
const gaugeClasses = (
  factor: Extract<DataSet['factors'][number], { kind: 'categorical' }>,
  input: Matrix,
  seed: number,
): ((representation: Matrix) => Gain) => {
  const { name, values, classes } = factor;
  const shuffles = Array.from({ length: SHUFFLES }, (_, k) => shuffled(values, seed, 1 + k));
  const unit = classScatter(input, values, classes.length).debiased;
  const head = { feature: name, source: 'factor' } as const;
  if (unit === 0) {
    return () => ({ ...head, gain: 0, significant: false, note: 'the input shows no signal of this factor' });
  }
  return (representation) => {
    const { between, debiased } = classScatter(representation, values, classes.length);
    const mean = columnMeans(representation);
    const chance = shuffles.map(
      (labels) => betweenTrace(representation, labels, classes.length, mean).between,
    );
    return { ...head, gain: Math.sqrt(debiased / unit), significant: between > Math.max(...chance) };
  };
};

/** A continuous factor: w = ||beta_j(layer)|| / ||beta_j(input)||; for x = sum_j phi_j h_j v_j the divisor is phi_j. */
export const gaugeCoordinates = async (
  products: Products,
  factors: readonly { readonly name: string; readonly values: Float64Array }[],
  input: Matrix,
  source: Source,
): Promise<FeatureGauge> => {
  if (factors.length === 0) return async () => [];
  const design = await makeDesign(
    products,
    factors.map(({ values }) => values),
  );
  if (design === null) {
    const note = 'too few samples, or factors that depend on each other';
    return async () =>
      factors.map(({ name }) => ({ feature: name, source, gain: 0, significant: false, note }));
  }
  const units = await responses(products, design, input);
  return async (representation) => {
    const found = await responses(products, design as Design, representation);
    return factors.map(({ name }, j) => ({ feature: name, source, ...relative(found[j], units[j]) }));
  };
};

const relative = (found: Response, unit: Response): Pick<Gain, 'gain' | 'significant' | 'note'> =>
  unit.gain === 0
    ? { gain: 0, significant: false, note: 'the input shows no signal of this factor' }
    : { gain: found.gain / unit.gain, significant: found.significant };
