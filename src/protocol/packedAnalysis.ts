import type { Analysis, FeatureWeight, LayerAnalysis } from './analysis.ts';

/**
 * An analysis as it is sent to a page. VS Code passes bytes through unchanged, but serialises everything else to
 * text and back several times between the extension host and a page.
 */
export interface PackedAnalysis {
  /** Everything else; the long lists are empty. */
  readonly rest: Analysis;
  /**
   * The long lists one after another, each preceded by its length: for every layer the singular values, the centred
   * ones, the view correlation, and two numbers for each feature weight, the weight and its index in `features`; then
   * the rows of the similarity, with NaN for a cell without a number.
   */
  readonly numbers: Float64Array;
  /** The distinct feature weights, apart from the weight itself: most layers have the same ones. */
  readonly features: readonly FeatureWeight[];
}

const sameButForWeight = (a: FeatureWeight, b: FeatureWeight): boolean =>
  a.feature === b.feature && a.absent === b.absent && a.source === b.source && a.note === b.note;

/** Packs an analysis without loss. */
export const packAnalysis = (analysis: Analysis): PackedAnalysis => {
  const numbers: number[] = [];
  const add = (list: readonly number[]): void => {
    numbers.push(list.length);
    for (const number of list) numbers.push(number);
  };
  const features: FeatureWeight[] = [];
  const placesByName = new Map<string, number[]>();
  const placeOf = (weight: FeatureWeight): number => {
    const places = placesByName.get(weight.feature) ?? [];
    const known = places.find((place) => sameButForWeight(features[place], weight));
    if (known !== undefined) return known;
    placesByName.set(weight.feature, [...places, features.length]);
    return features.push(weight) - 1;
  };
  const packLayer = (layer: LayerAnalysis): LayerAnalysis => {
    add(layer.singularValues);
    add(layer.centredSingularValues);
    add(layer.viewCorrelation);
    numbers.push(2 * layer.featureWeights.length);
    for (const weight of layer.featureWeights) numbers.push(weight.weight, placeOf(weight));
    return {
      ...layer,
      singularValues: [],
      centredSingularValues: [],
      viewCorrelation: [],
      featureWeights: [],
    };
  };
  const layers = analysis.layers.map(packLayer);
  const { cka } = analysis.similarity;
  for (const row of cka) add(row.map((cell) => cell ?? Number.NaN));
  const rest = { ...analysis, layers, similarity: { ...analysis.similarity, cka: cka.map(() => []) } };
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
  const takeWeights = (): FeatureWeight[] => {
    const taken = take();
    return Array.from({ length: taken.length / 2 }, (_, index) => ({
      ...features[taken[2 * index + 1]],
      weight: taken[2 * index],
    }));
  };
  const layers = rest.layers.map((layer) => ({
    ...layer,
    singularValues: take(),
    centredSingularValues: take(),
    viewCorrelation: take(),
    featureWeights: takeWeights(),
  }));
  const cka = rest.similarity.cka.map(() => take().map((cell) => (Number.isNaN(cell) ? null : cell)));
  return { ...rest, layers, similarity: { ...rest.similarity, cka } };
};
