import { categoricalFactor, type Data, type DataSet, openStream } from '../../data/index.ts';
import type { Experiment, TaskSpec } from '../../experiment/index.ts';
import { shuffled } from '../shuffle.ts';
import { foldsFor, stratifiedFolds } from './folds.ts';
import { groupsOf } from './groups.ts';

/** What a set of samples provides for a probe: the true class of every sample, and its group if the task has groups. */
export interface TaskSet {
  readonly name: string;
  /** Class indices of the probe; -1 for a class that training never saw, which no prediction matches. */
  readonly labels: Int32Array;
  readonly groups: readonly string[] | null;
}

/**
 * What layers are ranked by. `train`: the training samples, each predicted by a probe that was fitted on the other
 * folds. `validation`: samples that were held out of training, because the encoder has learnt this label of the others.
 */
type Ranking =
  | { readonly on: 'train'; readonly set: TaskSet; readonly count: number; readonly folds: Int32Array }
  | { readonly on: 'validation'; readonly set: TaskSet };

/** A prepared downstream task: the same labels serve every layer and every probe. */
export interface ProbeTask {
  readonly name: string;
  readonly factor: string;
  /** The classes that occur in training, as 0 .. classes - 1. */
  readonly classes: number;
  readonly trainLabels: Int32Array;
  /** The training labels in seeded random orders: the baseline of a probe without any signal. */
  readonly shuffledLabels: readonly Int32Array[];
  readonly trainGroups: readonly string[] | null;
  /** Null when no samples are evidence. */
  readonly ranking: Ranking | null;
  /** The test split first, then the shifts. */
  readonly sets: readonly TaskSet[];
}

/** Random orders of the labels. */
const SHUFFLES = 20;

export const prepareTasks = (experiment: Experiment, data: Data): ProbeTask[] =>
  data.train.size === 0 ? [] : experiment.downstream.map((spec) => prepareTask(spec, experiment, data));

const prepareTask = (spec: TaskSpec, experiment: Experiment, data: Data): ProbeTask => {
  const factor = categoricalFactor(data.train, spec.factor, '/downstream');
  const groupFactors = spec.groups ?? experiment.groups ?? null;
  const present = [...new Set(factor.values)].sort((a, b) => a - b);
  const probeClass = new Map(present.map((value, index) => [factor.classes[value], index]));
  const setOf = (dataSet: DataSet): TaskSet => {
    const { values, classes } = categoricalFactor(dataSet, spec.factor, '/downstream');
    return {
      name: dataSet.name,
      labels: values.map((value) => probeClass.get(classes[value]) ?? -1),
      groups: groupFactors && groupsOf(dataSet, groupFactors),
    };
  };
  const train = setOf(data.train);
  return {
    name: spec.name,
    factor: spec.factor,
    classes: present.length,
    trainLabels: train.labels,
    shuffledLabels: Array.from({ length: SHUFFLES }, (_, draw) =>
      shuffled(train.labels, experiment.seed, draw),
    ),
    trainGroups: train.groups,
    ranking: rankingOf(spec, experiment, data, train, setOf),
    sets: [data.test, ...data.shifts].map(setOf),
  };
};

const rankingOf = (
  { name, factor }: TaskSpec,
  { loss, seed }: Experiment,
  { validation }: Data,
  train: TaskSet,
  setOf: (dataSet: DataSet) => TaskSet,
): Ranking | null => {
  if ('label' in loss && loss.label === factor) {
    return validation === null ? null : { on: 'validation', set: setOf(validation) };
  }
  const count = foldsFor(train.labels);
  if (count === 0) return null;
  const folds = stratifiedFolds(train.labels, count, openStream(seed, `folds ${name}`));
  return { on: 'train', set: train, count, folds };
};
