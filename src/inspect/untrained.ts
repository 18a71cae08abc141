import { type Analysis, type Probe, regressionLike } from '../protocol/index.ts';
import type { Inspection } from './inspection.ts';
import { type Probed, probeLayer, usualMethodOf } from './probes/probeLayer.ts';
import type { TaskGroup } from './probes/task.ts';
import { readSplits, type Splits, splitsAt } from './readSplits.ts';

/**
 * Probes of the same layers before training: what the architecture alone makes readable. A layer that is no better has
 * gained nothing for the task by training. By the usual method; null for a source whose start is not known.
 */
export const probeUntrained = async (
  inspection: Inspection,
  groups: readonly TaskGroup[],
  report: (message: string) => void,
): Promise<Analysis['untrained']> => {
  const { source, asked, signal } = inspection;
  if (source.openUntrained === null) return null;
  const say = (message: string): void => report(`${message}, untrained`);
  const kept = source.layers.filter(({ part }) => part !== 'input' && part !== 'classifier');
  const usual = usualMethodOf(asked, source);
  const methods = [usual, regressionLike(usual)];
  const reader = await source.openUntrained(kept);
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
