import { encoderSchema, headSchema, lossSchema, optimiserSchema } from '../../../src/experiment/index.ts';
import { buildModel, lossOf, makeTrainingStep } from '../../../src/model/index.ts';
import { type Backend, float32, type InputSpec, int32 } from '../../../src/runtime/index.ts';

/** The same small training on any backend, for every encoder, head and loss. */

export const STEPS = 20;
/** A deep net takes seconds, mostly for the eager steps; differences show in each of them. */
const STEPS_DEEP = 6;
const stepsOf = (encoder: string): number => (encoder === 'resnet18-cifar' ? STEPS_DEEP : STEPS);
const BATCH = 5;
const CLASSES = 3;

const ENCODERS = {
  linear: [{ kind: 'linear', widths: [6, 5] }, [8]],
  diagonal: [{ kind: 'diagonal', depth: 2, threshold: 0.1, trainThreshold: true, initialScale: 0.8 }, [8]],
  mlp: [{ kind: 'mlp', widths: [7, 5], batchNorm: true }, [8]],
  cnn: [{ kind: 'cnn', widths: [3, 4] }, [6, 6, 2]],
  // Below 12 x 12 the last stage normalises single positions, and a ReLU's sign can depend on the last bit.
  'resnet18-cifar': [{ kind: 'resnet18-cifar', width: 2 }, [12, 12, 1]],
} as const;

const HEADS = {
  none: { kind: 'none' },
  linear: { kind: 'linear', width: 4 },
  mlp: { kind: 'mlp', widths: [6, 4] },
  'symmetric-relu': { kind: 'symmetric-relu', threshold: 0.05 },
  reweighting: { kind: 'reweighting', kappa: 1.2 },
  'diagonal symmetric-relu': {
    kind: 'symmetric-relu',
    weights: 'diagonal',
    threshold: 0.05,
    initialScale: 0.7,
  },
} as const;

const LOSSES = {
  spectral: { kind: 'spectral' },
  'supervised-spectral': { kind: 'supervised-spectral', label: 'label' },
  'nt-xent': { kind: 'nt-xent' },
  'supervised-contrastive': { kind: 'supervised-contrastive', label: 'label' },
  'cross-entropy': { kind: 'cross-entropy', label: 'label' },
  'mean-squared-error': { kind: 'mean-squared-error', label: 'label' },
} as const;

// A residual net of random weights is stiff, the more so under the spectral losses, which grow with the fourth power
// of its output: at larger rates the loss explodes, and every rounding error with it.
export function learningRateOf(encoder: string, loss: string): number {
  if (encoder !== 'resnet18-cifar') return 0.01;
  return loss.endsWith('spectral') ? 1e-7 : 1e-5;
}

/**
 * A deep net takes seconds each time: every head with one loss and every loss without a head. For the others,
 * all combinations.
 */
const isTried = (encoder: string, head: string, loss: string): boolean =>
  encoder !== 'resnet18-cifar' || head === 'none' || loss === 'nt-xent';

export const combinations = Object.keys(ENCODERS).flatMap((encoder) =>
  Object.keys(HEADS)
    .filter((head) => encoder === 'diagonal' || !head.startsWith('diagonal'))
    .flatMap((head) => Object.keys(LOSSES).map((loss) => [encoder, head, loss] as const))
    .filter((combination) => isTried(...combination)),
);

const wave = (size: number, phase: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + phase) + 0.5 * Math.cos(0.31 * i * phase));

const norm = (values: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));

/** The variables after some steps as one vector, and what training changed in them. */
export async function trainedOn(
  backend: Backend,
  encoder: string,
  head: string,
  loss: string,
  optimiser: object,
) {
  const [encoderSpec, sampleShape] = ENCODERS[encoder as keyof typeof ENCODERS];
  const spec = lossSchema.parse(LOSSES[loss as keyof typeof LOSSES]);
  const model = buildModel(
    {
      encoder: encoderSchema.parse(encoderSpec),
      head: headSchema.parse(HEADS[head as keyof typeof HEADS]),
      loss: spec,
    },
    { sampleShape, classes: CLASSES, seed: 3, normalisation: null },
  );
  const step = makeTrainingStep({ model, loss: spec, optimiser: optimiserSchema.parse(optimiser) });
  const { views, needsLabels } = lossOf(spec);
  const shape = [views * BATCH, ...sampleShape];
  const size = shape.reduce((a, b) => a * b, 1);
  const specs: Record<string, InputSpec> = { x: { shape, dtype: 'float32' } };
  if (needsLabels) specs.labels = { shape: [BATCH], dtype: 'int32' };
  for (const { name, shape } of step.state) specs[name] = { shape, dtype: 'float32' };
  specs.learningRate = { shape: [], dtype: 'float32' };
  specs.step = { shape: [], dtype: 'float32' };
  const stepper = await backend.compileStepper(
    step.fn,
    specs,
    step.state.map(({ name }) => name),
  );
  await stepper.write(
    Object.fromEntries(step.state.map(({ name, shape, initial }) => [name, float32(shape, initial)])),
  );
  for (let number = 1; number <= stepsOf(encoder); number++) {
    const labels = int32(
      [BATCH],
      Int32Array.from({ length: BATCH }, (_, i) => (i + number) % CLASSES),
    );
    await stepper.run({
      x: float32(shape, wave(size, number)),
      ...(needsLabels ? { labels } : {}),
      learningRate: float32([], Float32Array.of(learningRateOf(encoder, loss))),
      step: float32([], Float32Array.of(number)),
    });
  }
  const state = await stepper.read();
  await stepper.dispose();
  const flat = (values: (name: string) => ArrayLike<number>) =>
    Float64Array.from(model.variables.flatMap(({ name }) => Array.from(values(name))));
  const initial = flat((name) => model.variables.find((variable) => variable.name === name)!.initial);
  const final = flat((name) => state[name].data);
  return { final, update: final.map((value, i) => value - initial[i]) };
}

/** The norm of the difference relative to that of what is expected. */
export const relative = (expected: Float64Array, actual: Float64Array): number =>
  norm(expected.map((value, i) => value - actual[i])) / norm(expected);
