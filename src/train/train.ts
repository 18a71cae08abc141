import { type Lock, makeFolder, refuseHeld, whileLocked } from '../disk/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { learningRateAt } from '../model/index.ts';
import { formatAligned, type Metric, type OnProgress, runFault } from '../protocol/index.ts';
import type { Backend } from '../runtime/index.ts';
import type { Run, TrainingState } from '../store/index.ts';
import { openStepInputs, type StepInputs } from './batches.ts';
import { type Preparation, prepare } from './preparation.ts';
import { openRunFolder } from './runFolder.ts';
import { type CompiledStep, compileStep, type StepState } from './step.ts';

export interface TrainRequest {
  readonly experiment: Experiment;
  /** The folder that relative paths of the experiment are resolved against. */
  readonly baseDirectory: string;
  readonly folder: string;
  readonly backend: Backend;
  readonly resume?: boolean;
  /** Kept in the run: the command line that trains it again. */
  readonly command?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Worker threads that make batches. */
  readonly workers?: number;
  /** Called with the first step of the training, once the run folder is open. */
  readonly onBegin?: (run: Run, fromStep: number) => void;
  /** Called with every line of `metrics.jsonl` after it was written. */
  readonly onMetric?: (metric: Metric) => void;
  /** Awaited before every step: a pending promise pauses the training. */
  readonly beforeStep?: (step: number) => Promise<void> | undefined;
  /** What to do at the end of some epochs, whose states are then kept. */
  readonly epochVisit?: EpochVisit;
}

interface EpochVisit {
  /** Whether the end of this epoch (from 1) is visited. */
  readonly at: (epoch: number) => boolean;
  /** Awaited before the next step. It must not change the state. */
  readonly visit: (visited: { run: Run; preparation: Preparation; state: TrainingState }) => Promise<void>;
}

export interface Training extends Preparation {
  readonly run: Run;
  readonly state: TrainingState;
  readonly lastLoss: number | null;
}

/** Approximate lines of `metrics.jsonl` per epoch. */
const LINES_PER_EPOCH = 10;

const initialState = (state: StepState, seed: number): TrainingState => ({
  step: 0,
  epoch: 0,
  ...state,
  random: { seed, epoch: 0, step: 0 },
});

/** The state after `step` steps. Batches depend only on (seed, epoch, step), so these numbers are the random state. */
const stateAt = (
  step: number,
  stepsPerEpoch: number,
  seed: number,
  { variables, optimiser }: StepState,
): TrainingState => {
  const epoch = Math.floor(step / stepsPerEpoch);
  return { step, epoch, variables, optimiser, random: { seed, epoch, step: step % stepsPerEpoch } };
};

/** `saved` is the step of the newest state, 0 when there is none. */
function divergence(what: string, saved: number, folder: string): Error {
  const kept = saved === 0 ? '' : `; the last saved state, of step ${saved}, is from before it`;
  const remedy = 'Lower /optimiser/learningRate or add warm-up, and train into another folder';
  return runFault(what, folder, `${remedy}${kept}`);
}

/** A loss that is still finite may come with an update that overflows; such weights must not replace good ones. */
const overflowed = ({ variables }: StepState): string | undefined =>
  Object.keys(variables).find((name) => !variables[name].data.every(Number.isFinite));

/** Mean loss since the last line that was written. */
class LossWindow {
  private sum: number;
  private count: number;

  constructor({ sum, count }: { readonly sum: number; readonly count: number } = { sum: 0, count: 0 }) {
    this.sum = sum;
    this.count = count;
  }

  /** The losses that are not in a line yet, for the state of a run that stops between two lines. */
  get pending(): Pick<TrainingState, 'losses'> {
    return this.count === 0 ? {} : { losses: { sum: this.sum, count: this.count } };
  }

  add(loss: number): void {
    this.sum += loss;
    this.count++;
  }

  take(): number | null {
    const mean = this.count === 0 ? null : this.sum / this.count;
    this.sum = 0;
    this.count = 0;
    return mean;
  }
}

interface Loop {
  readonly request: TrainRequest;
  readonly preparation: Preparation;
  readonly run: Run;
  readonly inputs: StepInputs;
  readonly step: CompiledStep;
  readonly total: number;
}

/** Has the signal's reason as its cause, which distinguishes it from other faults. */
const cancellation = (signal: AbortSignal | undefined, done: number, total: number, folder: string): Error =>
  runFault(`cancelled after step ${done} of ${total}`, folder, 'Continue with --resume', signal?.reason);

/**
 * Runs the steps from `from` to the end. Metrics and states are written at fixed steps, so a resumed run
 * writes the same ones.
 */
async function runSteps(
  { request, preparation, run, inputs, step, total }: Loop,
  from: TrainingState,
): Promise<[TrainingState, number | null]> {
  const { experiment, signal, onProgress, folder, epochVisit } = request;
  const { stepsPerEpoch } = inputs;
  const lineEvery = Math.max(1, Math.floor(stepsPerEpoch / LINES_PER_EPOCH));
  const window = new LossWindow(from.losses);
  await step.write(from);
  let lastLoss: number | null = null;
  let saved = from.step;
  const rateAt = (number: number) =>
    learningRateAt(experiment.schedule, experiment.optimiser.learningRate, number, {
      stepsPerEpoch,
      epochs: experiment.epochs,
    });

  for (let done = from.step; done < total; ) {
    const epoch = Math.floor(done / stepsPerEpoch);
    const learningRate = rateAt(done + 1);
    await request.beforeStep?.(done);
    const batch = await inputs.at(epoch, done % stepsPerEpoch);
    const loss = await step.run(batch, done + 1, learningRate);
    done++;
    const place = `at step ${done} (epoch ${epoch + 1})`;
    if (!Number.isFinite(loss)) throw divergence(`the loss became ${loss} ${place}`, saved, folder);
    window.add(loss);

    const saves =
      done % stepsPerEpoch === 0 || done % (experiment.checkpointEverySteps ?? stepsPerEpoch) === 0;
    const cancelled = signal?.aborted ?? false;
    if (saves || (done % stepsPerEpoch) % lineEvery === 0) {
      lastLoss = window.take() ?? lastLoss;
      const metric: Metric = { step: done, epoch: done / stepsPerEpoch, loss: lastLoss!, learningRate };
      await run.appendMetric(metric);
      request.onMetric?.(metric);
      const message = `epoch ${epoch + 1}/${experiment.epochs}, loss ${formatAligned(lastLoss!, 5)}`;
      onProgress?.({ job: 'train', done, total, message });
    }
    if (saves || cancelled) {
      const state = await step.read();
      const name = overflowed(state);
      if (name !== undefined) throw divergence(`${name} overflowed ${place}`, saved, folder);
      const now = { ...stateAt(done, stepsPerEpoch, experiment.seed, state), ...window.pending };
      const visited = done % stepsPerEpoch === 0 && epochVisit?.at(epoch + 1) === true;
      await run.saveState(now, visited ? { keepEpoch: epoch + 1 } : {});
      saved = done;
      if (visited && !cancelled) {
        await epochVisit.visit({ run, preparation, state: now }).catch((error: unknown) => {
          throw signal?.aborted && error === signal.reason
            ? cancellation(signal, done, total, folder)
            : error;
        });
      }
    }
    if (cancelled && done < total) throw cancellation(signal, done, total, folder);
  }
  return [stateAt(total, stepsPerEpoch, experiment.seed, await step.read()), lastLoss];
}

/**
 * Trains an experiment into a run folder. With `resume` it continues from `checkpoints/last.safetensors` and ends,
 * on the same machine and backend, with exactly the bytes of an uninterrupted run. The run folder is locked
 * meanwhile.
 * @throws Fault (run) when cancelled, with the signal's reason as its cause, after the state was saved; Fault for
 * anything wrong with the experiment, its data or the folder, and when training diverges.
 */
export async function train(request: TrainRequest): Promise<Training> {
  const { experiment, baseDirectory, folder } = request;
  await refuseHeld(folder, 'train');
  const preparation = await prepare(experiment, baseDirectory);
  const inputs = openStepInputs(preparation, request.workers);
  try {
    await makeFolder(folder);
    return await whileLocked(folder, 'train', (lock) => trainUnder(lock, request, preparation, inputs));
  } finally {
    await inputs.close();
  }
}

async function trainUnder(
  lock: Lock,
  request: TrainRequest,
  preparation: Preparation,
  inputs: StepInputs,
): Promise<Training> {
  const { experiment, backend, baseDirectory, folder, resume = false, command } = request;
  const { stepsPerEpoch } = inputs;
  const opening = { folder, baseDirectory, resume, stepsPerEpoch, command };
  const run = await openRunFolder(preparation, backend, opening, lock);
  const step = await compileStep(preparation, inputs, backend);
  try {
    const saved = (await run.listStates()).includes('last') ? await run.loadState() : null;
    const from = saved ?? initialState(step.initial, experiment.seed);
    await run.truncateMetrics(from.step);
    request.onBegin?.(run, from.step);
    const total = stepsPerEpoch * experiment.epochs;
    const [state, lastLoss] = await runSteps({ request, preparation, run, inputs, step, total }, from);
    return { ...preparation, run, state, lastLoss };
  } finally {
    await step.dispose();
  }
}
