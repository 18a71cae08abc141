import { makeTrainingStep, populationKind } from '../model/index.ts';
import {
  type Arrays,
  type Backend,
  float32,
  type InputSpec,
  type Program,
  type TensorData,
} from '../runtime/index.ts';
import type { StepInputs } from './batches.ts';
import type { Preparation } from './preparation.ts';

/** Everything that one step changes: the model's variables and the optimiser's slots, by name. */
export interface StepState {
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly optimiser: Readonly<Record<string, TensorData>>;
}

export interface CompiledStep {
  readonly initial: StepState;
  /** One update; `step` counts from 1. */
  run(
    state: StepState,
    inputs: Arrays,
    step: number,
    learningRate: number,
  ): Promise<{ state: StepState; loss: number }>;
  dispose(): Promise<void>;
}

const scalar = (value: number): TensorData => float32([], Float32Array.of(value));

const pick = (from: Arrays, names: readonly string[]): Record<string, TensorData> =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

/** Compiles forward pass, gradient and update of an experiment as one program. */
export async function compileStep(
  preparation: Preparation,
  inputs: StepInputs,
  backend: Backend,
): Promise<CompiledStep> {
  const { experiment, data, model } = preparation;
  const step = makeTrainingStep({
    model,
    loss: experiment.loss,
    optimiser: experiment.optimiser,
    population: data.population === null ? null : populationKind(experiment),
  });
  const specs: Record<string, InputSpec> = { ...inputs.specs };
  for (const { name, shape } of step.state) specs[name] = { shape, dtype: 'float32' };
  specs.learningRate = { shape: [], dtype: 'float32' };
  specs.step = { shape: [], dtype: 'float32' };
  const program: Program = await backend.compile(step.fn, specs);
  const variableNames = model.variables.map(({ name }) => name);
  const slots = step.state.filter(({ name }) => !variableNames.includes(name));
  const slotNames = slots.map(({ name }) => name);
  const initialOf = (entries: readonly { name: string; shape: readonly number[]; initial: Float32Array }[]) =>
    Object.fromEntries(entries.map(({ name, shape, initial }) => [name, float32(shape, initial)]));
  return {
    initial: { variables: initialOf(model.variables), optimiser: initialOf(slots) },
    async run(state, batch, number, learningRate) {
      const results = await program.run({
        ...state.variables,
        ...state.optimiser,
        ...batch,
        learningRate: scalar(learningRate),
        step: scalar(number),
      });
      return {
        state: { variables: pick(results, variableNames), optimiser: pick(results, slotNames) },
        loss: results.loss.data[0],
      };
    },
    dispose: () => program.dispose(),
  };
}
