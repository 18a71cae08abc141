import type { Evaluation, Probe, ProbeMethod } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { accuracyOf } from './accuracy.ts';
import { evaluate } from './groups.ts';
import { LOGISTIC_DEFAULTS, LogisticFitter, predictClasses } from './logistic.ts';
import type { Matrix } from './matrix.ts';
import { findNeighbours, voteOfNeighbours } from './neighbours.ts';
import type { Products } from './products.ts';
import { centring, fitStandardisation, type Standardisation, standardise } from './standardisation.ts';
import type { ProbeTask, TaskSet } from './task.ts';

/** Representations of one layer: the training split and, in the order of `ProbeTask.sets`, every test set. */
export interface LayerSplits {
  readonly train: Matrix;
  readonly tests: readonly Matrix[];
}

export interface ProbeContext {
  readonly backend: Backend;
  readonly products: Products;
  readonly signal?: AbortSignal;
}

/** Predicts the class of every sample of every test set after learning the given training labels. */
type Classifier = (labels: Int32Array, classes: number) => Promise<Predictions>;
interface Predictions {
  readonly bySet: readonly Int32Array[];
  readonly note?: string;
}

/** Every task by every method on one layer. A probe that cannot be fitted carries the reason. */
export const probeLayer = async (
  splits: LayerSplits,
  tasks: readonly ProbeTask[],
  context: ProbeContext,
): Promise<Probe[]> => {
  if (tasks.length === 0) return [];
  const standardisation = fitStandardisation(splits.train);
  const probes = [
    ...(await logisticProbes('logistic-standardised', splits, standardisation, tasks, context)),
    ...(await logisticProbes('logistic-raw', splits, centring(standardisation), tasks, context)),
    ...(await neighbourProbes(splits, tasks, context)),
  ];
  return probes;
};

const logisticProbes = async (
  method: ProbeMethod,
  splits: LayerSplits,
  standardisation: Standardisation,
  tasks: readonly ProbeTask[],
  { backend, products, signal }: ProbeContext,
): Promise<Probe[]> => {
  const train = standardise(splits.train, standardisation);
  const tests = splits.tests.map((test) => standardise(test, standardisation));
  const fitter = await LogisticFitter.open(backend, products, train);
  const classifier: Classifier = async (labels, classes) => {
    const model = await fitter.fit(labels, classes, { ...LOGISTIC_DEFAULTS, signal });
    const bySet: Int32Array[] = [];
    for (const test of tests) {
      bySet.push(predictClasses(await products.times(test, model.weights), model.intercept));
    }
    return model.converged ? { bySet } : { bySet, note: `not converged after ${model.iterations} iterations` };
  };
  try {
    return await probeTasks(method, tasks, classifier, signal);
  } finally {
    await fitter.dispose();
  }
};

const neighbourProbes = async (
  splits: LayerSplits,
  tasks: readonly ProbeTask[],
  { products, signal }: ProbeContext,
): Promise<Probe[]> => {
  const neighbours: Awaited<ReturnType<typeof findNeighbours>>[] = [];
  for (const test of splits.tests) {
    neighbours.push(await findNeighbours(products, splits.train, test, signal));
  }
  const classifier: Classifier = async (labels, classes) => ({
    bySet: neighbours.map((found) => voteOfNeighbours(found, labels, classes)),
  });
  return probeTasks('knn', tasks, classifier, signal);
};

const probeTasks = async (
  method: ProbeMethod,
  tasks: readonly ProbeTask[],
  classifier: Classifier,
  signal: AbortSignal | undefined,
): Promise<Probe[]> => {
  const probes: Probe[] = [];
  for (const task of tasks) {
    signal?.throwIfAborted();
    probes.push(await probeTask(method, task, classifier, signal));
  }
  return probes;
};

const probeTask = async (
  method: ProbeMethod,
  task: ProbeTask,
  classifier: Classifier,
  signal: AbortSignal | undefined,
): Promise<Probe> => {
  const head = {
    task: task.name,
    factor: task.factor,
    classes: task.classes,
    method,
    trainSamples: task.trainLabels.length,
  };
  const failed = (note: string): Probe => ({
    ...head,
    evaluations: [],
    shuffledNull: { accuracy: null, interval: null, samples: 0 },
    note,
  });
  if (task.classes < 2) return failed('the training split has a single class');
  try {
    const { bySet, note } = await classifier(task.trainLabels, task.classes);
    const shuffledNull = await classifier(task.shuffledLabels, task.classes);
    return {
      ...head,
      evaluations: task.sets.map((set, index) => evaluateSet(task, set, bySet[index])),
      shuffledNull: accuracyOf(correctOf(task.sets[0], shuffledNull.bySet[0])),
      ...(note === undefined ? {} : { note }),
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    return failed(error instanceof Error ? error.message : String(error));
  }
};

const correctOf = (set: TaskSet, predictions: Int32Array): boolean[] =>
  Array.from(set.labels, (label, i) => label === predictions[i]);

const evaluateSet = (task: ProbeTask, set: TaskSet, predictions: Int32Array): Evaluation => {
  const groups =
    task.trainGroups === null || set.groups === null ? null : { train: task.trainGroups, test: set.groups };
  return evaluate(set.name, correctOf(set, predictions), groups);
};
