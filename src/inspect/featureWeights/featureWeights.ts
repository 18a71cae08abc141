import type { CategoricalFactor, LabelledSet } from '../../data/index.ts';
import type { Estimate, FeatureWeight, Probe, ProbeMethod } from '../../protocol/index.ts';
import type { Representation } from '../../sources/index.ts';
import { meanOfRows } from '../../spectrum/index.ts';
import { normalInterval, standardErrorOf } from '../../statistics/index.ts';
import type { Products } from '../algebra/products.ts';
import { shuffled } from '../shuffle.ts';
import { CHANCE, makeDesign, responses } from './response.ts';
import { betweenTrace, classTraces } from './scatter.ts';

/** A feature whose weight is below this share of the layer's largest is absent there. */
const ABSENT_SHARE = 1e-3;

/** The largest of so many shuffles is exceeded by chance in one of 40 cases: half of the error that is allowed. */
const SHUFFLES = 39;

export const absentThreshold = (sampled: boolean): string => {
  const share = `weight below ${ABSENT_SHARE} of the layer's largest`;
  if (!sampled) return share;
  return `${share}, or not told from chance at an error rate of 5 %: between-class scatter within that of ${SHUFFLES} shuffles of the labels, and no usable information (95 % interval above 0); coordinates and directions: squared response within ${CHANCE} times its expectation without an effect`;
};

type Source = FeatureWeight['source'];

/** A weight before it is compared with the others of its layer. */
export interface Gain {
  readonly feature: string;
  readonly source: Source;
  readonly gain: number;
  /** 95 % interval of the gain; null for exact moments, and where it is not known. */
  readonly interval: [number, number] | null;
  /**
   * Derivative of the gain along each sample (see `standardErrorOf`), for what is computed from several gains; not in the
   * document. Null for exact moments, and where the interval reaches 0: a square root has no derivative there, and just above
   * 0 its derivative says nothing about a gain that other samples would have at 0.
   */
  readonly influences: Float64Array | null;
  /** Null when the layer does not vary, and for exact moments. */
  readonly etaSquared: Estimate | null;
  readonly significant: boolean;
  readonly note?: string;
}

/** Measures the weight of every feature in a representation of the samples that it was made for. */
export type FeatureGauge = (layer: Representation) => Promise<Gain[]>;

/** Marks what is absent. Gains must be those of one layer. */
export const featureWeights = (gains: readonly Gain[]): FeatureWeight[] => {
  const largest = gains.reduce((max, { gain }) => Math.max(max, gain), 0);
  return gains.map(({ feature, source, gain, interval, etaSquared, significant, note }) => ({
    feature,
    weight: gain,
    ...(interval === null ? {} : { interval }),
    ...(etaSquared === null ? {} : { etaSquared }),
    absent: gain <= ABSENT_SHARE * largest || !significant,
    source,
    ...(note === undefined ? {} : { note }),
  }));
};

/**
 * Adds what the usual probe can use of each factor. If that is more than 0 at an error rate of 2.5 %, the feature is not
 * absent: scatter along few dimensions can be hidden by the scatter of everything else.
 */
export const withInformation = (
  weights: readonly FeatureWeight[],
  probes: readonly Probe[],
  usual: ProbeMethod,
): FeatureWeight[] =>
  weights.map((weight) => {
    const known = probes.flatMap(({ factor, method, outOfFold }) =>
      factor === weight.feature && method === usual ? (outOfFold?.information ?? []) : [],
    );
    const information = known.at(0);
    if (information === undefined) return weight;
    return { ...weight, information, absent: weight.absent && information.interval[0] <= 0 };
  });

/** A statistic of the samples, and its derivative along each: see `standardErrorOf`. */
interface Followed {
  readonly value: number;
  readonly influences: Float64Array;
}

/**
 * sqrt(layer / input), with the square roots of the ends of the 95 % interval of the quotient. Along a sample the gain changes
 * by what the quotient changes over 2 sqrt(layer / input).
 */
const gainOf = (layer: Followed, input: Followed): Pick<Gain, 'gain' | 'interval' | 'influences'> => {
  const quotient = layer.value / input.value;
  const gain = Math.sqrt(quotient);
  const ofQuotient = layer.influences.map((own, i) => (own - quotient * input.influences[i]) / input.value);
  const error = standardErrorOf(ofQuotient);
  if (error === null) return { gain, interval: null, influences: null };
  const [low, high] = normalInterval(quotient, error, [0, Number.POSITIVE_INFINITY]);
  const influences = low > 0 ? ofQuotient.map((influence) => influence / (2 * gain)) : null;
  return { gain, interval: [Math.sqrt(low), Math.sqrt(high)], influences };
};

/** Every factor of the split: the categorical ones, then the continuous ones. */
export const gaugeFactors = async (
  products: Products,
  { factors }: LabelledSet,
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
const unmeasurable = (note: string) => ({
  gain: 0,
  interval: null,
  influences: null,
  etaSquared: null,
  significant: false,
  note,
});

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
  const unit = classTraces(input, values, classes.length);
  if (unit.debiased === 0) return () => ({ ...head, ...NO_SIGNAL });
  const shuffles = Array.from({ length: SHUFFLES }, (_, k) => shuffled(values, seed, 1 + k));
  return (layer) => {
    const traces = classTraces(layer, values, classes.length);
    const mean = meanOfRows(layer.data, layer.columns);
    return {
      ...head,
      ...gainOf(debiasedOf(traces), debiasedOf(unit)),
      etaSquared: traces.etaSquared,
      significant: shuffles.every(
        (labels) => traces.between > betweenTrace(layer, labels, classes.length, mean),
      ),
    };
  };
};

const debiasedOf = ({ debiased, influences }: ReturnType<typeof classTraces>): Followed => ({
  value: debiased,
  influences,
});

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
      const head = { feature: name, source };
      if (units[j].square === 0) return { ...head, ...NO_SIGNAL };
      const gain = gainOf(squareOf(found[j]), squareOf(units[j]));
      const { etaSquared, significant } = found[j];
      return { ...head, ...gain, etaSquared, significant };
    });
  };
};

const squareOf = ({ square, influences }: Awaited<ReturnType<typeof responses>>[number]): Followed => ({
  value: square,
  influences,
});
