import { categoricalFactor, factorOf, type LabelledSet, openStream } from '../../data/index.ts';
import type { TaskSpec } from '../../experiment/index.ts';
import type { Source } from '../../sources/index.ts';
import type { Asked } from '../inspection.ts';
import type { SplitData } from '../readSplits.ts';
import { shuffledOrder } from '../shuffle.ts';
import { balancedWeights } from './balance.ts';
import { foldsFor, foldsTogether, stratifiedFolds } from './folds.ts';
import { groupsOf } from './groups.ts';
import { isRegression, prepareRegression, type RegressionTask } from './regressionTask.ts';

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
type Ranking = Folded | (RankedSet & { readonly on: 'validation' });

interface RankedSet {
  readonly set: TaskSet;
  /** How much each sample counts in the choice of C; null: all the same. */
  readonly weights: Float64Array | null;
}

interface Folded extends RankedSet {
  readonly on: 'train' | 'own';
  readonly count: number;
  readonly folds: Int32Array;
}

/** Class indices of the training samples, and how much each counts in a fit, 1 on average; null: all the same. */
export interface FitLabels {
  readonly labels: Int32Array;
  readonly weights: Float64Array | null;
}

/** A prepared downstream task: the same labels serve every layer and every probe. */
export interface ProbeTask {
  readonly name: string;
  readonly factor: string;
  /** Of draws from its samples. */
  readonly seed: number;
  /** The classes that occur in training, as 0 .. classes - 1. */
  readonly classes: number;
  readonly train: FitLabels;
  /** Those of training in seeded random orders: the baseline of a probe without any signal. */
  readonly shuffles: readonly FitLabels[];
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
  /** With a categorical factor. */
  readonly tasks: readonly ProbeTask[];
  /** With a continuous one. */
  readonly regressions: readonly RegressionTask[];
}

/** The tasks on the source's own splits, which may be none, then each one that has samples of its own. */
export const prepareTasks = ({ downstream, groups }: Asked, source: Labelled): TaskGroup[] => {
  const { train, validation, test, shifts, taskData } = source.splits;
  if (train.size === 0 || downstream.length === 0) return [];
  const specs = downstream.map((spec) => ({ ...spec, groups: spec.groups ?? groups }));
  const shared = specs.filter(({ name }) => !taskData.has(name));
  const own = specs.flatMap((spec): TaskGroup[] => {
    const samples = taskData.get(spec.name);
    if (samples === undefined) return [];
    return [prepareGroup([spec], source, { ...samples, validation: null, shifts: [] }, 'own')];
  });
  if (shared.length === 0) return own;
  return [prepareGroup(shared, source, { train, validation, test, shifts }, 'train'), ...own];
};

/** What tasks need to know of a source. */
type Labelled = Pick<Source, 'seed' | 'splits' | 'trainingLabel'>;

/** Sets with training samples to fit probes on. */
type FittedOn = SplitData & { readonly train: LabelledSet };

/** Labels that the encoder has learnt are ranked by validation samples, if the task has none of its own. */
const prepareGroup = (
  specs: readonly TaskSpec[],
  { seed, trainingLabel }: Labelled,
  data: FittedOn,
  on: 'train' | 'own',
): TaskGroup => {
  const isLearnt = ({ factor }: TaskSpec): boolean => on === 'train' && trainingLabel === factor;
  const continuous = specs.filter((spec) => isRegression(spec, data.train));
  return {
    data,
    tasks: specs
      .filter((spec) => !continuous.includes(spec))
      .map((spec) => prepareTask(spec, seed, data, isLearnt(spec) ? 'validation' : on)),
    regressions: continuous.map((spec) => prepareRegression(spec, seed, data, on)),
  };
};

const prepareTask = (spec: TaskSpec, seed: number, data: FittedOn, on: Ranking['on']): ProbeTask => {
  const factor = categoricalFactor(data.train, spec.factor, '/downstream');
  const groupFactors = spec.groups ?? null;
  const present = [...new Set(factor.values)].sort((a, b) => a - b);
  const probeClass = new Map(present.map((value, index) => [factor.classes[value], index]));
  const setOf = (dataSet: LabelledSet): TaskSet => {
    const { values, classes } = categoricalFactor(dataSet, spec.factor, '/downstream');
    return {
      name: dataSet.name,
      labels: values.map((value) => probeClass.get(classes[value]) ?? -1),
      groups: groupFactors && groupsOf(dataSet, groupFactors),
    };
  };
  const set = setOf(data.train);
  const train = { labels: set.labels, weights: weightsOf(spec, set) };
  const ranking = (): Ranking | null => {
    if (on === 'validation') {
      if (data.validation === null) return null;
      const heldOut = setOf(data.validation);
      return { on, set: heldOut, weights: weightsOf(spec, heldOut) };
    }
    const folds = foldsOf(spec, set.labels, data.train, seed);
    return folds && { on, set, weights: train.weights, ...folds };
  };
  return {
    name: spec.name,
    factor: spec.factor,
    seed,
    classes: present.length,
    train,
    shuffles: Array.from({ length: SHUFFLES }, (_, draw) => inOrder(train, seed, draw)),
    trainGroups: set.groups,
    ranking: ranking(),
    sets: [data.test, ...data.shifts].map(setOf),
  };
};

const inOrder = ({ labels, weights }: FitLabels, seed: number, draw: number): FitLabels => {
  const order = shuffledOrder(labels.length, seed, draw);
  return {
    labels: order.map((source) => labels[source]),
    weights: weights && Float64Array.from(order, (source) => weights[source]),
  };
};

/** Null when the task balances nothing. One that balances groups has some. */
const weightsOf = ({ balance }: TaskSpec, { labels, groups }: TaskSet): Float64Array | null =>
  balance === undefined ? null : balancedWeights(balance === 'classes' ? labels : groups!);

/** The fold of every sample; null when there are too few samples for folds. */
const foldsOf = (
  spec: TaskSpec,
  labels: Int32Array,
  samples: LabelledSet,
  seed: number,
): Pick<Folded, 'count' | 'folds'> | null => {
  const random = openStream(seed, `folds ${spec.name}`);
  const together =
    spec.together === undefined ? null : factorOf(samples, spec.together, '/downstream').values;
  const count = foldsFor(labels, together);
  if (count === 0) return null;
  return {
    count,
    folds:
      together === null
        ? stratifiedFolds(labels, count, random)
        : foldsTogether(labels, together, count, random),
  };
};
