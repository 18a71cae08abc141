import { dirname, join, resolve } from 'node:path';
import { type Experiment, loadExperiment } from '../experiment/index.ts';
import { Fault } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { train } from '../train/index.ts';
import type { Computing } from './options.ts';
import { duration, print, withProgress } from './terminal.ts';

export interface TrainOptions extends Computing {
  readonly out?: string;
  readonly seed?: number;
  readonly resume?: boolean;
}

/** Whether `where` is a JSON pointer to a value of the experiment, and not an absolute path that looks like one. */
function pointsInto(experiment: Experiment, where: string): boolean {
  const [root, ...keys] = where.split('/');
  let value: unknown = experiment;
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
  return root === '' && keys.length > 0 && value !== undefined;
}

/** Faults that point into the experiment (`/loss/label`) get the file's name in front. */
async function located<T>(file: string, experiment: Experiment, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || !pointsInto(experiment, error.where)) throw error;
    throw new Fault(error.kind, error.what, `${file} ${error.where}`, error.remedy, { cause: error });
  }
}

export async function trainCommand(file: string, options: TrainOptions): Promise<void> {
  const loaded = await loadExperiment(file);
  const experiment = { ...loaded, seed: options.seed ?? loaded.seed };
  const folder = options.out ?? join('.pentimento', 'runs', `${experiment.name}-seed${experiment.seed}`);
  const backend = await openBackend(options.backend, { threads: options.threads });
  if (!options.json) process.stderr.write(`${experiment.name}: ${backend.reason}\n`);
  const started = performance.now();
  const result = await withProgress((onProgress, signal) =>
    located(file, experiment, () =>
      train({
        experiment,
        baseDirectory: resolve(dirname(file)),
        folder,
        backend,
        resume: options.resume,
        signal,
        onProgress,
      }),
    ),
  );
  const { step, epoch } = result.state;
  const seconds = (performance.now() - started) / 1000;
  const document = { run: folder, step, epoch, loss: result.lastLoss, seconds, backend: backend.kind };
  print(options.json, document, () => {
    const loss =
      result.lastLoss === null ? 'nothing was left to do' : `loss ${result.lastLoss.toPrecision(5)}`;
    return `Trained ${epoch} epochs (${step} steps) in ${duration(seconds)}: ${loss}\nRun: ${folder}`;
  });
}
