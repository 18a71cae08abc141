import { inputFault, type TheoryDocument, type TheoryQuestion } from '../protocol/index.ts';
import { preferredSide, tau } from './complexity.ts';
import { bestDepthFraction, bestLayer } from './depth.ts';
import { layerWeights, postWeight } from './featureWeights.ts';
import { additiveMoments } from './moments.ts';

/**
 * What theory says about a balanced linear network of L layers that is trained with the spectral contrastive loss
 * under additive noise: the weight of every feature after layers 1 ... L, and for every feature as the downstream
 * one the pre-or-post rule (half depth against the output) and the best depth.
 *
 * Throws an input fault when the lists differ in length or contain an impossible value.
 */
export function theoryDocument(question: TheoryQuestion): TheoryDocument {
  const { strengths, noise, layers } = question;
  const downstreamStrengths = question.downstreamStrengths ?? strengths;
  checkQuestion(strengths, noise, layers, downstreamStrengths);
  const moments = strengths.map((strength, j) => additiveMoments(strength, noise[j]));
  const post = moments.map(postWeight);
  return {
    strengths: [...strengths],
    noise: [...noise],
    downstreamStrengths: [...downstreamStrengths],
    layers: layerWeights(moments, layers).map((weights, index) => ({ layer: index + 1, weights })),
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

function checkQuestion(
  strengths: readonly number[],
  noise: readonly number[],
  layers: number,
  downstreamStrengths: readonly number[],
): void {
  if (strengths.length === 0)
    throw inputFault('holds no feature', 'strengths', 'Give one number per feature');
  checkList('strengths', strengths, strengths.length, true);
  checkList('noise', noise, strengths.length, false);
  checkList('downstream strengths', downstreamStrengths, strengths.length, true);
  if (!Number.isInteger(layers) || layers < 1 || layers > 1000) {
    throw inputFault(`${layers} is not a number of layers`, 'layers', 'Give a whole number from 1 to 1000');
  }
}

function checkList(name: string, values: readonly number[], features: number, positive: boolean): void {
  if (values.length !== features) {
    throw inputFault(
      `holds ${values.length} values for ${features} features`,
      name,
      `Give ${features} numbers, one per feature`,
    );
  }
  values.forEach((value, j) => {
    if (!Number.isFinite(value) || value < 0 || (positive && value === 0)) {
      const expected = positive ? 'above 0' : 'of at least 0';
      throw inputFault(`value ${j + 1} is ${value}`, name, `Give a finite number ${expected}`);
    }
  });
}
