import {
  categoricalFactor,
  type Data,
  type DataSet,
  openStream,
  type RandomStream,
} from '../../data/index.ts';
import type { Experiment, TaskSpec } from '../../experiment/index.ts';
import { shuffled } from '../shuffle.ts';
import type { SplitData } from '../splits.ts';
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
 * folds. `own`: the labelled samples of the task, in the same way. `validation`: samples that were held out of training,
 * because the encoder has learnt this label of the others.
 */
type Ranking = Folded | { readonly on: 'validation'; readonly set: TaskSet };

interface Folded {
  readonly on: 'train' | 'own';
  readonly set: TaskSet;
  readonly count: number;
  readonly folds: Int32Array;
}

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

/** Tasks on the same samples, and the data that they are read from. */
export interface TaskGroup {
  readonly data: SplitData;
  readonly tasks: readonly ProbeTask[];
}

/** The tasks on the experiment's own data, which may be none, then each one that has samples of its own. */
export const prepareTasks = (experiment: Experiment, data: Data): TaskGroup[] => {
  if (data.train.size === 0 || experiment.downstream.length === 0) return [];
  const shared = experiment.downstream.filter(({ name }) => !data.taskData.has(name));
  const own = experiment.downstream.flatMap((spec): TaskGroup[] => {
    const samples = data.taskData.get(spec.name);
    if (samples === undefined) return [];
    const splits = { ...samples, validation: null, shifts: [] };
    return [{ data: splits, tasks: [prepareTask(spec, experiment, splits, 'own')] }];
  });
  const tasks = shared.map((spec) => prepareTask(spec, experiment, data, rankedOn(spec, experiment)));
  return tasks.length === 0 ? own : [{ data, tasks }, ...own];
};

/** The training samples, unless the encoder has learnt this label of them. */
const rankedOn = ({ factor }: TaskSpec, { loss }: Experiment): Ranking['on'] =>
  'label' in loss && loss.label === factor ? 'validation' : 'train';

const prepareTask = (
  spec: TaskSpec,
  experiment: Experiment,
  data: Pick<Data, 'train' | 'validation' | 'test' | 'shifts'>,
  on: Ranking['on'],
): ProbeTask => {
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
  const ranking =
    on === 'validation'
      ? data.validation && ({ on, set: setOf(data.validation) } as const)
      : foldedRanking(on, train, openStream(experiment.seed, `folds ${spec.name}`));
  return {
    name: spec.name,
    factor: spec.factor,
    classes: present.length,
    trainLabels: train.labels,
    shuffledLabels: Array.from({ length: SHUFFLES }, (_, draw) =>
      shuffled(train.labels, experiment.seed, draw),
    ),
    trainGroups: train.groups,
    ranking,
    sets: [data.test, ...data.shifts].map(setOf),
  };
};

const foldedRanking = (on: Folded['on'], set: TaskSet, random: RandomStream): Folded | null => {
  const count = foldsFor(set.labels);
  return count === 0 ? null : { on, set, count, folds: stratifiedFolds(set.labels, count, random) };
};
