import type { Experiment, TaskSpec } from '../experiment/index.ts';
import type { TaskData } from './dataSet.ts';
import { categoricalFactor } from './factors.ts';
import { chosenOf } from './holdOut.ts';
import type { Splits } from './kinds/splits.ts';
import { openStream, permutation } from './random.ts';
import type { StoredDataSet } from './storedDataSet.ts';

/** What the tasks of an experiment can take samples from. */
interface Sources {
  /** Test split and shifts, by name. */
  readonly sets: ReadonlyMap<string, StoredDataSet>;
  /** Loads the data of a task; `where` is its place in the experiment file. */
  readonly load: (spec: NonNullable<TaskSpec['data']>, where: string) => Promise<Splits>;
}

/**
 * The tasks with samples of their own, by name: the splits of other data, or a split or shift in two seeded random halves, of
 * which the first is labelled.
 * @throws Fault (input) for a factor that is not there.
 */
export const loadTaskData = async (
  { downstream, groups = [], seed }: Experiment,
  { sets, load }: Sources,
): Promise<ReadonlyMap<string, TaskData>> => {
  const own = new Map<string, TaskData>();
  for (const [index, task] of downstream.entries()) {
    const where = `/downstream/${index}`;
    if (task.data !== undefined) {
      const { train, test } = await load(task.data, `${where}/data`);
      for (const set of [train, test]) {
        categoricalFactor(set, task.factor, `${where}/factor`);
        for (const name of task.groups ?? groups) categoricalFactor(set, name, `${where}/groups`);
      }
      own.set(task.name, { train, test });
    } else if (task.split !== undefined) {
      // The rules of experiments know the names.
      own.set(task.name, halvesOf(sets.get(task.split)!, seed));
    }
  }
  return own;
};

const halvesOf = (set: StoredDataSet, seed: number): TaskData => {
  const order = permutation(set.size, openStream(seed, 'task data', set.size));
  const middle = Math.floor(set.size / 2);
  return {
    train: chosenOf(set, `labelled half of ${set.name}`, order.slice(0, middle).sort()),
    test: chosenOf(set, 'test', order.slice(middle).sort()),
  };
};
