import type { LayerAnalysis, Measure, MeasuresOn } from '../../protocol/index.ts';
import type { ViewedLayer } from '../../sources/index.ts';
import { type Representation, toMatrix } from '../../sources/index.ts';
import {
  inequalityMeasures,
  type Matrix,
  matrix,
  type RepresentationSpectra,
  rowOf,
  sampleCaution,
  spectralMeasures,
  stdOfNormalised,
  unmeasured,
} from '../../spectrum/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Gain } from '../featureWeights/featureWeights.ts';
import { viewMeasures } from '../views/viewMeasures.ts';
import { collapseMeasures, type LabelledLayer } from './collapse.ts';
import { jackknifed } from './jackknifed.ts';

/** Of samples or of exact moments, by their keys in the document. Those of labelled samples need labels. */
type Measures = Record<MeasuresOn<'spectrum' | 'samples' | 'pairs' | 'objects'>, Measure> &
  Partial<Record<MeasuresOn<'labelled samples'>, Measure>>;

/** Inequality of the feature weights of a layer: of samples with intervals, of exact moments without. */
export const inequalityOf = (
  gains: readonly Pick<Gain, 'gain' | 'influences'>[],
): LayerAnalysis['inequality'] =>
  inequalityMeasures(
    gains.map(({ gain }) => gain),
    gains.map(({ influences }) => influences),
  );

/** The measures of exact moments: everything that needs neither samples nor labels. All means are zero. */
export const populationMeasures = (singularValues: Float64Array, second: Matrix): Measures => {
  const none = unmeasured('exact moments hold no samples');
  return {
    ...spectralMeasures({
      singularValues,
      centredSingularValues: singularValues,
      centredGram: second,
      energies: null,
    }),
    lidar: none,
    alignment: none,
    uniformity: none,
    stdOfNormalised: none,
  };
};

export interface MeasuredSamples {
  readonly test: Representation;
  readonly spectra: RepresentationSpectra;
  /** That the spectra are of. */
  readonly samples: number;
  /** Null when the experiment has no augmentation. */
  readonly viewed: ViewedLayer | null;
  /** Null for a loss without labels. */
  readonly labelled: LabelledLayer | null;
}

export const sampleMeasures = async (
  products: Products,
  { test, spectra, samples, viewed, labelled }: MeasuredSamples,
): Promise<Measures> => {
  const rows = toMatrix(test);
  return {
    ...spectralMeasures(spectra, sampleCaution(samples, test.columns)),
    ...(await viewMeasures(products, viewed)),
    stdOfNormalised: stdOfNormalised(rows),
    ...(labelled === null ? {} : await collapseOf(rows, labelled)),
  };
};

/** Neural collapse, with intervals. */
const collapseOf = (samples: Matrix, layer: LabelledLayer) =>
  jackknifed({ samples: samples.rows, dimensions: samples.columns }, (kept) => {
    const rows = matrix(kept.length, samples.columns);
    for (const [i, sample] of kept.entries()) rowOf(rows, i).set(rowOf(samples, sample));
    return collapseMeasures(rows, { ...layer, labels: kept.map((sample) => layer.labels[sample]) });
  });
