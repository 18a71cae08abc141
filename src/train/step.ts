import { makeTrainingStep, populationKind } from '../model/index.ts';
import { type Arrays, type Backend, float32, type InputSpec, type TensorData } from '../runtime/index.ts';
import type { StepInputs } from './batches.ts';
import type { Preparation } from './preparation.ts';

/** Everything that one step changes: the model's variables and the optimiser's slots, by name. */
export interface StepState {
  readonly variables: Readonly<Record<string, TensorData>>;
  readonly optimiser: Readonly<Record<string, TensorData>>;
}

export interface CompiledStep {
  readonly initial: StepState;
  /** Puts this state where it computes. It must be given before the first step. */
  write(state: StepState): Promise<void>;
  /** One update; `step` counts from 1. Returns the loss before it. */
  run(inputs: Arrays, step: number, learningRate: number): Promise<number>;
  /** A copy of the state. */
  read(): Promise<StepState>;
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
  const stepper = await backend.compileStepper(
    step.fn,
    specs,
    step.state.map(({ name }) => name),
  );
  const variableNames = model.variables.map(({ name }) => name);
  const slots = step.state.filter(({ name }) => !variableNames.includes(name));
  const slotNames = slots.map(({ name }) => name);
  const initialOf = (entries: readonly { name: string; shape: readonly number[]; initial: Float32Array }[]) =>
    Object.fromEntries(entries.map(({ name, shape, initial }) => [name, float32(shape, initial)]));
  return {
    initial: { variables: initialOf(model.variables), optimiser: initialOf(slots) },
    write: ({ variables, optimiser }) => stepper.write({ ...variables, ...optimiser }),
    async run(batch, number, learningRate) {
      const { loss } = await stepper.run({
        ...batch,
        learningRate: scalar(learningRate),
        step: scalar(number),
      });
      return loss.data[0];
    },
    async read() {
      const state = await stepper.read();
      return { variables: pick(state, variableNames), optimiser: pick(state, slotNames) };
    },
    dispose: () => stepper.dispose(),
  };
}
