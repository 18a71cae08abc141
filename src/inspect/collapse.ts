import type { Measure } from '../protocol/index.ts';
import {
  type ClassScatter,
  centredMeans,
  classScatterOf,
  equiangularity,
  equinormness,
  nearestCentreAgreement,
  selfDuality,
  unmeasured,
  withinClassVariability,
} from '../spectrum/index.ts';
import type { DoubleMatrix } from './matrix.ts';

/** Samples with their training label, and the classifier where it reads this very layer. */
export interface LabelledLayer {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly classifier: {
    /** [classes, dimensions] */
    readonly weights: DoubleMatrix;
    readonly bias: Float64Array;
  } | null;
}

/** Neural collapse about the training label: NC1 and NC2 anywhere, NC3 and NC4 only below the classifier. */
export const collapseMeasures = (samples: DoubleMatrix, layer: LabelledLayer): Record<string, Measure> => {
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
  samples: DoubleMatrix,
  scatter: ClassScatter,
  means: DoubleMatrix,
  { classes, classifier }: LabelledLayer,
): Record<string, Measure> => {
  if (classifier === null) return {};
  if (scatter.counts.length !== classes) {
    const none = unmeasured(`${scatter.counts.length} of ${classes} classes have samples`);
    return { nc3: none, nc4: none };
  }
  const decisions = Int32Array.from({ length: samples.rows }, (_, i) => decide(samples, i, classifier));
  return {
    nc3: selfDuality(classifier.weights, means),
    nc4: nearestCentreAgreement(samples, scatter.means, decisions),
  };
};

/** The class that the network itself decides for. */
const decide = (
  samples: DoubleMatrix,
  sample: number,
  { weights, bias }: NonNullable<LabelledLayer['classifier']>,
): number => {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < weights.rows; c++) {
    let score = bias[c];
    for (let j = 0; j < weights.columns; j++) {
      score += weights.data[c * weights.columns + j] * samples.data[sample * weights.columns + j];
    }
    if (score > highest) {
      highest = score;
      best = c;
    }
  }
  return best;
};
