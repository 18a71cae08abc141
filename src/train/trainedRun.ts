import { join } from 'node:path';
import { askedAgain, type Experiment, experimentSchema, type Questions } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import { openRun, type Run, type TrainingState } from '../store/index.ts';
import { type Preparation, prepare } from './preparation.ts';

/** A run with its model and data, ready for inspection. */
export interface TrainedRun extends Preparation {
  readonly run: Run;
  readonly state: TrainingState;
}

/** The experiment in a run's record, which may have been edited. */
function experimentOf({ folder, record }: Run): Experiment {
  const parsed = experimentSchema.safeParse(record.experiment);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw inputFault(
    `the experiment is damaged (${message})`,
    `${join(folder, 'run.json')}, /experiment/${path.join('/')}`,
    'The run cannot be used: train it again into another folder',
  );
}

/** The experiment that a run was started with, for resuming it without its experiment file. */
export async function recordedExperiment(
  folder: string,
): Promise<{ experiment: Experiment; baseDirectory: string }> {
  const run = await openRun(folder);
  return { experiment: experimentOf(run), baseDirectory: run.record.baseDirectory };
}

/**
 * Opens a run folder at a state (`last` by default) and rebuilds what it was trained with; `questions` replace
 * those of its own experiment.
 */
export async function openTrainedRun(
  folder: string,
  name = 'last',
  questions?: Questions,
): Promise<TrainedRun> {
  const run = await openRun(folder);
  const state = await run.loadState(name);
  const own = experimentOf(run);
  const experiment = questions === undefined ? own : askedAgain(own, questions);
  const preparation = await prepare(experiment, run.record.baseDirectory);
  if (preparation.data.hash !== run.record.dataHash) {
    throw inputFault(
      'was trained on other data (its hash differs)',
      folder,
      'Restore the data that the run was trained on',
    );
  }
  return { ...preparation, run, state };
}
