import type { FeatureWeight, LayerAnalysis, Measure, RepresentationMeasure } from '../../protocol/index.ts';
import {
  alphaReq,
  effectiveNumber,
  effectiveRank,
  gini,
  type Matrix,
  participationRatio,
  rankMe,
  sampleCaution,
  stableRank,
  stdOfNormalised,
  unmeasured,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import { cautioned } from '../cautioned.ts';
import { type Representation, toMatrix } from '../representation.ts';
import { viewMeasures } from '../views/viewMeasures.ts';
import type { ViewedLayer } from '../views/views.ts';
import { collapseMeasures, type LabelledLayer } from './collapse.ts';
import type { Spectra } from './spectra.ts';

/** Of samples or of exact moments, by their keys in the document. */
type Measures = Record<string, Measure>;
type Known = Partial<Record<RepresentationMeasure, Measure>>;

/** Inequality of the feature weights of a layer. */
export const inequalityOf = (weights: readonly FeatureWeight[]): LayerAnalysis['inequality'] => {
  const values = weights.map(({ weight }) => weight);
  return { effectiveNumber: effectiveNumber(values), gini: gini(values) };
};

/** The measures of exact moments: everything that needs neither samples nor labels. All means are zero. */
export const populationMeasures = (singularValues: Float64Array, second: Matrix): Measures => {
  const none = unmeasured('exact moments hold no samples');
  return {
    ...rankMeasures({ singularValues, centredSingularValues: singularValues, centredGram: second }),
    lidar: none,
    alignment: none,
    uniformity: none,
    stdOfNormalised: none,
  } satisfies Known;
};

export interface MeasuredSamples {
  readonly test: Representation;
  readonly spectra: Spectra;
  /** Null when the experiment has no augmentation. */
  readonly viewed: ViewedLayer | null;
  /** Null for a loss without labels. */
  readonly labelled: LabelledLayer | null;
}

export const sampleMeasures = async (
  products: Products,
  { test, spectra, viewed, labelled }: MeasuredSamples,
): Promise<Measures> => {
  const samples = toMatrix(test);
  return {
    ...rankMeasures(spectra, sampleCaution(test.rows, test.columns)),
    ...(await viewMeasures(products, viewed)),
    stdOfNormalised: stdOfNormalised(samples),
    ...(labelled === null ? {} : collapseMeasures(samples, labelled)),
  } satisfies Known;
};

const rankMeasures = (spectra: Spectra, caution?: string): Measures => {
  const { singularValues, centredSingularValues, centredGram } = spectra;
  return {
    rankMe: cautioned(rankMe(singularValues), caution),
    effectiveRank: cautioned(effectiveRank(singularValues), caution),
    participationRatio: cautioned(participationRatio(centredGram), caution),
    stableRank: cautioned(stableRank(singularValues), caution),
    alphaReq: cautioned(alphaReq(centredSingularValues.map((sigma) => sigma * sigma)), caution),
  } satisfies Known;
};
