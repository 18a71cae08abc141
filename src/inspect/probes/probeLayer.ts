import {
  CLASSIFICATION_METHODS,
  type ClassificationMethod,
  type Evaluation,
  type OutOfFold,
  type Probe,
  type ProbeMethod,
  REGRESSION_METHODS,
} from '../../protocol/index.ts';
import type { Source } from '../../sources/index.ts';
import { meanOverDraws, normalInterval } from '../../statistics/index.ts';
import type { Asked } from '../inspection.ts';
import { indexOfLargest } from '../largest.ts';
import { nullOf } from './accuracy.ts';
import { fewShotProbe } from './fewShotProbe.ts';
import { evaluate } from './groups.ts';
import { usableInformation } from './information.ts';
import { logisticProbe } from './logisticProbe.ts';
import { mlpProbe } from './mlpProbe.ts';
import { neighbourProbe } from './neighbourProbe.ts';
import type { LayerSplits, Predictions, ProbeContext, ProbeMethodOf } from './predictions.ts';
import { probeValues } from './ridgeProbe.ts';
import { asTheyAre, ofLengthOne, standardised } from './standardisation.ts';
import type { ProbeTask, TaskGroup, TaskSet } from './task.ts';

const METHODS: Readonly<Record<ClassificationMethod, ProbeMethodOf>> = {
  'logistic-standardised': logisticProbe(standardised),
  'logistic-raw': logisticProbe(asTheyAre),
  'logistic-normalised': logisticProbe(ofLengthOne),
  mlp: mlpProbe,
  knn: neighbourProbe,
  'few-shot-1': fewShotProbe(1),
  'few-shot-5': fewShotProbe(5),
  'few-shot-20': fewShotProbe(20),
};

/**
 * What layers are ranked by: the first of the probes that are asked for unless the usual one is. A reweighting head only
 * rescales each dimension, which standardising would undo.
 */
export const usualMethodOf = (
  { probes }: Pick<Asked, 'probes'>,
  { isRescaled }: Pick<Source, 'isRescaled'>,
): ClassificationMethod => {
  const usual = isRescaled ? 'logistic-raw' : 'logistic-standardised';
  return probes.includes(usual) ? usual : probes[0];
};

/** What is probed of one layer: tasks on the same samples. */
export type Probed = Pick<TaskGroup, 'tasks' | 'regressions'>;

/** Every task by each of the methods that can predict it. A probe that cannot be fitted has the reason. */
export const probeLayer = async (
  splits: LayerSplits,
  { tasks, regressions }: Probed,
  methods: readonly ProbeMethod[],
  context: ProbeContext,
): Promise<Probe[]> => {
  const probes: Probe[] = [];
  for (const method of CLASSIFICATION_METHODS.filter((each) => methods.includes(each))) {
    if (tasks.length === 0) break;
    for (const probe of await probeTasks(method, splits, tasks, context)) probes.push(probe);
  }
  for (const method of REGRESSION_METHODS.filter((each) => methods.includes(each))) {
    for (const probe of await probeValues(method, splits, regressions, context)) probes.push(probe);
  }
  return probes;
};

const probeTasks = async (
  method: ClassificationMethod,
  splits: LayerSplits,
  tasks: readonly ProbeTask[],
  context: ProbeContext,
): Promise<Probe[]> => {
  const { signal } = context;
  signal?.throwIfAborted();
  const learnable = tasks.filter(({ classes }) => classes > 1);
  try {
    const predicted = await METHODS[method](splits, learnable, context);
    return tasks.map((task) => {
      const at = learnable.indexOf(task);
      return at < 0
        ? failedProbe(method, task, 'the training split has a single class')
        : scoredProbe(method, task, predicted[at]);
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const note = error instanceof Error ? error.message : String(error);
    return tasks.map((task) => failedProbe(method, task, note));
  }
};

const headOf = (method: ClassificationMethod, { name, factor, classes, train }: ProbeTask) => ({
  task: name,
  factor,
  classes,
  method,
  score: 'accuracy' as const,
  trainSamples: train.labels.length,
});

const failedProbe = (method: ClassificationMethod, task: ProbeTask, note: string): Probe => ({
  ...headOf(method, task),
  evaluations: [],
  outOfFold: null,
  c: null,
  shuffledNull: { accuracy: null, interval: null, samples: 0 },
  majority: null,
  note,
});

const scoredProbe = (
  method: ClassificationMethod,
  task: ProbeTask,
  { bySet, ranked, losses, shuffled, draws, c, note }: Predictions,
): Probe => ({
  ...headOf(method, task),
  evaluations: task.sets.map((set, index) => ({
    ...evaluateSet(task, set, bySet[index]),
    ...(draws === undefined ? {} : ofDraws(correctOf(set, bySet[index]), draws.count, draws.ofTest)),
  })),
  outOfFold:
    ranked === null
      ? null
      : {
          ...evaluateRanked(task, ranked, losses),
          ...(draws === undefined
            ? {}
            : ofDraws(correctOf(task.ranking!.set, ranked), draws.count, draws.ofRanked)),
        },
  c,
  shuffledNull: nullOf(
    shuffled.map((predictions) => shareOf(correctOf(task.sets[0], predictions))),
    task.sets.at(0)?.labels.length ?? 0,
  ),
  majority: majorityOf(task),
  ...(note === undefined ? {} : { note }),
});

/** The accuracy of the most frequent class of training on the first test set; of equals, the first class. */
const majorityOf = ({ classes, train, sets }: ProbeTask): number | null => {
  const labels = sets.at(0)?.labels ?? new Int32Array(0);
  const counts = new Float64Array(classes);
  for (const label of train.labels) counts[label]++;
  const most = indexOfLargest(counts);
  return labels.length === 0 ? null : labels.filter((label) => label === most).length / labels.length;
};

/** Draws differ by what they see as well as by what they predict: both are in the spread of their accuracies. */
const ofDraws = (
  correct: readonly boolean[],
  count: number,
  drawOf: (sample: number) => number,
): Partial<Pick<Evaluation, 'byDraw' | 'interval'>> => {
  if (correct.length === 0) return {};
  const right = new Float64Array(count);
  const samples = new Float64Array(count);
  correct.forEach((isRight, i) => {
    samples[drawOf(i)]++;
    if (isRight) right[drawOf(i)]++;
  });
  const byDraw = [...right].flatMap((hits, draw) => (samples[draw] === 0 ? [] : [hits / samples[draw]]));
  const { value, error } = meanOverDraws(byDraw);
  return { byDraw, interval: normalInterval(value, error, [0, 1]) };
};

const correctOf = (set: TaskSet, predictions: Int32Array): boolean[] =>
  Array.from(set.labels, (label, i) => label === predictions[i]);

const shareOf = (correct: readonly boolean[]): number => correct.filter(Boolean).length / correct.length;

/** Scores predictions on a set, by group if the task has groups. */
export const evaluateSet = (task: ProbeTask, set: TaskSet, predictions: Int32Array): Evaluation => {
  const groups =
    task.trainGroups === null || set.groups === null ? null : { train: task.trainGroups, test: set.groups };
  return evaluate(set.name, correctOf(set, predictions), groups);
};

const evaluateRanked = (task: ProbeTask, predictions: Int32Array, losses: Float64Array | null): OutOfFold => {
  const ranking = task.ranking!;
  const folds = ranking.on === 'validation' ? 0 : ranking.count;
  // Weights change what the probabilities are of.
  const information =
    losses === null || task.train.weights !== null ? null : usableInformation(ranking.set.labels, losses);
  return {
    ...evaluateSet(task, ranking.set, predictions),
    on: ranking.on,
    folds,
    ...(information === null ? {} : { information }),
  };
};
