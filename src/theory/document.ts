import { inputFault, type TheoryDocument, type TheoryQuestion } from '../protocol/index.ts';
import { preferredSide, tau } from './complexity.ts';
import { bestDepthFraction, bestLayer } from './depth.ts';
import { balancedScales, layerWeights, outputWeights } from './featureWeights.ts';
import { type CoordinateChange, type FeatureMoments, pairMoments, viewMoments } from './moments.ts';

/**
 * What theory says about a balanced linear network of L layers that is trained with the spectral contrastive loss
 * on augmented views: the weight of every feature after layers 1 ... L, and for every feature as the downstream
 * one the pre-or-post rule (half depth against the output) and the best depth.
 *
 * Throws an input fault when the lists differ in length or contain an impossible value.
 */
export function theoryDocument(question: TheoryQuestion): TheoryDocument {
  checkQuestion(question);
  const { strengths, noise, layers, weightDecay = 0 } = question;
  const downstreamStrengths = question.downstreamStrengths ?? strengths;
  const moments = strengths.map((_, j) => momentsOf(question, j));
  const post = outputWeights(
    moments,
    weightDecay === 0 ? {} : { decay: { strength: weightDecay, layers, start: Number.POSITIVE_INFINITY } },
  );
  return {
    strengths: [...strengths],
    noise: [...noise],
    drop: [...(question.drop ?? strengths.map(() => 0))],
    resample: [...(question.resample ?? strengths.map(() => 0))],
    views: question.views ?? 'both',
    weightDecay,
    downstreamStrengths: [...downstreamStrengths],
    layers: layerWeights(post, balancedScales(layers)).map((weights, index) => ({
      layer: index + 1,
      weights,
    })),
    features: post.map((weight, index) => {
      const threshold = tau(post, downstreamStrengths, index);
      return {
        feature: index + 1,
        postWeight: weight,
        tau: threshold,
        prefer: preferredSide(weight, threshold),
        bestDepthFraction: bestDepthFraction(post, downstreamStrengths, index),
        bestLayer: bestLayer(post, downstreamStrengths, index, layers),
      };
    }),
  };
}

/** Of feature j, augmented by noise, then dropping, then resampling. */
const momentsOf = (question: TheoryQuestion, j: number): FeatureMoments => {
  const { strengths, noise, drop, resample, views } = question;
  const changes: CoordinateChange[] = [
    { kind: 'additive', sigma: noise[j] },
    { kind: 'drop', probability: drop?.[j] ?? 0 },
    { kind: 'resample', probability: resample?.[j] ?? 0 },
  ];
  const augmented = viewMoments(strengths[j], changes);
  return pairMoments(augmented, views === 'first' ? viewMoments(strengths[j], []) : augmented);
};

interface Bounds {
  readonly holds: (value: number) => boolean;
  readonly words: string;
}

const POSITIVE: Bounds = { holds: (value) => value > 0, words: 'above 0' };
const NOT_NEGATIVE: Bounds = { holds: (value) => value >= 0, words: 'of at least 0' };
const PROBABILITY: Bounds = { holds: (value) => value >= 0 && value <= 1, words: 'from 0 to 1' };

function checkQuestion({
  strengths,
  noise,
  drop,
  resample,
  layers,
  weightDecay = 0,
  downstreamStrengths,
}: TheoryQuestion): void {
  if (strengths.length === 0)
    throw inputFault('holds no feature', 'strengths', 'Give one number per feature');
  const { length } = strengths;
  checkList('strengths', strengths, length, POSITIVE);
  checkList('noise', noise, length, NOT_NEGATIVE);
  checkList('drop', drop, length, PROBABILITY);
  checkList('resample', resample, length, PROBABILITY);
  checkList('downstream', downstreamStrengths, length, POSITIVE);
  if (!Number.isInteger(layers) || layers < 1 || layers > 1000) {
    throw inputFault(`${layers} is not a number of layers`, 'layers', 'Give a whole number from 1 to 1000');
  }
  if (!Number.isFinite(weightDecay) || weightDecay < 0) {
    throw inputFault(`is ${weightDecay}`, 'weight-decay', 'Give a finite number of at least 0');
  }
}

function checkList(
  name: string,
  values: readonly number[] | undefined,
  features: number,
  { holds, words }: Bounds,
): void {
  if (values === undefined) return;
  if (values.length !== features) {
    throw inputFault(
      `holds ${values.length} values for ${features} features`,
      name,
      `Give ${features} numbers, one per feature`,
    );
  }
  values.forEach((value, j) => {
    if (!Number.isFinite(value) || !holds(value)) {
      throw inputFault(`value ${j + 1} is ${value}`, name, `Give a finite number ${words}`);
    }
  });
}
