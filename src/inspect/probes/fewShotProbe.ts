import { openStream, permutation } from '../../data/index.ts';
import type { Representation } from '../../sources/index.ts';
import { type Matrix, matrix } from '../../spectrum/index.ts';
import { type LogisticModel, predictClass } from './logistic.ts';
import { scoresOf } from './logisticScores.ts';
import type { ProbeMethodOf } from './predictions.ts';
import { standardised } from './standardisation.ts';
import type { ProbeTask } from './task.ts';

/** How often labelled samples are drawn, about: as many draws for each fold. */
const DRAWS = 20;

/**
 * What a few labels are enough for: the nearest class mean of `shots` labelled samples of each class, by Euclidean distance
 * on columns standardised with all training samples (Snell et al. 2017). There are 20 draws of labelled samples, the
 * same for every layer. Each evaluated sample is predicted by one draw, so that draws hardly depend on each other, as long
 * as `shots` is small against the samples of a class. A draw takes no sample of the fold that it predicts.
 */
export const fewShotProbe =
  (shots: number): ProbeMethodOf =>
  async (splits, tasks, { products, signal }) => {
    const columnsOf = standardised(splits.train);
    const train = columnsOf(splits.train);
    const tests = splits.tests.map(columnsOf);
    const validation = splits.validation === null ? null : columnsOf(splits.validation);
    const predict = async (set: Matrix, models: readonly Means[], drawOf: (i: number) => number) => {
      const { scores, starts } = await scoresOf(products, set, models);
      return Int32Array.from({ length: set.rows }, (_, i) => {
        const draw = drawOf(i);
        return predictClass(scores, i, models[draw].intercept, starts[draw]);
      });
    };
    const answers = [];
    for (const task of tasks) {
      signal?.throwIfAborted();
      const draws = drawsOf(task);
      const supports = draws.folds.map((fold, draw) =>
        supportOf(task.train.labels, shots, orderOf(task, shots, draw), (i) => draws.isIn(i, fold)),
      );
      const models = supports.map((support) => classMeans(train, task, task.train.labels, support));
      const inTurn = (i: number): number => i % models.length;
      const set = task.ranking?.on === 'validation' ? validation! : train;
      const bySet: Int32Array[] = [];
      for (const test of tests) bySet.push(await predict(test, models, inTurn));
      const nulls = task.shuffles.map(({ labels }, draw) =>
        classMeans(
          train,
          task,
          labels,
          supportOf(labels, shots, orderOf(task, shots, draw), () => false),
        ),
      );
      const shuffled: Int32Array[] = [];
      for (const model of nulls) shuffled.push(await predict(tests[0], [model], () => 0));
      answers.push({
        bySet,
        ranked: task.ranking === null ? null : await predict(set, models, draws.ofRanked),
        losses: null,
        shuffled,
        c: null,
        draws: { count: models.length, ofRanked: draws.ofRanked, ofTest: inTurn },
        ...noteOn(task, shots, supports),
      });
    }
    return answers;
  };

/** The means of classes as a linear model: |x - m|^2 is smallest where x m - |m|^2 / 2 is largest. */
type Means = Pick<LogisticModel, 'weights' | 'intercept'>;

interface Draws {
  /** By draw: the fold that it predicts, and takes no sample of; -1: none. */
  readonly folds: readonly number[];
  readonly isIn: (sample: number, fold: number) => boolean;
  /** The draw that predicts a ranked sample. */
  readonly ofRanked: (sample: number) => number;
}

/** The ranked samples of a fold take the draws of this fold in turn. */
const drawsOf = ({ ranking }: ProbeTask): Draws => {
  if (ranking === null || ranking.on === 'validation') {
    return {
      folds: new Array<number>(DRAWS).fill(-1),
      isIn: () => false,
      ofRanked: (sample) => sample % DRAWS,
    };
  }
  const { count, folds } = ranking;
  const perFold = Math.ceil(DRAWS / count);
  const seen = new Int32Array(count);
  const draws = folds.map((fold) => fold + count * (seen[fold]++ % perFold));
  return {
    folds: Array.from({ length: perFold * count }, (_, draw) => draw % count),
    isIn: (sample, fold) => folds[sample] === fold,
    ofRanked: (sample) => draws[sample],
  };
};

const orderOf = ({ train, seed }: ProbeTask, shots: number, draw: number): Int32Array =>
  permutation(train.labels.length, openStream(seed, 'few-shot', shots, draw));

/** The first `shots` samples of each class in this order, or fewer where there are no more. */
const supportOf = (
  labels: Int32Array,
  shots: number,
  order: Int32Array,
  isLeftOut: (sample: number) => boolean,
): Int32Array => {
  const taken = new Map<number, number>();
  return order.filter((sample) => {
    const before = taken.get(labels[sample]) ?? 0;
    if (before === shots || isLeftOut(sample)) return false;
    taken.set(labels[sample], before + 1);
    return true;
  });
};

/** A class without a sample is never predicted. */
const classMeans = (
  { columns, data }: Representation,
  { classes }: ProbeTask,
  labels: Int32Array,
  support: Int32Array,
): Means => {
  const weights = matrix(columns, classes);
  const counts = new Float64Array(classes);
  for (const sample of support) counts[labels[sample]]++;
  for (const sample of support) {
    const label = labels[sample];
    for (let j = 0; j < columns; j++) {
      weights.data[j * classes + label] += data[sample * columns + j] / counts[label];
    }
  }
  const squares = new Float64Array(classes);
  for (let at = 0; at < weights.data.length; at++) squares[at % classes] += weights.data[at] ** 2;
  const intercept = squares.map((square, k) => (counts[k] === 0 ? Number.NEGATIVE_INFINITY : -square / 2));
  return { weights, intercept };
};

const noteOn = (
  { classes }: ProbeTask,
  shots: number,
  supports: readonly Int32Array[],
): { readonly note?: string } =>
  supports.every(({ length }) => length === classes * shots)
    ? {}
    : { note: `some classes have fewer than ${shots} labelled samples: those that there are take part` };
