import { dirname, relative } from 'node:path';
import { type Experiment, loadExperiment, located } from '../experiment/index.ts';
import { epochInspector } from '../inspect/index.ts';
import { Fault, type Metric } from '../protocol/index.ts';
import { commandLine, recordedExperiment, type TrainRequest, train } from '../train/index.ts';
import { backendOf } from './computing.ts';
import type { JobHandler } from './connection.ts';
import type { Gates } from './gates.ts';

/** Samples per second between two lines of metrics; inspections and pauses in between do not count. */
const speedometer = ({ batchSize, data }: Experiment) => {
  const hasSamples = !(data.kind === 'synthetic' && data.sampling === 'population');
  let [step, busy, since] = [0, 0, performance.now()];
  return {
    begin: (from: number): void => {
      [step, busy, since] = [from, 0, performance.now()];
    },
    hold: (): void => {
      busy += performance.now() - since;
    },
    goOn: (): void => {
      since = performance.now();
    },
    at: ({ step: now }: Metric): number | null => {
      const seconds = (busy + performance.now() - since) / 1000;
      const speed = hasSamples && seconds > 0 ? ((now - step) * batchSize) / seconds : null;
      [step, busy, since] = [now, 0, performance.now()];
      return speed;
    },
  };
};

/** The experiment in the file, whose folder relative paths are resolved against; without a file, the one in the run. */
const begunWith = async (file: string | null, folder: string) =>
  file === null
    ? recordedExperiment(folder)
    : { experiment: await loadExperiment(file), baseDirectory: dirname(file) };

/** The command line that does the same as the editor did. */
const commandFrom = (baseDirectory: string, file: string, folder: string): string =>
  commandLine([
    'pentimento',
    'train',
    relative(baseDirectory, file),
    '--out',
    relative(baseDirectory, folder),
  ]);

type Report = Parameters<JobHandler<'train'>>[1]['report'];

/** How far a training is; it knows this even if it fails. */
interface Reached {
  step: number;
  totalSteps: number;
  loss: number | null;
}

interface Reporting {
  readonly report: Report;
  readonly speed: ReturnType<typeof speedometer>;
  readonly reached: Reached;
}

/** Reports what a training does, step by step; `wait` gives a promise while it is paused. */
const reportingHooks = (
  { report, speed, reached }: Reporting,
  backend: string,
  wait: () => Promise<void> | undefined,
): Pick<TrainRequest, 'beforeStep' | 'onBegin' | 'onMetric'> => {
  const held = async (step: number, opened: Promise<void>): Promise<void> => {
    speed.hold();
    report({ kind: 'paused', step });
    await opened;
    report({ kind: 'continued', step });
    speed.goOn();
  };
  return {
    beforeStep: (step) => {
      // A started step is finished, and saved if it is the last one before a cancellation.
      reached.step = step + 1;
      const opened = wait();
      return opened && held(step, opened);
    },
    onBegin: ({ record }, fromStep) => {
      reached.totalSteps = record.totalSteps;
      speed.begin(fromStep);
      report({ kind: 'begun', record, backend, fromStep });
    },
    onMetric: (metric) => {
      reached.loss = metric.loss;
      report({ kind: 'metric', metric, samplesPerSecond: speed.at(metric) });
    },
  };
};

/** An inspection takes its time: it does not count for the speed. */
const inspectionReports = ({ report, speed }: Reporting) => ({
  onBegin: (epoch: number): void => {
    speed.hold();
    report({ kind: 'inspecting', epoch });
  },
  onEnd: (epoch: number, state: string): void => {
    report({ kind: 'inspected', epoch, state });
    speed.goOn();
  },
});

/** Trains an experiment, or resumes it. A cancelled training saves its state and is an outcome, not an error. */
export const trainJob =
  (gates: Gates): JobHandler<'train'> =>
  async (params, { signal, report }) => {
    const { file, folder, resume, inspectEvery } = params;
    const started = performance.now();
    const { experiment, baseDirectory } = await begunWith(file, folder);
    const backend = await backendOf(params);
    const reached: Reached = { step: 0, totalSteps: 0, loss: null };
    const reporting = { report, speed: speedometer(experiment), reached };
    const outcome = (name: 'finished' | 'cancelled', step: number, loss: number | null) => ({
      outcome: name,
      step,
      totalSteps: reached.totalSteps,
      loss,
      seconds: (performance.now() - started) / 1000,
    });
    const epochVisit = epochInspector({
      backend,
      epochs: experiment.epochs,
      every: inspectEvery,
      signal,
      ...inspectionReports(reporting),
    });
    const hooks = reportingHooks(reporting, backend.reason, () => gates.wait(folder, signal));
    try {
      const { state, lastLoss } = await located(file ?? folder, experiment, () =>
        train({
          experiment,
          baseDirectory,
          folder,
          backend,
          resume,
          command: file === null ? undefined : commandFrom(baseDirectory, file, folder),
          signal,
          epochVisit,
          ...hooks,
        }),
      );
      return outcome('finished', state.step, lastLoss);
    } catch (error) {
      // A failure remains an error, even if the training was being cancelled.
      const cancelled = signal.aborted && error instanceof Fault && error.cause === signal.reason;
      if (!cancelled) throw error;
      return outcome('cancelled', reached.step, reached.loss);
    }
  };
