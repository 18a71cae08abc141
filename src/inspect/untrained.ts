import type { Data } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { lossOf } from '../model/index.ts';
import { type Analysis, type Probe, regressionLike } from '../protocol/index.ts';
import { float32 } from '../runtime/index.ts';
import type { Inspection } from './inspection.ts';
import { type Probed, probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import type { TaskGroup } from './probes/task.ts';
import { openReader } from './reader.ts';
import { readSplits, type Splits, splitsAt } from './splits.ts';

/**
 * Probes of the same layers before training: what the architecture alone makes readable. A layer that is no better has
 * gained nothing for the task by training. Made with the initial parameters of the run's seed, by the usual method.
 */
export const probeUntrained = async (
  inspection: Inspection,
  groups: readonly TaskGroup[],
  report: (message: string) => void,
): Promise<Analysis['untrained']> => {
  const { experiment, model, layers, signal } = inspection;
  const say = (message: string): void => report(`${message}, untrained`);
  const kept = layers.filter(({ part }) => part !== 'input' && part !== 'classifier');
  const initial = Object.fromEntries(
    model.variables.map(({ name, shape, initial }) => [name, float32(shape, initial)]),
  );
  const usual = usualMethodOf(experiment);
  const methods = [usual, regressionLike(usual)];
  const reader = await openReader(inspection, initial, kept);
  try {
    const read: { readonly splits: Splits; readonly own: Probed }[] = [];
    for (const { data: samples, tasks, regressions } of groups) {
      // The labels are the same, and so is the null of the probes of the trained layers.
      const unshuffled = {
        tasks: tasks.map((task) => ({ ...task, shuffles: [] })),
        regressions: regressions.map((task) => ({ ...task, shuffles: [] })),
      };
      read.push({ splits: await readSplits(reader, kept, samples, signal, say), own: unshuffled });
    }
    const probed: NonNullable<Analysis['untrained']> = [];
    for (const { name } of kept) {
      report(`probing ${name}, untrained`);
      const probes: Probe[] = [];
      for (const { splits, own } of read) {
        for (const probe of await probeLayer(splitsAt(splits, name), own, methods, inspection)) {
          probes.push(probe);
        }
      }
      probed.push({ layer: name, probes });
    }
    return probed;
  } finally {
    await reader.dispose();
  }
};

/** A step passes its samples forward once and, at twice that, backward. */
const PASSES_PER_STEP = 3;

/** The share of the training that the untrained encoder may cost unless it is asked for. */
const CHEAP = 0.1;

/** Whether reading an untrained encoder takes less than a tenth of the passes that the training took. */
export const isUntrainedCheap = (
  { epochs, loss }: Experiment,
  { train, validation, test, shifts }: Data,
): boolean => {
  const read = [train, test, ...shifts].reduce((sum, { size }) => sum + size, validation?.size ?? 0);
  return read < CHEAP * PASSES_PER_STEP * epochs * lossOf(loss).views * train.size;
};
