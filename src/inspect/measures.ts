import type { FeatureWeight, LayerAnalysis, Measure } from '../protocol/index.ts';
import {
  alignment,
  alphaReq,
  effectiveNumber,
  effectiveRank,
  gini,
  measured,
  participationRatio,
  rankMe,
  sampleCaution,
  stableRank,
  stdOfNormalised,
  symmetrised,
  uniformity,
  unmeasured,
} from '../spectrum/index.ts';
import { collapseMeasures, type LabelledLayer } from './collapse.ts';
import { generalisedEigenvalues } from './generalisedEigen.ts';
import { type DoubleMatrix, type Matrix, toDouble } from './matrix.ts';
import type { Products } from './products.ts';
import type { Spectra } from './spectra.ts';
import { viewLidar } from './viewLidar.ts';
import type { ViewedLayer } from './views.ts';

type Measures = Record<string, Measure>;

/** Inequality of the feature weights of a layer. */
export const inequalityOf = (weights: readonly FeatureWeight[]): LayerAnalysis['inequality'] => {
  const values = weights.map(({ weight }) => weight);
  return { effectiveNumber: effectiveNumber(values), gini: gini(values) };
};

/** The same measure with one more caution beside its value. */
const cautioned = (measure: Measure, caution: string | undefined): Measure => {
  if (measure.value === null || caution === undefined) return measure;
  return measured(measure.value, measure.note === undefined ? caution : `${measure.note}; ${caution}`);
};

/** Rank measures: sigma uncentred, covariance centred. */
const rankMeasures = (
  singularValues: Float64Array,
  centredSingularValues: Float64Array,
  covariance: DoubleMatrix,
  caution: string | undefined,
): Measures => ({
  rankMe: cautioned(rankMe(singularValues), caution),
  effectiveRank: cautioned(effectiveRank(singularValues), caution),
  participationRatio: cautioned(participationRatio(covariance), caution),
  stableRank: cautioned(stableRank(singularValues), caution),
  alphaReq: cautioned(alphaReq(centredSingularValues.map((sigma) => sigma * sigma)), caution),
});

/** What exact moments allow: everything that needs neither samples nor labels. */
export const populationMeasures = (singularValues: Float64Array, second: DoubleMatrix): Measures => {
  const none = unmeasured('exact moments hold no samples');
  return {
    ...rankMeasures(singularValues, singularValues, second, undefined),
    lidar: none,
    alignment: none,
    uniformity: none,
    stdOfNormalised: none,
  };
};

export interface MeasuredSamples {
  readonly test: Matrix;
  readonly spectra: Spectra;
  readonly viewed: ViewedLayer | null;
}

export const sampleMeasures = async (
  products: Products,
  { test, spectra, viewed }: MeasuredSamples,
  labelled: LabelledLayer | null,
): Promise<{ measures: Measures; viewCorrelation: Float64Array }> => {
  const caution = sampleCaution(test.rows, test.columns);
  const { singularValues, centredSingularValues, centredGram } = spectra;
  const measures = {
    ...rankMeasures(singularValues, centredSingularValues, centredGram, caution),
    ...(await viewMeasures(products, viewed)),
    stdOfNormalised: stdOfNormalised(toDouble(test)),
    ...(labelled === null ? {} : collapseMeasures(toDouble(test), labelled)),
  };
  return { measures, viewCorrelation: await viewCorrelation(products, viewed) };
};

const viewMeasures = async (products: Products, viewed: ViewedLayer | null): Promise<Measures> => {
  if (viewed === null) {
    const none = unmeasured('the experiment augments nothing, so that both views are the sample itself');
    return { lidar: none, alignment: none, uniformity: none };
  }
  const first = toDouble(viewed.first);
  const pairs = `${first.rows} samples`;
  return {
    lidar: await viewLidar(products, viewed),
    alignment: cautioned(alignment(first, toDouble(viewed.second)), pairs),
    uniformity: cautioned(uniformity(first), pairs),
  };
};

/** A = E[(r r+^T + r+ r^T) / 2] and B = E[(r r^T + r+ r+^T) / 2] share a factor, which cancels. */
const viewCorrelation = async (products: Products, viewed: ViewedLayer | null): Promise<Float64Array> => {
  if (viewed === null) return new Float64Array(0);
  const { first, second } = viewed;
  const [own, other] = [await products.cross(first, first), await products.cross(second, second)];
  const both = { ...own, data: own.data.map((value, at) => (value + other.data[at]) / 2) };
  return viewCorrelations(products, symmetrised(await products.cross(first, second)), both);
};

/** Correlations between two views, descending; rounding beyond [-1, 1] is taken back. */
export const viewCorrelations = async (
  products: Products,
  positive: DoubleMatrix,
  second: DoubleMatrix,
): Promise<Float64Array> => {
  const values = await generalisedEigenvalues(products, positive, second);
  return values.map((value) => Math.min(1, Math.max(-1, value)));
};
