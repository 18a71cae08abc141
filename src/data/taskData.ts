import type { Experiment, TaskSpec } from '../experiment/index.ts';
import { inputFault } from '../protocol/index.ts';
import type { LabelledSet, TaskData } from './dataSet.ts';
import { categoricalFactor, continuousFactor, factorOf } from './factors.ts';
import { chosenOf } from './holdOut.ts';
import type { Splits } from './kinds/splits.ts';
import { openStream, permutation, type RandomStream } from './random.ts';
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
        if (checkTask(task, train, where) === 'continuous')
          continuousFactor(set, task.factor, `${where}/factor`);
        else {
          categoricalFactor(set, task.factor, `${where}/factor`);
          for (const name of task.groups ?? groups) categoricalFactor(set, name, `${where}/groups`);
        }
        if (task.together !== undefined) factorOf(set, task.together, `${where}/together`);
      }
      own.set(task.name, { train, test });
    } else if (task.split !== undefined) {
      // The rules of experiments know the names.
      own.set(task.name, halvesOf(sets.get(task.split)!, seed, task.together));
    }
  }
  return own;
};

/**
 * The kind of the factor of a task in its samples.
 * @throws Fault (input) for a factor that is not there, and for a continuous one with options for classes.
 */
export const checkTask = (
  task: TaskSpec,
  samples: LabelledSet,
  where: string,
): 'categorical' | 'continuous' => {
  const { kind } = factorOf(samples, task.factor, `${where}/factor`);
  if (kind === 'continuous') {
    for (const option of ['groups', 'balance'] as const) {
      if (task[option] === undefined) continue;
      throw inputFault(
        `is for accuracies, and ${JSON.stringify(task.factor)} is continuous: its probes have R²`,
        `${where}/${option}`,
        'Remove it, or use a categorical factor',
      );
    }
  }
  for (const [at, name] of (task.groups ?? []).entries()) {
    categoricalFactor(samples, name, `${where}/groups/${at}`);
  }
  return kind;
};

const halvesOf = (set: StoredDataSet, seed: number, together: string | undefined): TaskData => {
  const random = openStream(seed, 'task data', set.size);
  const values = together === undefined ? null : factorOf(set, together, '/downstream').values;
  const { order, middle } =
    values === null
      ? { order: permutation(set.size, random), middle: Math.floor(set.size / 2) }
      : orderTogether(values, random);
  return {
    train: chosenOf(set, `labelled half of ${set.name}`, order.slice(0, middle).sort()),
    test: chosenOf(set, 'test', order.slice(middle).sort()),
  };
};

/** The samples value by value, the values in random order; `middle` is the border between two values next to the half. */
const orderTogether = (
  values: ArrayLike<number>,
  random: RandomStream,
): { order: Int32Array; middle: number } => {
  const byValue = new Map<number, number[]>();
  for (let sample = 0; sample < values.length; sample++) {
    const own = byValue.get(values[sample]);
    if (own === undefined) byValue.set(values[sample], [sample]);
    else own.push(sample);
  }
  const all = [...byValue.values()];
  const order: number[] = [];
  let middle = 0;
  for (const at of permutation(all.length, random)) {
    for (const sample of all[at]) order.push(sample);
    if (Math.abs(order.length - values.length / 2) < Math.abs(middle - values.length / 2)) {
      middle = order.length;
    }
  }
  return { order: Int32Array.from(order), middle };
};
