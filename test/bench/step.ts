import { setTimeout as pause } from 'node:timers/promises';
import { experimentSchema } from '../../src/experiment/index.ts';
import { buildModel, lossOf, makeTrainingStep } from '../../src/model/index.ts';
import { type Arrays, type Backend, float32, type InputSpec, openBackend } from '../../src/runtime/index.ts';
import type { Preparation } from '../../src/train/index.ts';
import { compileStep } from '../../src/train/step.ts';
import { profile } from './profile.ts';
import { openTorch, pythonsWithTorch } from './torch.ts';

/** Time of one training step, ours and PyTorch's alternately, on the same model, batch and threads. */

interface Case {
  readonly title: string;
  readonly goal: number;
  readonly experiment: Record<string, unknown>;
  readonly sampleShape: readonly number[];
  readonly batchSize: number;
  /** PyTorch memory formats to compare with; the faster one counts. */
  readonly torch: readonly Record<string, unknown>[];
  readonly stepsPerRound: number;
}

const ROUNDS = 7;
const SHARED = { name: 'bench', epochs: 1, data: { kind: 'digits-on-clothes' } };

const bothFormats = (spec: Record<string, unknown>): Record<string, unknown>[] =>
  [false, true].map((channels_last) => ({ ...spec, channels_last }));

const CASES: readonly Case[] = [
  {
    title: 'linear, two layers, spectral loss, d = 64, batch 512',
    goal: 3,
    experiment: {
      ...SHARED,
      encoder: { kind: 'linear', widths: [64] },
      head: { kind: 'linear', width: 64 },
      loss: { kind: 'spectral' },
      optimiser: { kind: 'sgd', learningRate: 1e-3 },
    },
    sampleShape: [64],
    batchSize: 512,
    torch: [{ kind: 'linear', width: 64, batch: 512 }],
    stepsPerRound: 100,
  },
  {
    title: 'cnn [32, 64, 128] with batch norm, mlp head, NT-Xent, 256 pairs of 32 x 32 x 3',
    goal: 1.5,
    experiment: {
      ...SHARED,
      encoder: { kind: 'cnn', widths: [32, 64, 128] },
      head: { kind: 'mlp', widths: [128, 128] },
      loss: { kind: 'nt-xent', temperature: 0.5 },
      optimiser: { kind: 'sgd', learningRate: 1e-2, momentum: 0.9 },
    },
    sampleShape: [32, 32, 3],
    batchSize: 256,
    torch: bothFormats({ kind: 'cnn', widths: [32, 64, 128], batch: 256, size: 32, channels: 3 }),
    stepsPerRound: 4,
  },
  ...[
    { width: 16, batchSize: 64, stepsPerRound: 4 },
    { width: 64, batchSize: 32, stepsPerRound: 3 },
  ].map(
    ({ width, batchSize, stepsPerRound }): Case => ({
      title: `resnet18-cifar of width ${width}, mlp head, NT-Xent, ${batchSize} pairs of 32 x 32 x 3`,
      goal: 1,
      experiment: {
        ...SHARED,
        encoder: { kind: 'resnet18-cifar', width },
        head: { kind: 'mlp', widths: [8 * width, 128] },
        loss: { kind: 'nt-xent', temperature: 0.5 },
        optimiser: { kind: 'sgd', learningRate: 1e-2, momentum: 0.9 },
      },
      sampleShape: [32, 32, 3],
      batchSize,
      torch: bothFormats({ kind: 'resnet18', width, batch: batchSize, size: 32, channels: 3 }),
      stepsPerRound,
    }),
  ),
];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The preparation of a case with random inputs: their values do not affect the time. */
function prepareCase({ experiment, sampleShape, batchSize }: Case) {
  const parsed = experimentSchema.parse(experiment);
  const model = buildModel(parsed, { sampleShape, classes: 0, seed: 0, normalisation: null });
  const shape = [2 * batchSize, ...sampleShape];
  const size = shape.reduce((a, b) => a * b, 1);
  const inputs: Arrays = { x: float32(shape, Float32Array.from({ length: size }, Math.random)) };
  const specs: Record<string, InputSpec> = { x: { shape, dtype: 'float32' } };
  return { experiment: parsed, model, inputs, specs };
}

async function openOurs(test: Case, backend: Backend) {
  const { experiment, model, inputs, specs } = prepareCase(test);
  const loss = lossOf(experiment.loss);
  const preparation = { experiment, model, loss, data: { population: null } } as unknown as Preparation;
  const step = await compileStep(
    preparation,
    { stepsPerEpoch: 1, specs, at: async () => inputs, close: async () => {} },
    backend,
  );
  await step.write(step.initial);
  let number = 0;
  return {
    async run(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let index = 0; index < count; index++) {
        const start = performance.now();
        await step.run(inputs, ++number, 1e-3);
        times.push((performance.now() - start) / 1000);
      }
      return times;
    },
    dispose: () => step.dispose(),
  };
}

/** Where our step spends its time, by operator. */
async function printProfile(test: Case, threads: number): Promise<void> {
  const { experiment, model, inputs, specs } = prepareCase(test);
  const step = makeTrainingStep({ model, loss: experiment.loss, optimiser: experiment.optimiser });
  const scalar = (value: number) => float32([], Float32Array.of(value));
  const arrays: Arrays = { ...inputs, learningRate: scalar(1e-3), step: scalar(1) };
  for (const { name, shape, initial } of step.state) arrays[name] = float32(shape, initial);
  const allSpecs = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape }]) => [
      name,
      specs[name] ?? { shape, dtype: 'float32' as const },
    ]),
  );
  const rows = await profile(step.fn, allSpecs, arrays, { threads });
  const total = rows.reduce((sum, row) => sum + row.milliseconds, 0);
  const shown = rows.filter((row) => row.milliseconds > 0.01 * total);
  const share = (value: number) => `${((100 * value) / total).toFixed(0)} %`;
  console.log(
    `  where it goes: ${shown.map((row) => `${row.operator} ${share(row.milliseconds)}`).join(', ')}`,
  );
}

const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;

async function runCase(test: Case, backend: Backend, pythons: readonly string[]): Promise<void> {
  const begun = performance.now();
  const ours = await openOurs(test, backend);
  await ours.run(1);
  const first = (performance.now() - begun) / 1000;
  const theirs = await Promise.all(
    pythons.flatMap((python) =>
      test.torch.map(async (spec) => ({
        spec,
        side: await openTorch(python, { ...spec, threads: backend.threads }),
        times: [] as number[],
      })),
    ),
  );
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    // Idle threads of the side that just ran keep spinning for a moment.
    await pause(100);
    const own = await ours.run(test.stepsPerRound);
    if (round >= 0) times.push(median(own));
    for (const { side, times: others } of theirs) {
      await pause(100);
      const other = await side.run(test.stepsPerRound);
      if (round >= 0) others.push(median(other));
    }
  }
  console.log(`\n${test.title}`);
  console.log(
    `  pentimento (${backend.kind}, ${backend.threads} threads): ${milliseconds(median(times))}; the first, recorded and compiled: ${milliseconds(first)}`,
  );
  if (pythons.length === 0 && !alone)
    console.log(
      '  PyTorch: no Python here has torch (Debian: python3-torch), so there is nothing to compare with',
    );
  for (const { spec, side, times: others } of theirs) {
    const format = spec.channels_last === true ? ', channels last' : '';
    const ratios = others.map((value, round) => value / times[round]);
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(
      `  PyTorch ${side.version}${format}: ${milliseconds(median(others))}; ours is ${median(ratios).toFixed(2)}x its speed (${spread} over ${ROUNDS} rounds; goal ${test.goal}x)`,
    );
    side.close();
  }
  await ours.dispose();
  await printProfile(test, backend.threads);
}

const backend = await openBackend('native', { threads: 2 });
const alone = process.argv.includes('--alone');
const pythons = alone ? [] : pythonsWithTorch();
const chosen = process.argv.slice(2).find((argument) => argument !== '--alone');
for (const test of CASES)
  if (chosen === undefined || test.title.includes(chosen)) await runCase(test, backend, pythons);
