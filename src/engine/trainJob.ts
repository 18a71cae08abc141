import { dirname } from 'node:path';
import { type Experiment, loadExperiment, located } from '../experiment/index.ts';
import { epochInspector } from '../inspect/index.ts';
import { Fault, type Metric } from '../protocol/index.ts';
import { recordedExperiment, train } from '../train/index.ts';
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

/** Trains an experiment, or resumes it. A cancelled training saves its state and is an outcome, not an error. */
export const trainJob =
  (gates: Gates): JobHandler<'train'> =>
  async (params, { signal, report }) => {
    const { file, folder, resume, inspectEvery } = params;
    const started = performance.now();
    const { experiment, baseDirectory } = await begunWith(file, folder);
    const backend = await backendOf(params);
    const speed = speedometer(experiment);
    let loss: number | null = null;
    let [reached, totalSteps] = [0, 0];
    const outcome = (name: 'finished' | 'cancelled', step: number, lastLoss: number | null) => ({
      outcome: name,
      step,
      totalSteps,
      loss: lastLoss,
      seconds: (performance.now() - started) / 1000,
    });

    const held = async (step: number, opened: Promise<void>): Promise<void> => {
      speed.hold();
      report({ kind: 'paused', step });
      await opened;
      report({ kind: 'continued', step });
      speed.goOn();
    };
    try {
      const { state, lastLoss } = await located(file ?? folder, experiment, () =>
        train({
          experiment,
          baseDirectory,
          folder,
          backend,
          resume,
          signal,
          beforeStep: (step) => {
            // A started step is finished, and saved if it is the last one before a cancellation.
            reached = step + 1;
            const opened = gates.wait(folder, signal);
            return opened && held(step, opened);
          },
          onBegin: ({ record }, fromStep) => {
            totalSteps = record.totalSteps;
            speed.begin(fromStep);
            report({ kind: 'begun', record, backend: backend.reason, fromStep });
          },
          onMetric: (metric) => {
            loss = metric.loss;
            report({ kind: 'metric', metric, samplesPerSecond: speed.at(metric) });
          },
          epochVisit: epochInspector({
            backend,
            epochs: experiment.epochs,
            every: inspectEvery,
            signal,
            onBegin: (epoch) => {
              speed.hold();
              report({ kind: 'inspecting', epoch });
            },
            onEnd: (epoch, checkpoint) => {
              report({ kind: 'inspected', epoch, checkpoint });
              speed.goOn();
            },
          }),
        }),
      );
      return outcome('finished', state.step, lastLoss);
    } catch (error) {
      // A failure remains an error, even if the training was being cancelled.
      const cancelled = signal.aborted && error instanceof Fault && error.cause === signal.reason;
      if (!cancelled) throw error;
      return outcome('cancelled', reached, loss);
    }
  };
