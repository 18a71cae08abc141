import { type Data, populationOf } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import type { Analysis } from '../../protocol/index.ts';
import { diagonalOutcome, layerWeights } from '../../theory/index.ts';

/**
 * The weights that theory predicts for the synthetic model and the spectral loss: of linear layers, and of the diagonal
 * network without augmentation; null for anything else. Both are limits of training without weight decay.
 */
export const expectedWeights = (experiment: Experiment, data: Data): Analysis['theory'] => {
  if (experiment.data.kind !== 'synthetic' || experiment.loss.kind !== 'spectral') return null;
  if (experiment.encoder.kind === 'linear') return linearWeights(experiment, data);
  if (experiment.encoder.kind === 'diagonal') return diagonalWeights(experiment);
  return null;
};

/** Scale of the encoder's weights if the experiment gives none. */
const DEFAULT_SCALE = 0.5;

const named = (weights: readonly number[]) =>
  weights.map((weight, j) => ({ feature: `feature-${j + 1}`, weight }));

/** s_j^(l/L) after layer l of L. */
const linearWeights = (experiment: Experiment, data: Data): Analysis['theory'] => {
  const { encoder, head, augmentation, data: spec } = experiment;
  if (spec.kind !== 'synthetic' || encoder.kind !== 'linear') return null;
  if (head.kind !== 'none' && head.kind !== 'linear') return null;
  if (augmentation.some(({ kind }) => kind === 'gaussian-noise')) return null;
  const { positiveMoment, secondMoment } = data.population ?? populationOf(spec, augmentation, null);
  const moments = [...positiveMoment].map((positive, j) => ({ positive, second: secondMoment[j] }));
  const widths = [...encoder.widths, ...(head.kind === 'linear' ? [head.width] : [])];
  const names = widths.map((_, l) =>
    l < encoder.widths.length ? `encoder.${l + 1}` : `head.${l + 1 - encoder.widths.length}`,
  );
  const predicted = layerWeights(
    moments,
    widths.length,
    widths.reduce((a, b) => Math.min(a, b), moments.length),
  );
  return {
    source:
      'balanced linear layers at the optimum of the spectral loss: s^(l / L), s = sqrt(A) / B (additive noise: phi / (phi^2 + sigma^2))',
    layers: names.map((layer, l) => ({ layer, weights: named(predicted[l]) })),
  };
};

/** One layer, then w S_b with a fixed threshold, on noiseless Rademacher features. */
const diagonalWeights = ({ data: spec, encoder, head, augmentation }: Experiment): Analysis['theory'] => {
  if (spec.kind !== 'synthetic' || spec.factors !== 'rademacher' || spec.directions !== 'identity')
    return null;
  if (encoder.kind !== 'diagonal' || encoder.depth !== 1 || augmentation.length > 0) return null;
  if (head.kind !== 'symmetric-relu' || head.weights !== 'diagonal' || head.trainThreshold) return null;
  const { threshold, initialScale: second } = head;
  const ends = spec.strengths.map((strength) =>
    diagonalOutcome({ strength, first: encoder.initialScale ?? DEFAULT_SCALE, second, threshold }),
  );
  return {
    source: 'gradient flow of the diagonal network on the spectral loss, noiseless Rademacher features',
    layers: [
      { layer: 'encoder.1', weights: named(ends.map(({ preWeight }) => preWeight)) },
      { layer: 'head.1', weights: named(ends.map(({ postWeight }) => postWeight)) },
    ],
  };
};
