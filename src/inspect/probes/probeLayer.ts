import { type Evaluation, PROBE_METHODS, type Probe, type ProbeMethod } from '../../protocol/index.ts';
import type { Backend } from '../../runtime/index.ts';
import type { Products } from '../algebra/products.ts';
import type { Representation } from '../representation.ts';
import { accuracyOf } from './accuracy.ts';
import { evaluate } from './groups.ts';
import { fitLogistic, LOGISTIC_DEFAULTS, predictClasses } from './logistic.ts';
import type { LogisticTask } from './logisticProgram.ts';
import { findNeighbours, type Neighbours, voteOfNeighbours } from './neighbours.ts';
import { centring, fitStandardisation, type Standardisation, standardise } from './standardisation.ts';
import type { ProbeTask, TaskSet } from './task.ts';

/** Representations of one layer: the training split and, in the order of `ProbeTask.sets`, every test set. */
export interface LayerSplits {
  readonly train: Representation;
  readonly tests: readonly Representation[];
}

export interface ProbeContext {
  readonly backend: Backend;
  readonly products: Products;
  readonly signal?: AbortSignal;
}

/** Predictions of one learner on every test set. */
interface Predictions {
  readonly bySet: readonly Int32Array[];
  readonly note?: string;
}

/** Fits every list of labels on the same representations. */
type Learner = (tasks: readonly LogisticTask[]) => Promise<Predictions[]>;

/** Every task by every method on one layer. A probe that cannot be fitted has the reason. */
export const probeLayer = async (
  splits: LayerSplits,
  tasks: readonly ProbeTask[],
  context: ProbeContext,
): Promise<Probe[]> => {
  if (tasks.length === 0) return [];
  const standardisation = fitStandardisation(splits.train);
  const learners: Record<ProbeMethod, Learner> = {
    'logistic-standardised': logisticLearner(splits, standardisation, context),
    'logistic-raw': logisticLearner(splits, centring(standardisation), context),
    knn: neighbourLearner(splits, context),
  };
  const probes: Probe[] = [];
  for (const method of PROBE_METHODS) {
    for (const probe of await probeTasks(method, tasks, learners[method], context.signal)) probes.push(probe);
  }
  return probes;
};

const logisticLearner =
  (splits: LayerSplits, standardisation: Standardisation, context: ProbeContext): Learner =>
  async (tasks) => {
    const { backend, products, signal } = context;
    const train = standardise(splits.train, standardisation);
    const models = await fitLogistic(backend, products, train, tasks, { ...LOGISTIC_DEFAULTS, signal });
    const tests = splits.tests.map((test) => standardise(test, standardisation));
    const predictions: Predictions[] = [];
    for (const { weights, intercept, converged, iterations } of models) {
      const bySet: Int32Array[] = [];
      for (const test of tests) bySet.push(predictClasses(await products.times(test, weights), intercept));
      predictions.push(
        converged ? { bySet } : { bySet, note: `not converged after ${iterations} iterations` },
      );
    }
    return predictions;
  };

const neighbourLearner =
  (splits: LayerSplits, { products, signal }: ProbeContext): Learner =>
  async (tasks) => {
    const neighbours: Neighbours[] = [];
    for (const test of splits.tests) {
      neighbours.push(await findNeighbours(products, splits.train, test, signal));
    }
    return tasks.map(({ labels, classes }) => ({
      bySet: neighbours.map((found) => voteOfNeighbours(found, labels, classes)),
    }));
  };

/** Fits the labels of every task, and the same labels shuffled. */
const probeTasks = async (
  method: ProbeMethod,
  tasks: readonly ProbeTask[],
  learn: Learner,
  signal: AbortSignal | undefined,
): Promise<Probe[]> => {
  signal?.throwIfAborted();
  const learnable = tasks.filter(({ classes }) => classes > 1);
  try {
    const learned = await learn(
      learnable.flatMap(({ trainLabels, shuffledLabels, classes }) => [
        { labels: trainLabels, classes },
        { labels: shuffledLabels, classes },
      ]),
    );
    return tasks.map((task) => {
      const at = 2 * learnable.indexOf(task);
      return at < 0
        ? failedProbe(method, task, 'the training split has a single class')
        : scoredProbe(method, task, learned[at], learned[at + 1]);
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    const note = error instanceof Error ? error.message : String(error);
    return tasks.map((task) => failedProbe(method, task, note));
  }
};

const headOf = (method: ProbeMethod, { name, factor, classes, trainLabels }: ProbeTask) => ({
  task: name,
  factor,
  classes,
  method,
  trainSamples: trainLabels.length,
});

const failedProbe = (method: ProbeMethod, task: ProbeTask, note: string): Probe => ({
  ...headOf(method, task),
  evaluations: [],
  shuffledNull: { accuracy: null, interval: null, samples: 0 },
  note,
});

const scoredProbe = (
  method: ProbeMethod,
  task: ProbeTask,
  { bySet, note }: Predictions,
  shuffled: Predictions,
): Probe => ({
  ...headOf(method, task),
  evaluations: task.sets.map((set, index) => evaluateSet(task, set, bySet[index])),
  shuffledNull: accuracyOf(correctOf(task.sets[0], shuffled.bySet[0])),
  ...(note === undefined ? {} : { note }),
});

const correctOf = (set: TaskSet, predictions: Int32Array): boolean[] =>
  Array.from(set.labels, (label, i) => label === predictions[i]);

const evaluateSet = (task: ProbeTask, set: TaskSet, predictions: Int32Array): Evaluation => {
  const groups =
    task.trainGroups === null || set.groups === null ? null : { train: task.trainGroups, test: set.groups };
  return evaluate(set.name, correctOf(set, predictions), groups);
};
