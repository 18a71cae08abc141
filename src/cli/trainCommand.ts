import { dirname, join, resolve } from 'node:path';
import { loadExperiment, located } from '../experiment/index.ts';
import { epochInspector } from '../inspect/index.ts';
import { formatAligned } from '../protocol/index.ts';
import { openBackend } from '../runtime/index.ts';
import { commandLine, train } from '../train/index.ts';
import type { Computing } from './options.ts';
import { duration } from './progress.ts';
import { print, say, withProgress } from './terminal.ts';

export interface TrainOptions extends Computing {
  readonly out?: string;
  readonly seed?: number;
  readonly resume?: boolean;
  readonly inspectEvery: number;
}

export async function trainCommand(file: string, options: TrainOptions): Promise<void> {
  const loaded = await loadExperiment(file);
  const experiment = { ...loaded, seed: options.seed ?? loaded.seed };
  const folder = options.out ?? join('.pentimento', 'runs', `${experiment.name}-seed${experiment.seed}`);
  const backend = await openBackend(options.backend, { threads: options.threads });
  if (!options.json) say(`${experiment.name}: ${backend.reason}`);
  const started = performance.now();
  const result = await withProgress(options.json, (onProgress, signal) =>
    located(file, experiment, () =>
      train({
        experiment,
        baseDirectory: resolve(dirname(file)),
        folder,
        backend,
        resume: options.resume,
        command: commandLine(['pentimento', ...process.argv.slice(2)]),
        signal,
        onProgress,
        epochVisit: epochInspector({
          backend,
          epochs: experiment.epochs,
          every: options.inspectEvery,
          signal,
        }),
      }),
    ),
  );
  const { step, epoch } = result.state;
  const seconds = (performance.now() - started) / 1000;
  const document = { run: folder, step, epoch, loss: result.lastLoss, seconds, backend: backend.kind };
  await print(
    options.json,
    () => document,
    () => {
      const loss =
        result.lastLoss === null ? 'nothing left to do' : `loss ${formatAligned(result.lastLoss, 5)}`;
      return [`Trained ${epoch} epochs (${step} steps) in ${duration(seconds)}: ${loss}`, `Run: ${folder}`];
    },
  );
}
