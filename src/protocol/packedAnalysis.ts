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
   * ones, the view correlation, the errors of all three (-1 as length when there are none), and the feature weights,
   * of each its index in `features`, the weight, and what that says it has; then the rows of the similarity and of its
   * errors, NaN where there is no number.
   */
  readonly numbers: Float64Array;
  /** The distinct feature weights, apart from their numbers: most layers have the same ones. */
  readonly features: readonly FeatureKind[];
}

/** What of a feature weight is a number and may be missing. */
const OPTIONAL = ['interval', 'etaSquared', 'information'] as const;
type Optional = (typeof OPTIONAL)[number];

interface FeatureKind extends Omit<FeatureWeight, 'weight' | Optional> {
  readonly has: readonly Optional[];
}

const kindOf = (weight: FeatureWeight): FeatureKind => {
  const { feature, absent, source, note } = weight;
  const kind = { feature, absent, source, has: OPTIONAL.filter((key) => weight[key] !== undefined) };
  return note === undefined ? kind : { ...kind, note };
};

const isOfKind = (weight: FeatureWeight, kind: FeatureKind): boolean =>
  weight.absent === kind.absent &&
  weight.source === kind.source &&
  weight.note === kind.note &&
  OPTIONAL.every((key) => (weight[key] !== undefined) === kind.has.includes(key));

/** A layer without the errors of its singular values and view correlations. */
export const withoutErrors = ({
  singularValueErrors: _,
  centredSingularValueErrors: __,
  viewCorrelationErrors: ___,
  ...layer
}: LayerAnalysis): LayerAnalysis => layer;

/** Gives the index of the kind of a feature weight, and keeps the kinds. */
const createKinds = (): { readonly features: FeatureKind[]; indexOf(weight: FeatureWeight): number } => {
  const features: FeatureKind[] = [];
  const byName = new Map<string, number[]>();
  return {
    features,
    indexOf: (weight) => {
      const places = byName.get(weight.feature);
      const known = places?.find((place) => isOfKind(weight, features[place]));
      if (known !== undefined) return known;
      const place = features.push(kindOf(weight)) - 1;
      if (places === undefined) byName.set(weight.feature, [place]);
      else places.push(place);
      return place;
    },
  };
};

/** Packs an analysis without loss. */
export const packAnalysis = (analysis: Analysis): PackedAnalysis => {
  const numbers: number[] = [];
  const { features, indexOf } = createKinds();
  const add = (list: readonly (number | null)[]): void => {
    numbers.push(list.length);
    for (const number of list) numbers.push(number ?? Number.NaN);
  };
  const addOptional = (list: readonly number[] | undefined): void => {
    if (list === undefined) numbers.push(-1);
    else add(list);
  };
  const addWeight = (weight: FeatureWeight): void => {
    const { interval, etaSquared, information } = weight;
    numbers.push(indexOf(weight), weight.weight);
    if (interval !== undefined) numbers.push(...interval);
    if (etaSquared !== undefined) numbers.push(etaSquared.value, ...etaSquared.interval);
    if (information !== undefined) numbers.push(information.value, ...information.interval);
  };
  const packLayer = (layer: LayerAnalysis): LayerAnalysis => {
    add(layer.singularValues);
    add(layer.centredSingularValues);
    add(layer.viewCorrelation);
    addOptional(layer.singularValueErrors);
    addOptional(layer.centredSingularValueErrors);
    addOptional(layer.viewCorrelationErrors);
    numbers.push(layer.featureWeights.length);
    layer.featureWeights.forEach(addWeight);
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
  for (const row of [...similarity.cka, ...(similarity.errors ?? [])]) add(row);
  const empty = { ...similarity, cka: similarity.cka.map(() => []) };
  const rest = {
    ...analysis,
    layers,
    similarity:
      similarity.errors === undefined ? empty : { ...empty, errors: similarity.errors.map(() => []) },
  };
  return { rest, numbers: new Float64Array(numbers), features };
};

/** Reads the numbers of a packed analysis from the first to the last. */
const createReader = ({ numbers, features }: PackedAnalysis) => {
  let place = 0;
  const take = (): number => numbers[place++];
  /** In a loop, because `Array.from` a part of a typed array takes many times as long. */
  const takeList = (): number[] => {
    const list = new Array<number>(take());
    const start = place;
    for (let index = 0; index < list.length; index++) list[index] = numbers[start + index];
    place += list.length;
    return list;
  };
  const takeErrors = <Key extends string>(key: Key): Partial<Record<Key, number[]>> => {
    if (numbers[place] >= 0) return { [key]: takeList() } as Record<Key, number[]>;
    place++;
    return {};
  };
  const takeEstimate = (): Estimate => ({ value: take(), interval: [take(), take()] });
  const takeWeight = (): FeatureWeight => {
    const { feature, absent, source, note, has } = features[take()];
    const weight: FeatureWeight = { feature, weight: take(), absent, source };
    if (note !== undefined) weight.note = note;
    for (const key of has) {
      if (key === 'interval') weight.interval = [take(), take()];
      else weight[key] = takeEstimate();
    }
    return weight;
  };
  return {
    takeList,
    takeErrors,
    takeWeights: (): FeatureWeight[] => Array.from({ length: take() }, takeWeight),
    takeRow: (): (number | null)[] => takeList().map((cell) => (Number.isNaN(cell) ? null : cell)),
  };
};

/** The analysis that was packed. */
export const unpackAnalysis = (packed: PackedAnalysis): Analysis => {
  const { rest } = packed;
  const { takeList, takeErrors, takeWeights, takeRow } = createReader(packed);
  const layers = rest.layers.map((layer) => ({
    ...layer,
    singularValues: takeList(),
    centredSingularValues: takeList(),
    viewCorrelation: takeList(),
    ...takeErrors('singularValueErrors'),
    ...takeErrors('centredSingularValueErrors'),
    ...takeErrors('viewCorrelationErrors'),
    featureWeights: takeWeights(),
  }));
  const { similarity } = rest;
  const cka = similarity.cka.map(takeRow);
  const errors = similarity.errors?.map(takeRow);
  return {
    ...rest,
    layers,
    similarity: errors === undefined ? { ...similarity, cka } : { ...similarity, cka, errors },
  };
};
