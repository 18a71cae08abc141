import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { experimentSchema } from '../../src/experiment/index.ts';
import { buildModel, lossOf, makeTrainingStep } from '../../src/model/index.ts';
import { type Arrays, type Backend, float32, type InputSpec, openBackend } from '../../src/runtime/index.ts';
import type { Preparation } from '../../src/train/index.ts';
import { compileStep } from '../../src/train/step.ts';
import { profile } from './profile.ts';
import { type BenchRow, report } from './rows.ts';
import { openTorch, pythonsWithTorch, type Steps, type TorchSteps } from './torch.ts';

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
/** Learning rate, on both sides. */
const RATE = 1e-3;
/** Losses of the first steps are compared: later ones also differ by rounding that training amplifies. */
const COMPARED = 3;
/** More than rounding makes of them. */
const LARGEST_DIFFERENCE = 1e-5;
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

/** A weight as PyTorch has it: that of a dense layer is the same here, [height, width, in, out] of a convolution is [out, in, height, width]. */
function asTorch({ shape, initial }: { shape: readonly number[]; initial: Float32Array }): Float32Array {
  if (shape.length < 4) return initial;
  const [ins, outs] = shape.slice(-2);
  const positions = initial.length / (ins * outs);
  const values = new Float32Array(initial.length);
  for (let position = 0; position < positions; position++)
    for (let i = 0; i < ins; i++)
      for (let o = 0; o < outs; o++)
        values[(o * ins + i) * positions + position] = initial[(position * ins + i) * outs + o];
  return values;
}

/** The weights and the batch, for PyTorch to compute the same. */
async function writeValues(file: string, { model, inputs }: ReturnType<typeof prepareCase>): Promise<void> {
  const weights = model.variables.filter(({ kind }) => kind === 'weight').map(asTorch);
  await writeFile(
    file,
    Buffer.concat([...weights, inputs.x.data as Float32Array].map((values) => Buffer.from(values.buffer))),
  );
}

async function openOurs(prepared: ReturnType<typeof prepareCase>, backend: Backend) {
  const { experiment, model, inputs, specs } = prepared;
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
    async run(count: number): Promise<Steps> {
      const [times, losses]: number[][] = [[], []];
      for (let index = 0; index < count; index++) {
        const start = performance.now();
        losses.push(await step.run(inputs, ++number, RATE));
        times.push((performance.now() - start) / 1000);
      }
      return { times, losses };
    },
    dispose: () => step.dispose(),
  };
}

/** Where our step spends its time, by operator. */
async function printProfile(
  { experiment, model, inputs, specs }: ReturnType<typeof prepareCase>,
  threads: number,
): Promise<void> {
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

/** The largest relative difference of the first losses. */
const differenceOf = (a: readonly number[], b: readonly number[]): number =>
  a.slice(0, COMPARED).reduce((worst, loss, at) => Math.max(worst, Math.abs(loss / b[at] - 1)), 0);

interface Side {
  readonly name: string;
  readonly times: number[];
  readonly difference: number;
}

function printSide(
  test: Case,
  { name, times: others, difference }: Side,
  times: readonly number[],
): BenchRow {
  const ratios = others.map((value, round) => value / times[round]);
  const ratio = { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
  const measured = milliseconds(median(others));
  console.log(
    `  ${name}: ${measured}; ours is ${ratio.median.toFixed(2)}x its speed (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)} over ${ROUNDS} rounds; goal ${test.goal}x); first losses differ by ${difference.toExponential(1)}`,
  );
  if (difference > LARGEST_DIFFERENCE) {
    console.log('  The two sides do not compute the same: their times cannot be compared.');
    process.exitCode = 1;
  }
  const agreement = `first ${COMPARED} losses within ${difference.toExponential(1)}`;
  return {
    work: `step: ${test.title}`,
    ours: milliseconds(median(times)),
    peer: { name, measured },
    ratio,
    goal: test.goal,
    agreement,
  };
}

async function runCase(
  test: Case,
  backend: Backend,
  pythons: readonly string[],
  folder: string,
): Promise<void> {
  const begun = performance.now();
  const prepared = prepareCase(test);
  const ours = await openOurs(prepared, backend);
  const { losses } = await ours.run(COMPARED);
  const first = (performance.now() - begun) / 1000;
  const values = join(folder, 'values.bin');
  await writeValues(values, prepared);
  const theirs: (Side & { side: TorchSteps })[] = [];
  for (const python of pythons)
    for (const spec of test.torch) {
      const side = await openTorch(python, { ...spec, values, threads: backend.threads });
      const format = spec.channels_last === true ? ', channels last' : '';
      const difference = differenceOf(losses, (await side.run(COMPARED)).losses);
      theirs.push({ side, name: `PyTorch ${side.version}${format}`, times: [], difference });
    }
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    // Idle threads of the side that just ran keep spinning for a moment.
    await pause(100);
    const own = await ours.run(test.stepsPerRound);
    if (round >= 0) times.push(median(own.times));
    for (const { side, times: others } of theirs) {
      await pause(100);
      const other = await side.run(test.stepsPerRound);
      if (round >= 0) others.push(median(other.times));
    }
  }
  console.log(`\n${test.title}`);
  console.log(
    `  pentimento (${backend.kind}, ${backend.threads} threads): ${milliseconds(median(times))}; the first ${COMPARED}, with the initial values, recorded and compiled: ${milliseconds(first)}`,
  );
  if (pythons.length === 0 && !alone) {
    console.log(
      '  PyTorch: no Python here has torch (Debian: python3-torch), so there is nothing to compare with',
    );
    report({ work: `step: ${test.title}`, ours: milliseconds(median(times)), peer: null, goal: test.goal });
  }
  for (const side of theirs) {
    report(printSide(test, side, times));
    side.side.close();
  }
  await ours.dispose();
  await printProfile(prepared, backend.threads);
}

const alone = process.argv.includes('--alone');
const backend = await openBackend('native', { threads: 2 });
const pythons = alone ? [] : pythonsWithTorch();
const chosen = process.argv.slice(2).find((argument) => argument !== '--alone');
const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
try {
  for (const test of CASES)
    if (chosen === undefined || test.title.includes(chosen)) await runCase(test, backend, pythons, folder);
} finally {
  await rm(folder, { recursive: true });
}
