import type { Recommendation } from '../protocol/index.ts';
import {
  type Difference,
  type LinearScore,
  meanOutcome,
  meanOverDraws,
  normalInterval,
  type Outcomes,
  pairedLoss,
  standardErrorOf,
  stratifiedLoss,
  TWO_SIDED,
  wilsonInterval,
} from '../statistics/index.ts';
import type { Evidence, Span } from './evidence.ts';

/** What is maximised at one layer. */
interface LayerScore {
  readonly value: number;
  readonly interval: [number, number];
  readonly samples: number;
  /** The group that the score is about; null for the accuracy of all samples. */
  readonly group: string | null;
}

/** The scores of all candidates, in their order, and how to compare two of them. */
export interface Scores {
  readonly byLayer: readonly LayerScore[];
  /** How much lower candidate `other` scores than `best`, on the same samples. */
  loss(best: number, other: number): Difference;
}

export const scoresOf = (evidence: Evidence): Scores => SCORES[evidence.criterion](evidence);

const accuracies = ({ layers }: Evidence): Scores => ({
  byLayer: layers.map(({ ranked, byDraw }) => {
    const right = count(ranked, 0, ranked.length);
    const value = right / ranked.length;
    const interval =
      byDraw === null
        ? wilsonInterval(right, ranked.length)
        : normalInterval(value, meanOverDraws(byDraw).error, [0, 1]);
    return { value, interval, samples: ranked.length, group: null };
  }),
  loss: (best, other) => lossBetween(layers[best], layers[other]),
});

/** What is worse than the mean has less than 0. */
const R2_BOUNDS = [Number.NEGATIVE_INFINITY, 1] as const;

/** R², the mean of the outcomes, with the error that their spread says: see `definitions.rSquared`. */
const determinations = ({ layers }: Evidence): Scores => ({
  byLayer: layers.map(({ ranked }) => {
    const value = meanOutcome(ranked);
    const interval = normalInterval(value, standardErrorOf(Float64Array.from(ranked)) ?? 0, R2_BOUNDS);
    return { value, interval, samples: ranked.length, group: null };
  }),
  loss: (best, other) => lossBetween(layers[best], layers[other]),
});

/** What is compared: outcomes of the same samples and, where labelled samples were drawn, accuracies of the same draws. */
interface Compared {
  readonly ranked: Outcomes;
  readonly byDraw: readonly number[] | null;
}

/** How much lower `other` scores than `best`. Draws vary by the labelled samples that they take, beside those that they predict. */
export const lossBetween = (best: Compared, other: Compared): Difference => {
  const paired = pairedLoss(best.ranked, other.ranked);
  const [a, b] = [best.byDraw, other.byDraw];
  if (a === null || b === null || a.length !== b.length || a.length < 2) return paired;
  return { value: paired.value, error: meanOverDraws(a.map((share, draw) => share - b[draw])).error };
};

/**
 * The accuracy of the worst group, shrunk. Of few samples the lowest of many accuracies is mostly an unlucky one, so each
 * is drawn to what its layer and its group lead to expect:
 *   S_lg = a_l + b_g + lambda_g (A_lg - a_l - b_g),   lambda_g = tau^2 / (tau^2 + v_g),   v_g = A_g (1 - A_g) / n_g,
 * A_lg the accuracy of group g at layer l, a_l its mean over the groups, A_g and b_g the means of A_lg and A_lg - a_l over
 * the layers. tau^2 is the mean of (A_lg - a_l - b_g)^2 - v_g, at least 0. The score of a layer is its smallest S_lg.
 * Groups count the same in a_l: with the accuracy of all samples in its place, a layer that reads what most samples have in
 * common, and fails on the others, would be drawn up by the majority.
 */
const worstGroups = ({ layers, groups }: Evidence): Scores => {
  const byLayer = layers.map(({ ranked }) => mean(groups.map((span) => accuracyIn(ranked, span))));
  const byGroup = groups.map((span) => {
    const accuracies = layers.map(({ ranked }) => accuracyIn(ranked, span));
    const effect = mean(accuracies.map((accuracy, l) => accuracy - byLayer[l]));
    const level = mean(accuracies);
    const variance = (level * (1 - level)) / (span.to - span.from);
    return { accuracies, effect, variance };
  });
  const excess = byGroup.map(({ accuracies, effect, variance }) =>
    mean(accuracies.map((accuracy, l) => (accuracy - byLayer[l] - effect) ** 2 - variance)),
  );
  const tau2 = Math.max(0, mean(excess));
  const shares = byGroup.map(({ variance }) => (tau2 === 0 ? 0 : tau2 / (tau2 + variance)));
  const worst = byLayer.map((accuracy, l) => {
    const shrunk = byGroup.map(({ accuracies, effect }, g) => {
      const expected = accuracy + effect;
      return expected + shares[g] * (accuracies[l] - expected);
    });
    const g = shrunk.reduce((least, value, at) => (value < shrunk[least] ? at : least), 0);
    return { g, value: Math.min(1, Math.max(0, shrunk[g])) };
  });
  const linear = worst.map(({ g }, l): LinearScore => {
    const weights = groups.map(
      ({ from, to }, at) => ((1 - shares[g]) / groups.length + (at === g ? shares[g] : 0)) / (to - from),
    );
    return { outcomes: layers[l].ranked, weights };
  });
  const nothing: LinearScore = { outcomes: layers[0].ranked, weights: groups.map(() => 0) };
  return {
    byLayer: worst.map(({ g, value }, l) => {
      const half = TWO_SIDED * stratifiedLoss(linear[l], nothing, groups).error;
      return {
        value,
        interval: [Math.max(0, value - half), Math.min(1, value + half)],
        samples: groups[g].to - groups[g].from,
        group: groups[g].group,
      };
    }),
    loss: (best, other) => ({
      value: worst[best].value - worst[other].value,
      error: stratifiedLoss(linear[best], linear[other], groups).error,
    }),
  };
};

const SCORES: Readonly<Record<Recommendation['criterion'], (evidence: Evidence) => Scores>> = {
  accuracy: accuracies,
  'worst-group accuracy': worstGroups,
  'R²': determinations,
};

const count = (outcomes: Outcomes, from: number, to: number): number => {
  let right = 0;
  for (let at = from; at < to; at++) right += outcomes[at];
  return right;
};

const accuracyIn = (outcomes: Outcomes, { from, to }: Span): number =>
  count(outcomes, from, to) / (to - from);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
