import { recommend } from '../../src/choose/index.ts';
import { openStream, permutation } from '../../src/data/index.ts';
import {
  type Analysis,
  type Evaluation,
  type LayerAnalysis,
  unpackOutcomes,
} from '../../src/protocol/index.ts';

/** Chosen layers, by what a rule may see of the test split. */
export interface Outcome {
  readonly run: string;
  readonly task: string;
  readonly layers: readonly string[];
  /** Index of the pre-projection layer. */
  readonly preProjection: number;
  /** By layer: 1 for a test sample that is predicted right. */
  readonly right: readonly Uint8Array[];
  /** The group of every test sample, and the share of each group in training; empty without groups. */
  readonly groups: Int32Array;
  readonly shares: readonly number[];
  /** By the rule of `recommend`, which sees no test sample. */
  readonly chosen: number;
  readonly chosenForGroups: number | null;
  /** The samples that `recommend` ranks on. */
  readonly rankedOn: string;
  readonly clear: boolean;
  readonly near: ReadonlySet<number>;
}

const evaluationOf = (layer: LayerAnalysis, task: string, method: string): Evaluation =>
  layer.probes
    .find((probe) => probe.task === task && probe.method === method)!
    .evaluations.find(({ on }) => on === 'test')!;

export const outcomesOfTask = (run: string, analysis: Analysis, task: string): Outcome => {
  const kept = analysis.layers.filter(({ part }) => part !== 'input' && part !== 'classifier');
  const layers = kept.map(({ name }) => name);
  const evaluations = kept.map((layer) => evaluationOf(layer, task, analysis.usualMethod));
  const answer = recommend(analysis, { task });
  const grouped = evaluations[0].groups.length > 0;
  const forGroups = grouped ? recommend(analysis, { task, criterion: 'worst-group accuracy' }) : null;
  return {
    run,
    task,
    layers,
    preProjection: kept.findIndex(({ role }) => role === 'pre-projection'),
    right: evaluations.map(({ outcomes, samples }) => Uint8Array.from(unpackOutcomes(outcomes!, samples))),
    groups: Int32Array.from(
      evaluations[0].groups.flatMap(({ samples }, group) => new Array<number>(samples).fill(group)),
    ),
    shares: evaluations[0].groups.map(({ trainSamples }) => trainSamples),
    chosen: layers.indexOf(answer.recommended.layer),
    chosenForGroups: forGroups && layers.indexOf(forGroups.recommended.layer),
    rankedOn: answer.ranked.on,
    clear: answer.verdict === 'clear',
    near: new Set(answer.ranking.flatMap(({ layer, near }) => (near ? [layers.indexOf(layer)] : []))),
  };
};

/** A share of right outcomes among some samples, and how many these are. */
interface Share {
  readonly value: number;
  readonly samples: number;
}

const accuracyOf = (right: Uint8Array, samples: Int32Array): Share => ({
  value: samples.reduce((sum, sample) => sum + right[sample], 0) / samples.length,
  samples: samples.length,
});

/**
 * The accuracies of the groups weighted with their shares in training, as benchmarks with spurious groups report it
 * (Sagawa et al. 2020): that of samples like those of training. The plain accuracy without groups.
 */
const weightedOf = (right: Uint8Array, samples: Int32Array, { groups, shares }: Outcome): Share => {
  if (groups.length === 0) return accuracyOf(right, samples);
  const counts = shares.map(() => ({ right: 0, all: 0 }));
  for (const sample of samples) {
    counts[groups[sample]].right += right[sample];
    counts[groups[sample]].all++;
  }
  let [value, total] = [0, 0];
  counts.forEach(({ right: hits, all }, group) => {
    if (all === 0) return;
    value += (shares[group] * hits) / all;
    total += shares[group];
  });
  return { value: value / total, samples: samples.length };
};

/** The lowest accuracy over groups that have samples. */
const worstOf = (right: Uint8Array, samples: Int32Array, groups: Int32Array): Share => {
  const counts = new Map<number, { right: number; all: number }>();
  for (const sample of samples) {
    const count = counts.get(groups[sample]) ?? { right: 0, all: 0 };
    counts.set(groups[sample], { right: count.right + right[sample], all: count.all + 1 });
  }
  const shares = [...counts.values()].map(({ right: hits, all }) => ({ value: hits / all, samples: all }));
  return shares.reduce((worst, share) => (share.value < worst.value ? share : worst));
};

/** What a layer is judged by. */
type Criterion = 'accuracy' | 'accuracy of the test split' | 'worst group';

const scoreOf = (criterion: Criterion, outcome: Outcome, right: Uint8Array, samples: Int32Array): Share => {
  if (criterion === 'worst group') return worstOf(right, samples, outcome.groups);
  return criterion === 'accuracy' ? weightedOf(right, samples, outcome) : accuracyOf(right, samples);
};

type Rule = (outcome: Outcome, scores: readonly Share[], criterion: Criterion) => number;

const best = (scores: readonly Share[]): number =>
  scores.reduce((top, { value }, at) => (value > scores[top].value ? at : top), 0);

const RULES: Readonly<Record<string, Rule>> = {
  'earliest within one standard error on n': (_, scores) => {
    const { value, samples } = scores[best(scores)];
    const bar = value - Math.sqrt((value * (1 - value)) / samples);
    return scores.findIndex((score) => score.value >= bar);
  },
  'best on n': (_, scores) => best(scores),
  'recommended, out of fold': ({ chosen, chosenForGroups }, _, criterion) =>
    criterion === 'worst group' ? chosenForGroups! : chosen,
  'always pre-projection': ({ preProjection }) => preProjection,
};

const SIZES = [100, 250, 500, 1000];
const DRAWS = 20;

const percent = (share: number): string => (100 * share).toFixed(2);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];

/** Regret of a rule on one task, by draw: it sees n test samples, and is judged on the others. */
const regretsOf = (rule: Rule, outcome: Outcome, n: number, criterion: Criterion): number[] =>
  Array.from({ length: DRAWS }, (_, draw) => {
    const order = permutation(outcome.right[0].length, openStream(draw, 'regret'));
    const score = (samples: Int32Array) =>
      outcome.right.map((right) => scoreOf(criterion, outcome, right, samples));
    const judged = score(order.subarray(n));
    return judged[best(judged)].value - judged[rule(outcome, score(order.subarray(0, n)), criterion)].value;
  });

const rowOf = (name: string, outcomes: readonly Outcome[], criterion: Criterion) => {
  const cells = SIZES.map((n) => {
    const regrets = outcomes.flatMap((outcome) => regretsOf(RULES[name], outcome, n, criterion));
    return `${percent(mean(regrets))} / ${percent(quantile(regrets, 0.95))}`.padStart(14);
  });
  return `${name.padEnd(42)}${cells.join('')}`;
};

/** On all test samples: the choice, its verdict, and the set that cannot be told apart. */
const verdictLines = (outcomes: readonly Outcome[]): string[] => {
  const judged = outcomes.map((outcome) => {
    const all = Int32Array.from(outcome.right[0], (_, sample) => sample);
    const scores = outcome.right.map((right) => weightedOf(right, all, outcome).value);
    const top = scores.reduce((a, b) => Math.max(a, b));
    return { outcome, scores, top };
  });
  const clear = judged.filter(({ outcome }) => outcome.clear);
  const costly = clear.filter(({ outcome, scores, top }) => top - scores[outcome.chosen] > 0.01);
  const held = judged.filter(({ outcome, scores, top }) =>
    scores.some((score, at) => score === top && outcome.near.has(at)),
  );
  const wrong = judged.filter(({ outcome, scores, top }) => top - scores[outcome.preProjection] > 0.01);
  const lossOf = (index: (outcome: Outcome) => number) =>
    percent(mean(wrong.map(({ outcome, scores, top }) => top - scores[index(outcome)])));
  return [
    `${outcomes.length} tasks of ${new Set(outcomes.map(({ run }) => run)).size} runs`,
    `clear: ${clear.length}, of these over a point below the best: ${costly.length}`,
    `the set that cannot be told apart has the best layer of the test split in ${held.length} of ${judged.length}`,
    `pre-projection is over a point below the best in ${wrong.length}: it loses ${lossOf(({ preProjection }) => preProjection)} there, the recommended layer ${lossOf(({ chosen }) => chosen)}`,
    ...judged
      .filter(({ outcome, scores, top }) => top - scores[outcome.chosen] > 0.005)
      .map(
        ({ outcome, scores, top }) =>
          `  ${outcome.run} ${outcome.task}: ${outcome.layers[outcome.chosen]} is ${percent(top - scores[outcome.chosen])} below ${outcome.layers[scores.indexOf(top)]}`,
      ),
  ];
};

/** The table of the rules, mean / 95th percentile of the regret in points, and what the verdicts are worth. */
export const regretTable = (outcomes: readonly Outcome[]): string[] => {
  const grouped = outcomes.filter(({ chosenForGroups }) => chosenForGroups !== null);
  const rankedOn = (on: string) => outcomes.filter((outcome) => outcome.rankedOn === on);
  const rowsOf = (title: string, those: readonly Outcome[], criterion: Criterion): string[] => [
    `${title}, ${those.length} tasks:`,
    ...Object.keys(RULES).map((name) => rowOf(name, those, criterion)),
  ];
  return [
    `${'regret in points, mean / 95 %'.padEnd(42)}${SIZES.map((n) => `n = ${n}`.padStart(14)).join('')}`,
    ...rowsOf('accuracy, groups weighted as in training', outcomes, 'accuracy'),
    ...rowsOf('of these, the label did not train the encoder', rankedOn('train'), 'accuracy'),
    ...rowsOf('the label trained it', rankedOn('validation'), 'accuracy'),
    ...rowsOf('worst group', grouped, 'worst group'),
    ...rowsOf(
      'accuracy of the test split, where groups differ from training',
      outcomes,
      'accuracy of the test split',
    ),
    ...verdictLines(outcomes),
  ];
};
