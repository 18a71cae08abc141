import { type Data, type DataSet, factorOf, repeatedSamples } from '../data/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { formatCount } from '../protocol/index.ts';
import { FOLDS } from './probes/folds.ts';

/**
 * What makes the numbers of an analysis better than they should be, or worth little: samples that a probe is scored on and
 * was also fitted on, and classes that some folds cannot know. Synthetic features have few values, so that repeated samples
 * mean nothing there.
 */
export const cautionsOf = (experiment: Experiment, data: Data): string[] => {
  const { data: spec, downstream } = experiment;
  if (spec.kind === 'synthetic' || downstream.length === 0) return [];
  const { train, validation, test, taskData } = data;
  return [
    ...repeated(test, train, 'test samples', 'training samples'),
    ...(validation === null ? [] : repeated(validation, train, 'validation samples', 'training samples')),
    ...[...taskData].flatMap(([task, own]) =>
      repeated(own.test, own.train, `test samples of ${task}`, 'labelled samples of it'),
    ),
    ...downstream.flatMap(({ name, factor, together }) => {
      const own = taskData.get(name) ?? data;
      return [
        ...smallClasses(name, factor, own.train),
        ...(together === undefined ? [] : sharedValues(name, together, own)),
      ];
    }),
  ];
};

/** What has to stay together in folds is apart in the splits themselves. */
const sharedValues = (
  task: string,
  together: string,
  { train, test }: Pick<Data, 'train' | 'test'>,
): string[] => {
  const known = new Set(namesOf(train, together));
  const count = namesOf(test, together).filter((value) => known.has(value)).length;
  return count === 0
    ? []
    : [
        `${formatCount(count)} of ${formatCount(test.size)} test samples of ${task} have the same ${together} as labelled samples of it: accuracies on them are too high`,
      ];
};

/** The value of every sample, as it is called: numbers of classes differ between data sets. */
const namesOf = (samples: DataSet, name: string): (string | number)[] => {
  const factor = factorOf(samples, name, '/downstream');
  return factor.kind === 'categorical'
    ? Array.from(factor.values, (value) => factor.classes[value])
    : [...factor.values];
};

/** Out of fold, a class with fewer samples than folds is sometimes one that the probe has never seen. */
const smallClasses = (task: string, factor: string, labelled: DataSet): string[] => {
  const { kind, values } = factorOf(labelled, factor, '/downstream');
  if (kind === 'continuous') return [];
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const small = [...counts.values()].filter((count) => count < FOLDS).length;
  if (small === 0) return [];
  const classes = `${formatCount(small)} of ${formatCount(counts.size)} classes of ${task}`;
  return [
    `${classes} ${small === 1 ? 'has' : 'have'} fewer than ${FOLDS} labelled samples: probes of some folds do not know ${small === 1 ? 'it' : 'them'}`,
  ];
};

const repeated = (of: DataSet, another: DataSet, what: string, where: string): string[] => {
  const count = repeatedSamples(of, another);
  return count === 0
    ? []
    : [
        `${formatCount(count)} of ${formatCount(of.size)} ${what} are also ${where}: accuracies on them are too high`,
      ];
};
