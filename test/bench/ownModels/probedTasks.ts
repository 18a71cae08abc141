import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadInspection } from '../../../src/experiment/index.ts';
import { type ProbeTask, prepareTasks } from '../../../src/inspect/probes/task.ts';
import { type Analysis, inspectionRecordSchema } from '../../../src/protocol/index.ts';
import { openInspected, reopenInspected } from '../../../src/sources/index.ts';

/** A downstream task as scikit-learn needs it: class numbers, the fold of each sample, and shuffled labels. */
interface PeerTask {
  readonly labels: readonly number[];
  readonly folds: readonly number[];
  readonly shuffles: readonly (readonly number[])[];
  readonly test: readonly number[];
}

const peerTask = ({ train, ranking, shuffles, sets }: ProbeTask): PeerTask => {
  if (ranking === null || ranking.on === 'validation') throw new Error('the task has no folds');
  return {
    labels: [...train.labels],
    folds: [...ranking.folds],
    shuffles: shuffles.map(({ labels }) => [...labels]),
    test: [...sets[0].labels],
  };
};

/** The tasks of an inspection file by name, with the layers that are probed. */
export const tasksOfFile = async (folder: string, file: string) => {
  const asked = await loadInspection(join(folder, file));
  const { source, close } = await openInspected(asked, { baseDirectory: folder });
  try {
    const [{ tasks }] = prepareTasks(asked, source);
    return {
      layers: source.layers.map(({ name }) => name),
      tasks: Object.fromEntries(tasks.map((task) => [task.name, peerTask(task)])),
    };
  } finally {
    await close();
  }
};

export const reopened = async (folder: string) => {
  const record = JSON.parse(await readFile(join(folder, 'inspection.json'), 'utf8')) as unknown;
  return reopenInspected(inspectionRecordSchema.parse(record), folder);
};

/** The logistic probes of each task with the C that was chosen. */
export const chosenIn = ({
  layers,
}: Analysis): Record<string, [layer: string, method: string, c: number][]> => {
  const chosen: Record<string, [string, string, number][]> = {};
  for (const { name, probes } of layers) {
    for (const { task, method, c } of probes) {
      if (c === null) continue;
      chosen[task] ??= [];
      chosen[task].push([name, method, c]);
    }
  }
  return chosen;
};
