import * as tf from '@tensorflow/tfjs-core';
import type { LossSpec, OptimiserSpec } from '../experiment/index.ts';
import { sizeOf, type TensorFunction, type Tensors } from '../runtime/index.ts';
import { lossOf } from './loss/lossOf.ts';
import { type PopulationKind, populationLoss } from './loss/population.ts';
import type { Model } from './model.ts';
import { slotNames, updated } from './optimiser.ts';

/** A tensor that is passed from one step to the next. */
interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Computed when first read. */
  readonly initial: Float32Array;
}

export interface TrainingStep {
  /**
   * Inputs: everything in `state`; the batch (`x`, and `labels` int32 when the loss needs them) or the population's
   * tensors; float32 scalars `learningRate` and `step` (from 1). Outputs: everything in `state`, and `loss` before
   * the update.
   */
  readonly fn: TensorFunction;
  /** The model's variables, then the optimiser's slots. */
  readonly state: readonly StateSpec[];
}

export interface TrainingStepSpec {
  readonly model: Model;
  readonly loss: LossSpec;
  readonly optimiser: OptimiserSpec;
  /** Train on exact moments instead of batches: see `populationInputs`. */
  readonly population?: PopulationKind | null;
}

/** One training step as a pure function: forward pass in training mode, gradients, optimiser update. */
export const makeTrainingStep = ({
  model,
  loss,
  optimiser,
  population = null,
}: TrainingStepSpec): TrainingStep => {
  const weights = model.variables.filter(({ kind }) => kind === 'weight');
  const objective = objectiveOf(model, loss, population);

  const fn: TensorFunction = (inputs) => {
    let statistics: Tensors = {};
    const lossAt = (...values: tf.Tensor[]): tf.Scalar => {
      const variables = { ...inputs };
      weights.forEach(({ name }, i) => {
        variables[name] = values[i];
      });
      const result = objective(inputs, variables);
      statistics = result.statistics;
      return result.value;
    };
    const { value, grads } = tf.valueAndGrads(lossAt)(weights.map(({ name }) => inputs[name]));
    const outputs: Tensors = { loss: value };
    for (const { name, kind } of model.variables)
      if (kind === 'statistic') outputs[name] = statistics[name] ?? tf.clone(inputs[name]);
    weights.forEach((weight, i) => {
      Object.assign(outputs, updated(optimiser, { weight, gradient: grads[i], inputs }));
    });
    return outputs;
  };

  const slots = weights.flatMap(({ name, shape }) =>
    slotNames(optimiser).map((slot) => emptySlot(`${name}/${slot}`, shape)),
  );
  return { fn, state: [...model.variables, ...slots] };
};

const emptySlot = (name: string, shape: readonly number[]): StateSpec => ({
  name,
  shape,
  get initial() {
    return new Float32Array(sizeOf(shape));
  },
});

type Objective = (inputs: Tensors, variables: Tensors) => { value: tf.Scalar; statistics: Tensors };

/** The loss of the batch, or of the population, as a function of the variables. */
const objectiveOf = (model: Model, spec: LossSpec, population: PopulationKind | null): Objective => {
  if (population !== null)
    return (inputs, variables) => ({
      value: populationLoss(population, (x) => model.forward(x, variables, 'train').output, inputs),
      statistics: {},
    });
  const loss = lossOf(spec);
  return (inputs, variables) => {
    const { output, statistics } = model.forward(inputs.x, variables, 'train');
    const batchSize = output.shape[0] / loss.views;
    return { value: loss.value(output, { batchSize, labels: inputs.labels }), statistics };
  };
};
