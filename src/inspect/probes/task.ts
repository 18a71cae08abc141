import { categoricalFactor, type Data, type DataSet } from '../../data/index.ts';
import type { Experiment, TaskSpec } from '../../experiment/index.ts';
import { shuffled } from '../shuffle.ts';
import { groupsOf } from './groups.ts';

/** What a test set provides for a probe: the true class of every sample, and its group if the task has groups. */
export interface TaskSet {
  readonly name: string;
  /** Class indices of the probe; -1 for a class that training never saw, which no prediction matches. */
  readonly labels: Int32Array;
  readonly groups: readonly string[] | null;
}

/** A prepared downstream task: the same labels serve every layer and every probe. */
export interface ProbeTask {
  readonly name: string;
  readonly factor: string;
  /** The classes that occur in training, as 0 .. classes - 1. */
  readonly classes: number;
  readonly trainLabels: Int32Array;
  /** The training labels in a seeded random order: the baseline of a probe without any signal. */
  readonly shuffledLabels: Int32Array;
  readonly trainGroups: readonly string[] | null;
  /** The test split first, then the shifts. */
  readonly sets: readonly TaskSet[];
}

export const prepareTasks = (experiment: Experiment, data: Data): ProbeTask[] =>
  data.train.size === 0 ? [] : experiment.downstream.map((spec) => prepareTask(spec, experiment, data));

const prepareTask = (spec: TaskSpec, experiment: Experiment, data: Data): ProbeTask => {
  const factor = categoricalFactor(data.train, spec.factor, '/downstream');
  const groupFactors = spec.groups ?? experiment.groups ?? null;
  const present = [...new Set(factor.values)].sort((a, b) => a - b);
  const probeClass = new Map(present.map((value, index) => [factor.classes[value], index]));
  const labelsOf = (dataSet: DataSet): Int32Array => {
    const { values, classes } = categoricalFactor(dataSet, spec.factor, '/downstream');
    return values.map((value) => probeClass.get(classes[value]) ?? -1);
  };
  const trainLabels = labelsOf(data.train);
  return {
    name: spec.name,
    factor: spec.factor,
    classes: present.length,
    trainLabels,
    shuffledLabels: shuffled(trainLabels, experiment.seed),
    trainGroups: groupFactors && groupsOf(data.train, groupFactors),
    sets: [data.test, ...data.shifts].map((dataSet) => ({
      name: dataSet.name,
      labels: labelsOf(dataSet),
      groups: groupFactors && groupsOf(dataSet, groupFactors),
    })),
  };
};
