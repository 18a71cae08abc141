import { type Data, populationOf } from '../../data/index.ts';
import type { Experiment } from '../../experiment/index.ts';
import type { Analysis } from '../../protocol/index.ts';
import { diagonalOutcome, layerWeights, outputWeights } from '../../theory/index.ts';

type Theory = NonNullable<Analysis['theory']>;

/** The weights that theory predicts, or for synthetic data why it predicts none. */
export type Expected = Pick<Analysis, 'theory' | 'noTheory'>;

/**
 * The weights that theory predicts for the end of training on the synthetic model with the spectral loss: of linear
 * layers, and of the diagonal network without augmentation. Null for anything else.
 */
export const expectedWeights = (experiment: Experiment, data: Data): Expected => {
  if (experiment.data.kind !== 'synthetic') return { theory: null };
  const reason = commonReason(experiment) ?? reasonOf(experiment);
  if (reason !== null) return { theory: null, noTheory: reason };
  const theory =
    experiment.encoder.kind === 'linear' ? linearWeights(experiment, data) : diagonalWeights(experiment);
  return { theory };
};

/** Why there is no closed form, whatever the encoder. */
const commonReason = ({ loss, optimiser, encoder }: Experiment): string | null => {
  if (loss.kind !== 'spectral') return `there is no closed form for the ${loss.kind} loss`;
  if (optimiser.kind !== 'sgd')
    return `${optimiser.kind} does not follow the gradient flow that the closed form describes: layers do not stay balanced`;
  if (encoder.kind !== 'linear' && encoder.kind !== 'diagonal')
    return `there is no closed form for a ${encoder.kind} encoder`;
  return null;
};

const reasonOf = (experiment: Experiment): string | null =>
  experiment.encoder.kind === 'linear' ? linearReason(experiment) : diagonalReason(experiment);

/** Scale of the layers of an encoder at the start, if the experiment gives none; a linear head takes that of its encoder. */
const DEFAULT_SCALE = 0.5;

/** What a linear network starts with. */
interface LinearChain {
  /** Number of features. */
  readonly features: number;
  /** Width and initial scale of every layer. */
  readonly layers: readonly { readonly name: string; readonly width: number; readonly scale: number }[];
}

const chainOf = ({ data, encoder, head }: Experiment): LinearChain => {
  if (data.kind !== 'synthetic' || encoder.kind !== 'linear') return { features: 0, layers: [] };
  const { initialScale = DEFAULT_SCALE } = encoder;
  const encoded = encoder.widths.map((width, l) => ({
    name: `encoder.${l + 1}`,
    width,
    scale: initialScale,
  }));
  if (head.kind !== 'linear') return { features: data.strengths.length, layers: encoded };
  const projected = { name: 'head.1', width: head.width, scale: head.initialScale ?? initialScale };
  return { features: data.strengths.length, layers: [...encoded, projected] };
};

const capacityOf = ({ features, layers }: LinearChain): number =>
  layers.reduce((least, { width }) => Math.min(least, width), features);

const isBalanced = ({ layers }: LinearChain): boolean =>
  layers.every(({ scale }) => scale === layers[0].scale);

const linearReason = (experiment: Experiment): string | null => {
  const { head, augmentation, optimiser } = experiment;
  if (head.kind !== 'none' && head.kind !== 'linear')
    return `there is no closed form for a ${head.kind} head on a linear encoder`;
  if (augmentation.some(({ kind }) => kind === 'gaussian-noise'))
    return 'gaussian-noise acts on all features together';
  const chain = chainOf(experiment);
  const aside = [
    ...(optimiser.weightDecay > 0 ? ['weight decay'] : []),
    // Heavy steps change what gradient flow conserves, by some percent while directions turn or layers differ.
    ...(optimiser.kind === 'sgd' && optimiser.momentum > 0 ? ['momentum'] : []),
  ];
  if (aside.length === 0) return null;
  if (!isBalanced(chain))
    return `with ${aside[0]} there is a closed form only for layers that start with the same initialScale`;
  if (capacityOf(chain) < chain.features)
    return `with ${aside[0]} there is a closed form only for layers at least as wide as there are features`;
  return null;
};

const diagonalReason = ({ data, encoder, head, augmentation, optimiser }: Experiment): string | null => {
  if (data.kind !== 'synthetic' || encoder.kind !== 'diagonal') return null;
  if (data.factors !== 'rademacher' || data.directions !== 'identity')
    return 'the closed form of the diagonal network is for rademacher factors in identity directions';
  if (augmentation.length > 0) return 'the closed form of the diagonal network is without augmentation';
  if (encoder.depth !== 1) return 'the closed form of the diagonal network is for an encoder of depth 1';
  if (head.kind !== 'symmetric-relu' || head.weights !== 'diagonal' || head.trainThreshold)
    return 'the closed form of the diagonal network is for a diagonal symmetric-relu head with a fixed threshold';
  if (optimiser.weightDecay > 0) return 'the closed form of the diagonal network is without weight decay';
  return null;
};

const named = (weights: readonly number[]) =>
  weights.map((weight, j) => ({ feature: `feature-${j + 1}`, weight }));

/** Of both views, which need not be augmented alike. */
const linearWeights = (experiment: Experiment, data: Data): Theory | null => {
  const { data: spec, augmentation, optimiser } = experiment;
  if (spec.kind !== 'synthetic') return null;
  const chain = chainOf(experiment);
  const { positiveMoment, viewMoments } = data.population ?? populationOf(spec, augmentation, null);
  const moments = [...positiveMoment].map((positive, j) => ({
    positive,
    second: Math.sqrt(viewMoments[0][j] * viewMoments[1][j]),
  }));
  const scales = chain.layers.map(({ scale }) => scale);
  const { weightDecay } = optimiser;
  const post = outputWeights(moments, {
    capacity: capacityOf(chain),
    ...(weightDecay > 0 ? { decay: { strength: weightDecay, layers: scales.length, start: scales[0] } } : {}),
  });
  return {
    source: sourceOf(isBalanced(chain), weightDecay),
    layers: layerWeights(post, scales).map((weights, l) => ({
      layer: chain.layers[l].name,
      weights: named(weights),
    })),
  };
};

const sourceOf = (balanced: boolean, weightDecay: number): string => {
  const output = 's = sqrt(A / (B1 B2)) (additive noise in both views: phi / (phi^2 + sigma^2))';
  if (weightDecay > 0)
    return `balanced linear layers at a minimum of the spectral loss with weight decay: s^(l / L), 4 B1 B2 s^(4 - 2 / L) - 4 A s^(2 - 2 / L) + ${weightDecay} = 0`;
  return balanced
    ? `balanced linear layers at the optimum of the spectral loss: s^(l / L), ${output}`
    : `linear layers at the optimum of the spectral loss, whose squared gains keep the differences of the start: product ${output}`;
};

/** One layer, then w S_b with a fixed threshold, on noiseless Rademacher features. */
const diagonalWeights = ({ data: spec, encoder, head }: Experiment): Theory | null => {
  if (spec.kind !== 'synthetic' || encoder.kind !== 'diagonal' || head.kind !== 'symmetric-relu') return null;
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
