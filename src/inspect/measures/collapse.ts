import type { Measure, MeasuresOn } from '../../protocol/index.ts';
import type { Classifier } from '../../sources/index.ts';
import {
  type ClassScatter,
  centredMeans,
  classScatterOf,
  dot,
  equiangularity,
  equinormness,
  type Matrix,
  nearestCentreAgreement,
  rowOf,
  selfDuality,
  unmeasured,
  withinClassVariability,
} from '../../spectrum/index.ts';
import { indexOfLargest } from '../largest.ts';

/** The training label of every sample, and the classifier if it reads this layer. */
export interface LabelledLayer {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly classifier: Classifier | null;
}

/** NC3 and NC4 exist only below the classifier. */
type DualityMeasures = Partial<Record<'nc3' | 'nc4', Measure>>;
type CollapseMeasures = DualityMeasures &
  Record<Exclude<MeasuresOn<'labelled samples'>, keyof DualityMeasures>, Measure>;

/** Neural collapse about the training label. */
export const collapseMeasures = (samples: Matrix, layer: LabelledLayer): CollapseMeasures => {
  const scatter = classScatterOf(samples, layer.labels);
  const means = centredMeans(scatter, 'classes');
  return {
    nc1: withinClassVariability(scatter),
    nc2Norms: equinormness(means),
    nc2Angles: equiangularity(means),
    ...dualityMeasures(samples, scatter, means, layer),
  };
};

const dualityMeasures = (
  samples: Matrix,
  scatter: ClassScatter,
  means: Matrix,
  { classes, classifier }: LabelledLayer,
): DualityMeasures => {
  if (classifier === null) return {};
  if (scatter.counts.length !== classes) {
    const none = unmeasured(`${scatter.counts.length} of ${classes} classes have samples`);
    return { nc3: none, nc4: none };
  }
  const decisions = Int32Array.from({ length: samples.rows }, (_, i) =>
    decide(rowOf(samples, i), classifier),
  );
  return {
    nc3: selfDuality(classifier.weights, means),
    nc4: nearestCentreAgreement(samples, scatter.means, decisions),
  };
};

/** The class that the network itself predicts. */
const decide = (sample: Float64Array, { weights, bias }: Classifier): number =>
  indexOfLargest(bias.map((offset, c) => offset + dot(rowOf(weights, c), sample)));
