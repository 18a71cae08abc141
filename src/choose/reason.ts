import {
  type Candidate,
  type Comparison,
  formatCount,
  formatPercent,
  percentOf,
  type Recommendation,
} from '../protocol/index.ts';
import { ONE_SIDED, TWO_SIDED } from '../statistics/index.ts';

type Unexplained = Omit<Recommendation, 'reason'>;

/**
 * A recommendation in sentences: first what the layer does not beat, then which layer it is and how sure that is, then
 * what it scores on samples that took no part in the choice, and what it gains over others.
 */
export const reasonFor = (recommendation: Unexplained, unscored: readonly string[]): string =>
  [
    ...recommendation.unbeaten.map((noun) => warningOf(noun, recommendation)),
    choiceOf(recommendation),
    ...doubtOf(recommendation),
    ...reportOf(recommendation),
    ...gainsOf(recommendation),
    ...(unscored.length === 0 ? [] : [`Without a score: ${unscored.join(', ')}.`]),
  ].join(' ');

const quoted = (layer: string): string => `"${layer}"`;

/** `81.0 % (95 % interval 79.2 % to 82.7 %, 2,000 samples)`. */
const scoreWords = ({ accuracy, interval, samples }: Pick<Candidate, 'accuracy' | 'interval' | 'samples'>) =>
  `${formatPercent(accuracy)} (95 % interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}, ${formatCount(samples)} samples)`;

/** `6.3 points (95 % interval 4.4 to 8.2)`. */
const pointsWords = (value: number, interval: readonly [number, number]): string =>
  `${percentOf(value)} points (95 % interval ${percentOf(interval[0])} to ${percentOf(interval[1])})`;

const placeOf = (on: string): string => (on === 'test' ? 'the test split' : quoted(on));

const warningOf = (noun: Unexplained['unbeaten'][number], recommendation: Unexplained): string => {
  const { task, criterion, recommended, comparisons, on } = recommendation;
  const own = recommended.reported === null ? '' : formatPercent(recommended.reported.accuracy);
  if (noun === 'chance') {
    const chance =
      criterion === 'R²'
        ? 'a probe of shuffled values or always their mean: R² '
        : 'a probe of shuffled labels or always the most frequent class: ';
    return `${quoted(recommended.layer)} does not do better on ${task} than chance, ${chance}${own} on ${placeOf(on)}.`;
  }
  const other = comparisons.find((comparison) => comparison.with === noun)!;
  const how = other.interval[1] < 0 ? 'reads' : 'may read';
  const what = other.interval[1] < 0 ? 'better than' : 'as well as';
  const difference =
    other.gain > 0
      ? `which is ${pointsWords(other.gain, other.interval)} lower`
      : `a difference of ${pointsWords(-other.gain, [-other.interval[1], -other.interval[0]])}`;
  return `${noun === 'untrained encoder' ? 'An' : 'The'} ${noun} ${how} ${task} ${what} ${quoted(recommended.layer)}: ${criterion === 'R²' ? 'R² ' : ''}${formatPercent(other.accuracy)} against ${own} on ${placeOf(on)}, ${difference}.`;
};

/** Where the ranked accuracy comes from. */
const evidenceWords = ({ ranked, on }: Unexplained): string => {
  const samples = formatCount(ranked.samples);
  if (ranked.on === on) return `on ${placeOf(on)}`;
  return ranked.folds > 0
    ? `out of fold (${samples} ${ranked.on === 'own' ? 'labelled samples of the task' : 'training samples'} in ${ranked.folds} folds)`
    : `on ${samples} ${ranked.on} samples that the encoder was not trained on`;
};

const choiceOf = (recommendation: Unexplained): string => {
  const { task, criterion, within, recommended, best } = recommendation;
  const score = `${formatPercent(recommended.accuracy)} ${evidenceWords(recommendation)}`;
  const group = recommended.group === null ? '' : ` in group ${recommended.group}`;
  if (within !== null && recommended.layer !== best.layer) {
    const most = percentOf(recommended.loss + ONE_SIDED * recommended.lossError);
    return `${quoted(recommended.layer)} is the earliest layer that with 95 % confidence loses at most ${percentOf(within)} points of the highest ${criterion} on ${task}, that of ${quoted(best.layer)}: it has ${score}${group} and loses at most ${most} points.`;
  }
  return `${quoted(recommended.layer)} has the highest ${criterion} on ${task}, ${score}${group}.`;
};

/** How sure it is which layer is best. */
const doubtOf = ({ ranking, best, verdict, criterion }: Unexplained): string[] => {
  if (ranking.length === 1)
    return ['It is the only layer with a score, so there is nothing to compare it with.'];
  if (ranking.every(({ loss, lossError }) => loss === 0 && lossError === 0))
    return [
      `All ${ranking.length} layers ${criterion === 'R²' ? 'predict the same' : 'get the same samples right'}: nothing tells them apart.`,
    ];
  const near = ranking.filter((candidate) => candidate.near);
  const next = ranking.find((candidate) => candidate !== best)!;
  const half = TWO_SIDED * next.lossError;
  const gap = `${quoted(next.layer)} is ${pointsWords(next.loss, [next.loss - half, next.loss + half])} lower`;
  if (verdict === 'clear') return [`Every other layer is lower; ${gap}.`];
  if (near.length === 1) return [`No layer is as high, but the difference may be chance: ${gap}.`];
  return [
    `${near.length} of ${ranking.length} layers cannot be told apart: ${near.map(({ layer }) => layer).join(', ')}.`,
  ];
};

const reportOf = ({ criterion, recommended, on, ranked, optimism }: Unexplained): string[] => {
  if (recommended.reported === null) return [];
  const { worstGroup, ...overall } = recommended.reported;
  const worst = worstGroup === null ? '' : `; worst group ${worstGroup.group}, ${scoreWords(worstGroup)}`;
  const quantity = criterion === 'R²' ? 'R² ' : '';
  const score = `On ${placeOf(on)} it has ${quantity}${scoreWords(overall)}${worst}.`;
  // The lowest decimal that is printed.
  const biased = ranked.on === on && optimism >= 0.0005;
  return biased
    ? [score, `The same samples chose the layer, so expect about ${percentOf(optimism)} points less.`]
    : [score];
};

/** Against the layers that people keep by habit. Baselines that are not beaten are said first. */
const gainsOf = ({ comparisons, unbeaten }: Unexplained): string[] => {
  const said = comparisons.filter(({ with: noun }) => !unbeaten.some((other) => other === noun));
  const gains = said.flatMap((comparison) =>
    comparison.gain < 0
      ? []
      : [`${pointsWords(comparison.gain, comparison.interval)} over ${nameOf(comparison)}`],
  );
  const losses = said.flatMap((comparison) => {
    const [low, high] = comparison.interval;
    return comparison.gain < 0
      ? [`${pointsWords(-comparison.gain, [-high, -low])} against ${nameOf(comparison)}`]
      : [];
  });
  return [
    ...(gains.length === 0 ? [] : [`It gains ${gains.join('; ')}.`]),
    ...(losses.length === 0 ? [] : [`It loses ${losses.join('; ')}.`]),
  ];
};

const nameOf = ({ with: noun, layer }: Comparison): string => {
  if (noun === 'untrained encoder') return 'the same layer of an untrained encoder';
  return noun === 'raw input' ? 'the raw input' : `the ${noun} ${quoted(layer)}`;
};
