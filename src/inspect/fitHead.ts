import { categoricalFactor } from '../data/index.ts';
import { type Evaluation, inputFault, type OnProgress, runFault, shown } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import { type Representation, type Source, type SourceLayer, toMatrix } from '../sources/index.ts';
import { type Matrix, matrix, matrixOfRows, rowOf, transpose } from '../spectrum/index.ts';
import { Products } from './algebra/products.ts';
import type { Asked } from './inspection.ts';
import { indexOfLargest } from './largest.ts';
import { chosenLogistic } from './probes/logisticProbe.ts';
import type { LayerSplits, ProbeContext } from './probes/predictions.ts';
import { evaluateSet } from './probes/probeLayer.ts';
import type { RegressionTask } from './probes/regressionTask.ts';
import { fitRidge, predictValues } from './probes/ridge.ts';
import { evaluationOf, probeValues } from './probes/ridgeProbe.ts';
import { rSquaredOf } from './probes/rSquared.ts';
import {
  asTheyAre,
  centring,
  fitStandardisation,
  scaledSplits,
  standardised,
} from './probes/standardisation.ts';
import { type ProbeTask, prepareTasks, type TaskGroup } from './probes/task.ts';
import { readSplits, splitCount, splitsAt } from './readSplits.ts';

export interface HeadRequest {
  readonly source: Source;
  readonly asked: Asked;
  /** Name of the downstream task. */
  readonly task: string;
  /** Name of the layer. */
  readonly layer: string;
  readonly backend: Backend;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A linear map of a layer, as it is read, that predicts a factor: x W + b. */
export interface FittedHead {
  readonly task: string;
  readonly factor: string;
  readonly layer: string;
  /** By output; null for a continuous factor, which has one output. */
  readonly classes: readonly string[] | null;
  /** [dimensions, outputs]: logits, or the value. */
  readonly weights: Matrix;
  readonly bias: Float64Array;
  /** What counts the same in the fit. */
  readonly balance: 'groups' | 'classes' | null;
  readonly penalty: { readonly name: 'C' | 'alpha'; readonly value: number };
  readonly trainSamples: number;
  /** On the test split first, then on the shifts. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * Fits the final head of a downstream task on a layer: the logistic regression, or for a continuous factor the ridge
 * regression, that layers are compared with, in the units of the layer. Groups count the same if the task has some, unless it
 * balances something else. Only the training split is fitted on.
 * @throws Fault (input) for an unknown task or layer, and for a task that cannot be learnt.
 */
export const fitHead = async (request: HeadRequest): Promise<FittedHead> => {
  const { source, backend, signal } = request;
  const { group, balance } = taskOf(request);
  const layer = layerOf(request);
  const splits = splitsAt(await readLayer(request, layer, group), layer.name);
  const products = new Products(backend);
  try {
    const context: ProbeContext = { backend, products, signal };
    const [task] = group.tasks;
    const found =
      task === undefined
        ? await regressionHead(splits, group.regressions[0], context)
        : await classifier(source, splits, task, context);
    const classes = task === undefined ? null : classNames(group, task);
    return { layer: layer.name, balance, classes, ...found };
  } finally {
    await products.dispose();
  }
};

const layerOf = ({ source, layer }: HeadRequest): SourceLayer => {
  const found = [source.input, ...source.layers].find(({ name }) => name === layer);
  if (found !== undefined) return found;
  const known = source.layers.map(({ name }) => name).slice(0, 30);
  throw inputFault(`there is no layer ${shown(layer)}`, '--layer', `Choose from ${known.join(', ')}`);
};

/** The task alone, with the balance that a head has. */
const taskOf = ({ source, asked, task }: HeadRequest) => {
  const spec = asked.downstream.find(({ name }) => name === task);
  if (spec === undefined) {
    const known = asked.downstream.map(({ name }) => name).join(', ');
    throw inputFault(`there is no task ${shown(task)}`, '--task', `Choose from ${known}`);
  }
  const balance = spec.balance ?? ((spec.groups ?? asked.groups) === undefined ? undefined : 'groups');
  const [group] = prepareTasks({ ...asked, downstream: [{ ...spec, balance }] }, source);
  if (group === undefined) {
    throw inputFault(
      'there are no samples to fit on (population data has none)',
      source.name,
      'Choose other data',
    );
  }
  // A continuous factor has no cells to balance.
  return { group, balance: group.tasks.length === 0 ? null : (balance ?? null) };
};

const readLayer = async (
  { source, signal, onProgress }: HeadRequest,
  layer: SourceLayer,
  { data }: TaskGroup,
) => {
  const reader = await source.open([layer]);
  const total = splitCount(data);
  let done = 0;
  try {
    return await readSplits(reader, [layer], data, signal, (message) =>
      onProgress?.({ job: 'fit', done: done++, total, message }),
    );
  } finally {
    await reader.dispose();
  }
};

/** The classes that occur in training, in the order of the outputs. */
const classNames = ({ data }: TaskGroup, { factor }: ProbeTask): string[] => {
  const { values, classes } = categoricalFactor(data.train!, factor, '/downstream');
  return [...new Set(values)].sort((a, b) => a - b).map((value) => classes[value]);
};

type Fitted = Omit<FittedHead, 'layer' | 'balance' | 'classes'>;

const classifier = async (
  { isRescaled }: Source,
  splits: LayerSplits,
  task: ProbeTask,
  context: ProbeContext,
): Promise<Fitted> => {
  if (task.classes < 2) {
    throw inputFault(
      `has one class of ${shown(task.factor)} in its training split`,
      `task ${shown(task.name)}`,
      'Choose another task',
    );
  }
  // As layers are compared: standardising would undo a head that rescales.
  const scaling = isRescaled ? asTheyAre : standardised;
  const { model, c, kept } = await chosenLogistic(splits, task, scaling, context);
  const fitted = fitStandardisation(splits.train);
  const standardisation = isRescaled ? centring(fitted) : fitted;
  const scaled = inUnits(standardisation, kept, model.weights, model.intercept);
  const head = model.intercept.length === 1 ? twoLogits(scaled) : scaled;
  const evaluations: Evaluation[] = [];
  for (const [at, set] of task.sets.entries()) {
    const scores = await scoresOf(context, splits.tests[at], head);
    const predicted = set.labels.map((_, i) => indexOfLargest(rowOf(scores, i)));
    evaluations.push(evaluateSet(task, set, predicted));
  }
  return {
    task: task.name,
    factor: task.factor,
    ...head,
    penalty: { name: 'C', value: c },
    trainSamples: task.train.labels.length,
    evaluations,
  };
};

const regressionHead = async (
  splits: LayerSplits,
  task: RegressionTask,
  context: ProbeContext,
): Promise<Fitted> => {
  const [{ alpha, note }] = await probeValues('ridge-standardised', splits, [task], context);
  if (alpha === undefined) {
    throw runFault(note ?? 'cannot be fitted', `task ${shown(task.name)}`, 'Choose another layer or task');
  }
  const { train, kept } = scaledSplits(splits, standardised);
  const targets = transpose(matrixOfRows([task.train]));
  const [{ weights, intercept }] = await fitRidge(context.products, train, targets, [alpha]);
  const head = inUnits(fitStandardisation(splits.train), kept, weights, intercept);
  const evaluations: Evaluation[] = [];
  for (const [at, { name, values }] of task.sets.entries()) {
    const { data } = await scoresOf(context, splits.tests[at], head);
    evaluations.push(evaluationOf(name, rSquaredOf(values, data)));
  }
  return {
    task: task.name,
    factor: task.factor,
    ...head,
    penalty: { name: 'alpha', value: alpha },
    trainSamples: task.train.length,
    evaluations,
  };
};

type LinearHead = Pick<FittedHead, 'weights' | 'bias'>;

/** W and b of ((z - mean) / scale) W + b for z itself. Columns that are not kept have no weight. */
const inUnits = (
  { mean, scale }: ReturnType<typeof fitStandardisation>,
  kept: readonly number[],
  own: Matrix,
  intercept: Float64Array,
): LinearHead => {
  const outputs = own.columns;
  const weights = matrix(mean.length, outputs);
  const bias = Float64Array.from(intercept);
  for (const [at, column] of kept.entries()) {
    if (scale[column] === 0) continue;
    for (let k = 0; k < outputs; k++) {
      const weight = own.data[at * outputs + k] / scale[column];
      weights.data[column * outputs + k] = weight;
      bias[k] -= mean[column] * weight;
    }
  }
  return { weights, bias };
};

/** Two classes have one logit, against 0 for the first. */
const twoLogits = ({ weights: { rows, data }, bias }: LinearHead): LinearHead => {
  const weights = matrix(rows, 2);
  for (let j = 0; j < rows; j++) weights.data[2 * j + 1] = data[j];
  return { weights, bias: Float64Array.of(0, bias[0]) };
};

/** x W + b for each sample, [samples, outputs]. */
const scoresOf = (
  { products }: ProbeContext,
  samples: Representation,
  { weights, bias }: LinearHead,
): Promise<Matrix> => predictValues(products, toMatrix(samples), { weights, intercept: bias });
