import type { Analysis, Estimate, FeatureWeight, LayerAnalysis } from './analysis.ts';

/**
 * An analysis as it is sent to a page. VS Code passes bytes through unchanged, but serialises everything else to
 * text and back several times between the extension host and a page.
 */
export interface PackedAnalysis {
  /** Everything else; the long lists are empty. */
  readonly rest: Analysis;
  /**
   * The long lists one after another, each preceded by its length: for every layer the singular values, the centred
   * ones, the view correlation, the errors of all three (-1 as length when there are none), and the numbers of each feature weight (`NUMBERS`) with its index in `features`; then the
   * rows of the similarity and of its errors. NaN where there is no number.
   */
  readonly numbers: Float64Array;
  /** The distinct feature weights, apart from their numbers: most layers have the same ones. */
  readonly features: readonly Omit<FeatureWeight, Numeric>[];
}

/** What of a feature weight is a number. */
type Numeric = 'weight' | 'interval' | 'etaSquared' | 'information';

/** The index in `features`, the weight, its interval, and a value and an interval for each estimate. */
const NUMBERS = 10;

const NONE = [Number.NaN, Number.NaN, Number.NaN];

const numbersOf = ({ weight, interval, etaSquared, information }: FeatureWeight): number[] => [
  weight,
  ...(interval ?? NONE.slice(1)),
  ...partsOf(etaSquared),
  ...partsOf(information),
];

const partsOf = (estimate: Estimate | undefined): readonly number[] =>
  estimate === undefined ? NONE : [estimate.value, ...estimate.interval];

/** The numbers from `at` on. */
const weightFrom = (numbers: readonly number[], at: number): Pick<FeatureWeight, Numeric> => {
  const weight: { -readonly [Key in Numeric]?: FeatureWeight[Key] } & { weight: number } = {
    weight: numbers[at],
  };
  if (!Number.isNaN(numbers[at + 1])) weight.interval = [numbers[at + 1], numbers[at + 2]];
  if (!Number.isNaN(numbers[at + 3])) weight.etaSquared = estimateFrom(numbers, at + 3);
  if (!Number.isNaN(numbers[at + 6])) weight.information = estimateFrom(numbers, at + 6);
  return weight;
};

const estimateFrom = (numbers: readonly number[], at: number): Estimate => ({
  value: numbers[at],
  interval: [numbers[at + 1], numbers[at + 2]],
});

const kindOf = ({ feature, absent, source, note }: FeatureWeight): Omit<FeatureWeight, Numeric> =>
  note === undefined ? { feature, absent, source } : { feature, absent, source, note };

const sameKind = (a: Omit<FeatureWeight, Numeric>, b: FeatureWeight): boolean =>
  a.feature === b.feature && a.absent === b.absent && a.source === b.source && a.note === b.note;

/** A layer without the errors of its singular values and view correlations. */
export const withoutErrors = ({
  singularValueErrors: _,
  centredSingularValueErrors: __,
  viewCorrelationErrors: ___,
  ...layer
}: LayerAnalysis): LayerAnalysis => layer;

/** Packs an analysis without loss. */
export const packAnalysis = (analysis: Analysis): PackedAnalysis => {
  const numbers: number[] = [];
  const add = (list: readonly number[]): void => {
    numbers.push(list.length);
    for (const number of list) numbers.push(number);
  };
  const addOptional = (list: readonly number[] | undefined): void => {
    if (list === undefined) numbers.push(-1);
    else add(list);
  };
  const features: Omit<FeatureWeight, Numeric>[] = [];
  const placesByName = new Map<string, number[]>();
  const placeOf = (weight: FeatureWeight): number => {
    const places = placesByName.get(weight.feature) ?? [];
    const known = places.find((place) => sameKind(features[place], weight));
    if (known !== undefined) return known;
    placesByName.set(weight.feature, [...places, features.length]);
    return features.push(kindOf(weight)) - 1;
  };
  const packLayer = (layer: LayerAnalysis): LayerAnalysis => {
    add(layer.singularValues);
    add(layer.centredSingularValues);
    add(layer.viewCorrelation);
    addOptional(layer.singularValueErrors);
    addOptional(layer.centredSingularValueErrors);
    addOptional(layer.viewCorrelationErrors);
    numbers.push(NUMBERS * layer.featureWeights.length);
    for (const weight of layer.featureWeights) {
      numbers.push(placeOf(weight));
      for (const number of numbersOf(weight)) numbers.push(number);
    }
    return {
      ...withoutErrors(layer),
      singularValues: [],
      centredSingularValues: [],
      viewCorrelation: [],
      featureWeights: [],
    };
  };
  const layers = analysis.layers.map(packLayer);
  const { similarity } = analysis;
  for (const row of [...similarity.cka, ...(similarity.errors ?? [])]) {
    add(row.map((cell) => cell ?? Number.NaN));
  }
  const empty = { ...similarity, cka: similarity.cka.map(() => []) };
  const rest = {
    ...analysis,
    layers,
    similarity:
      similarity.errors === undefined ? empty : { ...empty, errors: similarity.errors.map(() => []) },
  };
  return { rest, numbers: Float64Array.from(numbers), features };
};

/** The analysis that was packed. */
export const unpackAnalysis = ({ rest, numbers, features }: PackedAnalysis): Analysis => {
  let place = 0;
  const take = (): number[] => {
    const start = place + 1;
    place = start + numbers[place];
    return Array.from(numbers.subarray(start, place));
  };
  const takeErrors = <Key extends string>(key: Key): Partial<Record<Key, number[]>> => {
    if (numbers[place] >= 0) return { [key]: take() } as Record<Key, number[]>;
    place++;
    return {};
  };
  const takeWeights = (): FeatureWeight[] => {
    const taken = take();
    return Array.from({ length: taken.length / NUMBERS }, (_, index) => ({
      ...features[taken[NUMBERS * index]],
      ...weightFrom(taken, NUMBERS * index + 1),
    }));
  };
  const layers = rest.layers.map((layer) => ({
    ...layer,
    singularValues: take(),
    centredSingularValues: take(),
    viewCorrelation: take(),
    ...takeErrors('singularValueErrors'),
    ...takeErrors('centredSingularValueErrors'),
    ...takeErrors('viewCorrelationErrors'),
    featureWeights: takeWeights(),
  }));
  const { similarity } = rest;
  const takeRow = (): (number | null)[] => take().map((cell) => (Number.isNaN(cell) ? null : cell));
  const cka = similarity.cka.map(takeRow);
  const errors = similarity.errors?.map(takeRow);
  return {
    ...rest,
    layers,
    similarity: errors === undefined ? { ...similarity, cka } : { ...similarity, cka, errors },
  };
};
